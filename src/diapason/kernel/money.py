"""Money as integer cents: no float ever holds an amount.

One currency per instance (`CURRENCY` in the settings); a plan file that names another is refused.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

CENTS = Decimal(100)


def cents(amount: Decimal | int | str) -> int:
    """`amount` units of currency as cents, halves to the even cent.

    Raises ValueError where `amount` is not a finite number.
    """
    try:
        value = Decimal(amount)
    except (InvalidOperation, TypeError) as error:
        raise ValueError(f"{amount!r} is not an amount of money") from error
    if not value.is_finite():
        raise ValueError(f"{amount!r} is not an amount of money")
    return int((value * CENTS).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def units(amount_cents: int) -> Decimal:
    """Cents as units of currency, exact."""
    return Decimal(amount_cents) / CENTS


def share(total_cents: int, weights: list[int]) -> list[int]:
    """Split `total_cents` in proportion to `weights`, without losing or making a cent.

    The largest remainder method; ties go to the earlier share.
    Raises ValueError where no weight is positive or one is negative.
    """
    if not weights or min(weights) < 0 or sum(weights) == 0:
        raise ValueError("shares need weights of which none is negative and one is positive")
    whole = sum(weights)
    parts = [total_cents * weight // whole for weight in weights]
    rests = [total_cents * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda index: (-rests[index], index))
    for index in order[: total_cents - sum(parts)]:
        parts[index] += 1
    return parts
