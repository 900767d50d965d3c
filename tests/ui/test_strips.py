"""Strips are placed in percents that never leave their width."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diapason.ui import charts

numbers = st.floats(-1e9, 1e9, allow_nan=False)


@given(st.none() | numbers, st.none() | numbers, st.none() | numbers)
def test_a_bar_stays_in_its_track(value, low, high):
    if low is not None and high is not None:
        low, high = sorted((low, high))
    drawn = charts.bar(value, value_label="x", low=low, high=high, status="missed")
    for start, width in ((drawn.start, drawn.width), (drawn.goal, drawn.zone_width)):
        if start is None:
            continue
        assert 0 <= float(start) <= 100
        assert float(start) + float(width or 0) <= 100.02


def test_a_bar_reaches_the_mark_exactly_when_the_target_is_met():
    met = charts.bar(5, value_label="5", low=5, high=5, goal_label="5")
    assert float(met.start) + float(met.width) == pytest.approx(float(met.goal), abs=0.02)
    short = charts.bar(3, value_label="3", low=5, high=5, goal_label="5")
    assert float(short.width) / float(short.goal) == pytest.approx(0.6, abs=0.01)
    assert short.text == "3 / 5"


def test_a_bar_without_value_or_target():
    assert charts.bar(None, low=10, high=10, goal_label="10").text == "– / 10"
    assert charts.bar(None).start is None
    counted = charts.bar(23, value_label="23")
    assert (counted.text, counted.start, counted.goal) == ("23", None, None)
    assert charts.bar(9, value_label="9", low=8, high=10).zone_width is not None


@given(st.lists(numbers, min_size=1, max_size=10))
def test_a_breakdown_is_proportional(values):
    strips = charts.bars([charts.Part(str(n), v, str(v)) for n, v in enumerate(values)])
    greatest = max(0.0, *values) - min(0.0, *values)
    for value, strip in zip(values, strips, strict=True):
        expected = abs(value) / greatest * 100 if greatest else 0
        assert float(strip.width) == pytest.approx(expected, abs=0.02)
        assert float(strip.start) + float(strip.width) <= 100.02


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=10))
def test_the_shares_of_a_whole_never_overlap(values):
    strips = charts.share([charts.Part(str(n), v, str(v)) for n, v in enumerate(values)])
    for strip, following in itertools.pairwise(strips):
        assert float(strip.start) + float(strip.width) <= float(following.start) + 0.02
    assert float(strips[-1].start) + float(strips[-1].width) <= 100.02


@given(
    st.dates(date(2018, 1, 1), date(2021, 12, 31)) | st.none(),
    st.integers(0, 900) | st.none(),
    st.dates(date(2015, 1, 1), date(2025, 1, 1)),
)
def test_a_timeline_keeps_to_its_days(starts, length, today):
    ends = None if length is None else (starts or date(2018, 1, 1)) + timedelta(days=length)
    chart = charts.timeline(
        [charts.Task("Task", starts, ends)],
        title="Tasks",
        first=date(2018, 1, 1),
        last=date(2021, 12, 31),
        today=today,
    )
    row = chart.rows[0]
    if starts is None and ends is None:
        assert row.start is None
    else:
        assert 0 <= float(row.start) <= 100
        assert float(row.start) + float(row.width) <= 100.02
    assert (chart.today is not None) == (2018 <= today.year <= 2021)


def test_a_timeline_of_four_years_shows_quarters_and_of_a_year_months():
    def steps(first, last):
        return charts.timeline([], title="T", first=first, last=last, today=first).months

    assert len(steps(date(2018, 1, 1), date(2021, 12, 31))) == 15
    assert len(steps(date(2020, 1, 1), date(2020, 12, 31))) == 11
    assert len(steps(date(2000, 1, 1), date(2019, 12, 31))) == 19
