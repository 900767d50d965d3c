"""Each language writes numbers, money and days its own way."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from diapason.ui import formats

N, B = formats.NARROW, formats.NO_BREAK


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (None, "–", "–"),
        (0, "0", "0"),
        (1234567, f"1{N}234{N}567", "1,234,567"),
        (4.5, "4,5", "4.5"),
        (4.0, "4", "4"),
        (Decimal("0.125"), "0,13", "0.13"),
        (-12.5, "−12,5", "−12.5"),
        (-0.001, "0", "0"),
        (100, "100", "100"),
        (1e15, f"1{N}000{N}000{N}000{N}000{N}000", "1,000,000,000,000,000"),
    ],
)
def test_numbers(value, french, english):
    with override("fr"):
        assert formats.number(value) == french
    with override("en"):
        assert formats.number(value) == english


@given(st.integers(-(10**15), 10**15))
def test_every_digit_of_a_whole_number_is_written(value):
    with override("fr"):
        text = formats.number(value)
    assert int(text.replace(N, "").replace("−", "-")) == value


def test_places_are_kept_when_asked():
    with override("fr"):
        assert formats.number(4, 2) == "4,00"
        assert formats.signed(3) == "+3"
        assert formats.signed(-3) == "−3"
        assert formats.percent(0.125) == f"12,5{N}%"
    with override("en"):
        assert formats.percent(1) == "100%"


def test_money_shows_cents_only_when_there_are_some():
    with override("fr"):
        assert formats.money(3_000_000) == f"30{N}000{B}€"
        assert formats.money(1_234_550) == f"12{N}345,50{B}€"
        assert formats.money(None) == "–"
        assert formats.money(500, "CHF") == f"5{B}CHF"
    with override("en"):
        assert formats.money(3_000_000) == "€30,000"
        assert formats.money(-150) == "−€1.50"


def test_days():
    with override("fr"):
        assert formats.date_long(date(2020, 11, 23)) == f"23{B}novembre 2020"
        assert formats.date_long(date(2020, 5, 1)) == f"1er{B}mai 2020"
        assert formats.date_short(date(2020, 11, 23)) == f"23{B}nov. 2020"
        assert formats.day(date(2020, 11, 27)) == f"27{B}novembre"
        assert formats.month(date(2020, 11, 27)) == "novembre 2020"
        assert formats.moment(datetime(2020, 1, 2, 13, 5, tzinfo=UTC)).endswith(f"14{B}h{B}05")
    with override("en"):
        assert formats.date_long(date(2020, 5, 1)) == f"1{B}May 2020"
        assert formats.moment(datetime(2020, 1, 2, 13, 5, tzinfo=UTC)).endswith(", 14:05")


def test_spans():
    with override("fr"):
        first, last = date(2020, 3, 2), date(2020, 6, 30)
        assert formats.span(first, last) == f"2{B}mars 2020{B}– 30{B}juin 2020"
        assert formats.span(first, None) == f"depuis le 2{B}mars 2020"
        assert formats.span(None, last) == f"jusqu’au 30{B}juin 2020"
        assert formats.span(first, first) == f"2{B}mars 2020"
        assert formats.span(None, None) == "–"


@pytest.mark.parametrize(
    ("day", "french", "english"),
    [
        (date(2020, 9, 23), f"En retard depuis le 23{B}sept. 2020", f"Late since 23{B}Sep 2020"),
        (date(2020, 11, 20), "En retard, 3 j", "Late, 3 d"),
        (date(2020, 11, 23), "Aujourd’hui", "Today"),
        (date(2020, 11, 24), "Demain", "Tomorrow"),
        (date(2020, 11, 27), f"27{B}novembre", f"27{B}November"),
        (date(2021, 1, 4), f"4{B}janv. 2021", f"4{B}Jan 2021"),
        (None, "–", "–"),
    ],
)
def test_due_days(day, french, english):
    with override("fr"):
        assert formats.when(day, date(2020, 11, 23)) == french
    with override("en"):
        assert formats.when(day, date(2020, 11, 23)) == english


def test_periods():
    with override("fr"):
        assert formats.period("2019") == "2019"
        assert formats.period("2019-2020") == "2019-2020"
        assert formats.period("nonsense") == "nonsense"
        assert formats.period(None) == "–"
        assert formats.yes_no(True) == "oui"
        assert formats.yes_no(None) == "–"
