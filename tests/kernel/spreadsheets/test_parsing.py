"""What people write in cells."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from diapason.kernel.spreadsheets.parsing import (
    CellProblem,
    Parse,
    Writing,
    choice,
    day,
    fold,
    moment,
    money,
    number,
    percent,
    text,
    yes_no,
)

FRENCH, ENGLISH = Writing(decimal_comma=True), Writing()


def problem(parse: Parse, value: Any, writing: Writing = ENGLISH) -> str:
    with pytest.raises(CellProblem) as caught:
        parse(value, writing)
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", "12"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1 234,5", "1234.5"),
        ("1\u202f234\u00a0567,25 €", "1234567.25"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1’234’567", "1234567"),
        ("\u221212", "-12"),
        ("+3", "3"),
        (".5", "0.5"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        (" 12 ", "12"),
        (12, "12"),
        (12.5, "12.5"),
        (Decimal("1.10"), "1.10"),
    ],
)
@pytest.mark.parametrize("writing", [FRENCH, ENGLISH])
def test_numbers_in_both_writings(written: Any, value: str, writing: Writing) -> None:
    assert number()(written, writing) == Decimal(value)


def test_a_sign_before_three_digits_depends_on_the_file() -> None:
    assert number()("1,234", ENGLISH) == 1234
    assert number()("1,234", FRENCH) == Decimal("1.234")
    assert number()("1.234", ENGLISH) == Decimal("1.234")
    assert problem(number(), "1.234", FRENCH) == (
        "“1.234” may mean two numbers. Write 1234 or 1,2340."
    )


@pytest.mark.parametrize(
    "written",
    [
        "douze",
        "1,2,3",
        "1.2.3",
        "12 euros",
        "1,23,456",
        "--1",
        "1-2",
        "",
        "٣",
        "1e5",
        "½",
        True,
        float("nan"),
        float("inf"),
        date(2020, 1, 1),
        "1,234.56.7",
        "1.23,456.7",
        "12.",
        "NaN",
    ],
)
@pytest.mark.parametrize("writing", [FRENCH, ENGLISH])
def test_what_is_no_number_says_what_to_write(written: Any, writing: Writing) -> None:
    assert problem(number(), written, writing).endswith("is not a number. Write for example 12.5.")


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
    )
)
def test_every_number_is_read_back_from_both_writings(value: Decimal) -> None:
    english, french = f"{value:,f}", f"{value:,f}".replace(",", "\u202f").replace(".", ",")
    assert number()(english, ENGLISH) == value
    assert number()(french, FRENCH) == value


def test_limits_of_numbers() -> None:
    assert number(whole=True)("12", ENGLISH) == 12
    assert isinstance(number(whole=True)(12.0, ENGLISH), int)
    assert "not a whole number" in problem(number(whole=True), "12.5")
    assert problem(number(least=0), "-1") == "“-1” is too small. Write 0 or more."
    assert problem(number(most=100), "101") == "“101” is too big. Write 100 or less."
    assert number(least=0, most=100)("100", ENGLISH) == 100
    for parse in (number(), number(whole=True), money(), percent()):
        for endless in ("9" * 60, "-" + "9" * 400, 1e300):
            assert "this number is too long" in problem(parse, endless)
    assert money()("9" * 20, ENGLISH) == int("9" * 20) * 100


def test_money_is_in_whole_cents() -> None:
    assert money()("1 234,50 €", FRENCH) == 123450
    assert money()(0.1 + 0.2, ENGLISH) == 30
    assert money()(1234.56, ENGLISH) == 123456
    assert "more than two decimals" in problem(money(), "1.005")
    assert "too small" in problem(money(least_cents=0), "-1")


def test_shares() -> None:
    assert percent()("12,5 %", FRENCH) == Decimal("0.125")
    assert percent()(0.125, ENGLISH) == Decimal("0.125")


@pytest.mark.parametrize(
    "written",
    [
        "2019-12-01",
        "01/12/2019",
        "1/12/2019",
        "01.12.2019",
        "1er décembre 2019",
        "1 DECEMBRE 2019",
        "1 déc. 2019",
        "1 December 2019",
        "1st December 2019",
        "December 1, 2019",
        "Dec 1 2019",
        date(2019, 12, 1),
        datetime(2019, 12, 1, 15),  # noqa: DTZ001 - as spreadsheets hold it
    ],
)
def test_dates_in_both_languages(written: Any) -> None:
    assert day()(written, ENGLISH) == date(2019, 12, 1)


@pytest.mark.parametrize(
    "written",
    ["12/31/2019", "31/02/2019", "01/12/19", "2019", "hier", 43800.0, "1 brumaire 2019", "1/2/3"],
)
def test_what_is_no_date_says_what_to_write(written: Any) -> None:
    assert problem(day(), written).endswith("is not a date. Write for example 2019-12-31.")
    with override("fr"):
        assert "31/12/2019" in problem(day(), written)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_date_is_read_back(value: date) -> None:
    assert day()(value.isoformat(), ENGLISH) == value
    assert day()(f"{value:%d/%m/%Y}", FRENCH) == value


def test_moments_are_in_the_time_zone_of_the_site() -> None:
    wanted = timezone.make_aware(datetime(2019, 12, 31, 14, 30))  # noqa: DTZ001
    for written in ("2019-12-31 14:30", "31/12/2019 14:30:00", "31/12/2019 14h30"):
        assert moment()(written, ENGLISH) == wanted
    assert moment()(datetime(2019, 12, 31, 14, 30), ENGLISH) == wanted  # noqa: DTZ001
    assert "not a date and time" in problem(moment(), "31/12/2019 25:00")
    assert "not a date and time" in problem(moment(), 12)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Oui", True),
        ("yes", True),
        ("X", True),
        (1.0, True),
        (True, True),
        ("VRAI", True),
        ("non", False),
        ("No", False),
        (0.0, False),
        (False, False),
        ("faux", False),
    ],
)
def test_yes_and_no(written: Any, value: bool) -> None:
    assert yes_no()(written, ENGLISH) is value


def test_neither_yes_nor_no() -> None:
    assert problem(yes_no(), "maybe") == "“maybe” is neither yes nor no."


def test_choices_by_value_or_label_in_any_language() -> None:
    parse = choice({"fr": _("French"), "en": _("English"), 3: "Three"})
    for written in ("fr", "French", " FRENCH ", "français", "Francais"):
        assert parse(written, ENGLISH) == "fr"
    assert parse(3.0, ENGLISH) == 3
    assert problem(parse, "Breton") == (
        "“Breton” is not one of the choices: French, English, Three."
    )


def test_texts() -> None:
    parse = text(longest=5)
    assert parse("  été ", ENGLISH) == "été"
    assert parse(63000.0, ENGLISH) == "63000"
    assert text()(datetime(2020, 1, 2), ENGLISH) == "2020-01-02"  # noqa: DTZ001
    assert problem(parse, "abcdef") == "this text has 6 characters. Write at most 5."


@given(st.text())
def test_folding_twice_changes_nothing(words: str) -> None:
    assert fold(fold(words)) == fold(words)


def test_folding_forgets_case_accents_and_punctuation() -> None:
    assert fold("  Nombre d’ÉLÈVES_(total) : ") == fold("nombre d eleves total")
