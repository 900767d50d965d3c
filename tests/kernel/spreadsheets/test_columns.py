"""Cells that would run as formulas, and the names of columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diapason.kernel.spreadsheets.columns import Kind, guard, legible, letters, unguard


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 4", "-1", "@x", "\t=1", "\rx", " =1", "'=1", "＝1", "''-2"]
)
def test_what_would_run_is_guarded(text: str) -> None:
    assert guard(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "l’été", "'tis", "12", "https://x.example/?a=1"])
def test_the_rest_is_left_as_it_is(text: str) -> None:
    assert guard(text) == text
    assert unguard(text) == text


@given(st.text(alphabet="'=+-@ \tab1"))
def test_guarding_is_undone_exactly(text: str) -> None:
    assert unguard(guard(text)) == text


def test_control_characters_are_left_out() -> None:
    assert legible("a\x00b\x0bc\ud800d\n\t") == "abcd\n\t"


@pytest.mark.parametrize(
    ("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_named_as_spreadsheets_do(place: int, name: str) -> None:
    assert letters(place) == name


def test_numbers_are_set_to_the_right() -> None:
    assert {kind for kind in Kind if kind.is_number} == {Kind.NUMBER, Kind.MONEY, Kind.PERCENT}
