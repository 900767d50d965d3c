"""A sentence holds numbers, days and moments as its reader's language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override

import diapason
from diapason.kernel.wording import date_long, moment, number_kept

SOURCES = Path(diapason.__file__).parent


@pytest.mark.parametrize(
    ("language", "first", "other"),
    [
        ("fr", "1er\u00a0janvier 2017", "31\u00a0décembre 2021"),
        ("en", "1\u00a0January 2017", "31\u00a0December 2021"),
    ],
)
def test_the_first_of_a_month_has_its_french_name(language: str, first: str, other: str) -> None:
    with override(language):
        assert date_long(date(2017, 1, 1)) == first
        assert date_long(date(2021, 12, 31)) == other


@pytest.mark.parametrize(
    ("language", "written"),
    [("fr", "23\u00a0novembre 2020, 20\u00a0h\u00a033"), ("en", "23\u00a0November 2020, 20:33")],
)
def test_a_moment_has_its_hour(language: str, written: str) -> None:
    with override(language):
        assert moment(datetime(2020, 11, 23, 19, 33, tzinfo=UTC)) == written


@pytest.mark.parametrize(
    ("value", "french"),
    [
        (Decimal("4.000000"), "4"),
        (Decimal("-1234.125000"), "−1\u202f234,125"),
        (Decimal("100"), "100"),
    ],
)
def test_a_number_keeps_its_decimals_and_no_zeros(value: Decimal, french: str) -> None:
    with override("fr"):
        assert number_kept(value) == french


def test_no_sentence_takes_the_long_date_of_the_framework() -> None:
    """It writes "1 janvier" where French says "1er janvier"."""
    found = [
        f"{path.relative_to(SOURCES)}:{place}"
        for path in SOURCES.rglob("*.py")
        for place, line in enumerate(path.read_text().splitlines(), 1)
        if "date_format(" in line and "SHORT_DATE_FORMAT" not in line
    ]
    assert found == []
