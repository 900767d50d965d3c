"""Numbers, days and moments in the words of the reader's language, wherever a sentence holds one.

French: narrow no-break spaces between thousands, a decimal comma, "1er" for the first of a month.
Pure functions of a value and of the active language.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import get_language

MISSING = "–"
NO_BREAK = "\u00a0"
NARROW = "\u202f"

Number = int | float | Decimal


def french() -> bool:
    """Whether the reader reads French."""
    return (get_language() or "en").startswith("fr")


def number(value: Number | None, places: int | None = None) -> str:
    """A number; None is a dash, never a zero.

    Without `places`, up to two decimals and no useless zeros; with it, exactly so many.
    """
    if value is None:
        return MISSING
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    rounded = exact.quantize(Decimal(1).scaleb(-(2 if places is None else places)), ROUND_HALF_UP)
    return _written(rounded, bare=places is None)


def number_kept(value: Number) -> str:
    """A number with all the decimals that it has, and no useless zeros."""
    return _written(Decimal(str(value)), bare=True)


def date_long(value: date | None) -> str:
    """23 November 2020; the first of a month is "1er" in French."""
    return (
        f"{day_of_month(value)}{NO_BREAK}{MONTHS[value.month]} {value.year}" if value else MISSING
    )


def day_of_month(value: date) -> str:
    """The number of the day: "1er" for the first in French."""
    return f"{value.day}er" if value.day == 1 and french() else str(value.day)


def moment(value: datetime | None) -> str:
    """23 November 2020, 14:05, in the site's time zone."""
    if value is None:
        return MISSING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    hour = f"{local.hour}{NO_BREAK}h{NO_BREAK}{local:%M}" if french() else f"{local:%H:%M}"
    return f"{date_long(local)}, {hour}"


def _written(exact: Decimal, *, bare: bool) -> str:
    text = f"{abs(exact):,f}"
    if bare and "." in text:
        text = text.rstrip("0").rstrip(".")
    if french():
        text = text.replace(",", NARROW).replace(".", ",")
    return f"\u2212{text}" if exact < 0 else text
