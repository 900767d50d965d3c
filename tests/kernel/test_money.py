"""Money: whole cents, none lost, none made."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diapason.kernel.money import cents, share, units

amounts = st.integers(-(10**15), 10**15)


@given(amounts)
def test_cents_and_units_are_the_same_amount(amount: int) -> None:
    assert cents(units(amount)) == amount
    assert cents(str(units(amount))) == amount


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("0.005", 0), ("0.015", 2), ("0.025", 2), ("-0.015", -2), (12, 1200), (Decimal("1.1"), 110)],
)
def test_halves_go_to_the_even_cent(amount: Any, expected: int) -> None:
    assert cents(amount) == expected


@pytest.mark.parametrize("amount", ["", "douze", "1,5", "NaN", "Infinity", None, "1 000"])
def test_what_is_no_amount_is_refused(amount: Any) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        cents(amount)


@given(amounts, st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_shares_add_up_and_are_fair(total: int, weights: list[int]) -> None:
    parts = share(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * whole - total * weight) < whole
    if total >= 0:
        assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


def test_ties_go_to_the_earlier_share() -> None:
    assert share(100, [1, 1, 1]) == [34, 33, 33]
    assert share(2, [1, 1, 1]) == [1, 1, 0]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [-1]])
def test_shares_need_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        share(100, weights)
