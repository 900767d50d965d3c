"""Periods: half-open, without gap or overlap, named by their keys."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from diapason.kernel.periods import (
    WHOLE_PLAN,
    Period,
    PeriodKind,
    Window,
    between,
    of_day,
    parse,
    years_later,
)

days = st.dates(date(1900, 1, 1), date(2200, 12, 31))
kinds = st.sampled_from(PeriodKind)
short_windows = st.builds(
    lambda day, length: Window(day, day + timedelta(days=length)), days, st.integers(1, 3999)
)
windows = st.tuples(days, days).map(lambda pair: Window(min(pair), max(pair)))


@given(windows, days)
def test_a_day_is_in_a_window_from_its_start_to_before_its_end(window: Window, day: date) -> None:
    listed = {window.start + timedelta(days=n) for n in range(min(window.days, 400))}
    if window.days < 400:
        assert (day in window) == (day in listed)
    assert window.end not in window
    assert (window.start in window) == (window.days > 0)


def test_a_window_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Window(date(2020, 1, 2), date(2020, 1, 1))
    assert Window(date(2020, 1, 1), date(2020, 1, 1)).days == 0


@given(windows, windows)
def test_windows_overlap_when_they_share_a_day(one: Window, other: Window) -> None:
    shared = min(one.end, other.end) > max(one.start, other.start)
    if one.days and other.days:
        assert one.overlaps(other) == other.overlaps(one) == shared


@given(windows, days, days)
def test_what_has_passed_only_grows(window: Window, one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    assert 0.0 <= window.elapsed(earlier) <= window.elapsed(later) <= 1.0
    assert window.until(earlier).days <= window.until(later).days <= window.days
    assert window.until(later).start == window.start
    if later >= window.end:
        assert window.elapsed(later) == 1.0
    if later in window:
        assert window.until(later).last_day == later


@given(kinds, days)
def test_each_day_falls_in_the_period_that_its_key_names(kind: PeriodKind, day: date) -> None:
    period = of_day(kind, day)
    assert day in period.window
    assert parse(period.key) == period


@given(kinds, days)
def test_periods_follow_one_another_without_gap(kind: PeriodKind, day: date) -> None:
    period = of_day(kind, day)
    following = of_day(kind, period.window.end)
    assert following.window.start == period.window.end
    assert following.key != period.key


@given(kinds, short_windows)
def test_the_periods_of_a_window_cover_it_once(kind: PeriodKind, window: Window) -> None:
    found = between(kind, window)
    assert window.start in found[0].window
    assert window.last_day in found[-1].window
    for one, following in pairwise(found):
        assert one.window.end == following.window.start
    assert len({period.key for period in found}) == len(found)


def test_an_empty_window_has_no_period() -> None:
    assert between(PeriodKind.QUARTER, Window(date(2020, 1, 1), date(2020, 1, 1))) == []


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        ("2019", date(2019, 1, 1), date(2020, 1, 1)),
        ("2020-Q1", date(2020, 1, 1), date(2020, 4, 1)),
        ("2020-Q4", date(2020, 10, 1), date(2021, 1, 1)),
        ("2019-2020", date(2019, 9, 1), date(2020, 9, 1)),
    ],
)
def test_keys(key: str, start: date, end: date) -> None:
    assert parse(key) == Period(Window(start, end), key)


@pytest.mark.parametrize(
    "key",
    ["", "19", "2019-Q5", "2019-Q0", "2019-2021", "2020-2019", "plan", "2019 ", "0000", "9999"],
)
def test_other_keys_are_refused(key: str) -> None:
    with pytest.raises(ValueError):
        parse(key)


@given(st.text(max_size=12))
def test_any_text_is_a_period_or_refused(key: str) -> None:
    try:
        period = parse(key)
    except ValueError:
        return
    assert period.key == key
    assert period.window.days > 80


def test_periods_are_named_in_the_readers_language() -> None:
    assert str(parse("2019-Q2")) == "Q2 2019"
    assert str(parse("2019-2020")) == "2019-2020"
    assert Period(Window(date(2018, 1, 1), date(2022, 1, 1)), WHOLE_PLAN).label == "whole plan"
    quarter = PeriodKind.QUARTER.label
    assert str(quarter) == "quarter"
    with override("fr"):
        assert str(PeriodKind.SCHOOL_YEAR.label) == "année scolaire"
        assert str(parse("2019-Q2")) == "T2 2019"
        assert str(quarter) == "trimestre"


@pytest.mark.parametrize("key", ["２０１９", "٢٠١٩", "2019\n", "2019-Q1\n", "2０19-2020", " 2019"])
def test_a_period_has_one_spelling(key: str) -> None:
    with pytest.raises(ValueError, match="names no period"):
        parse(key)


def test_the_last_day_of_the_calendar_is_a_day_like_another() -> None:
    window = parse("2019").window
    assert window.until(date.max) == window
    assert window.elapsed(date.max) == 1.0
    assert window.until(date.min).days == 0


@given(days, st.integers(-99, 99))
def test_years_later_is_the_same_day_or_the_one_after_a_29_february(day: date, years: int) -> None:
    later = years_later(day, years)
    assert later.year == day.year + years
    if (later.month, later.day) != (day.month, day.day):
        assert (day.month, day.day, later.month, later.day) == (2, 29, 3, 1)
