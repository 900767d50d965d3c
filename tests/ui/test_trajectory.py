"""The chart of an indicator stays in its frame and tells the truth about proportions."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from diapason.ui.charts import Forecast, Goal, Point, trajectory

numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda v: round(v, 2))


@st.composite
def goals(draw):
    low, high = sorted((draw(numbers), draw(numbers)))
    kind = draw(st.sampled_from(["exact", "least", "most", "range"]))
    return {
        "exact": Goal(low, low, "target"),
        "least": Goal(low, None, "at least that many of them", "min"),
        "most": Goal(None, high, "at most"),
        "range": Goal(low, high, "from this to that", "range"),
    }[kind]


@st.composite
def points(draw):
    low, high = sorted((draw(numbers), draw(numbers)))
    return Point(
        name=draw(st.sampled_from(["2019", "T1 2020", "2020-2021"])),
        value=draw(st.none() | numbers),
        state=draw(st.sampled_from(["ahead", "missed", "unknown"])),
        goal=draw(st.none() | goals()),
        forecast=draw(st.none() | st.just(Forecast(low, high, "likely"))),
    )


def draw(found, **options):
    return trajectory(found, title="Title", description="Description", **options)


@given(st.lists(points(), max_size=16))
def test_everything_stays_in_the_view_box(found):
    wide = draw(found)
    for chart, column in [(one, column) for one in (wide, wide.narrow) for column in one.columns]:
        for rect in (column.bar, column.goal_band, column.forecast, column.likely):
            if rect is None:
                continue
            assert float(rect.width) >= 0
            assert float(rect.height) >= 0
            assert float(rect.x) >= -0.01
            assert float(rect.y) >= -0.01
            assert float(rect.x) + float(rect.width) <= chart.width + 0.01
            assert float(rect.y) + float(rect.height) <= chart.height + 0.01
        assert 12 <= float(column.value.y) <= chart.height
        assert 0 <= float(column.centre) <= chart.width


@given(st.lists(st.floats(0.5, 1e6), min_size=2, max_size=8))
def test_heights_are_proportional_to_values(values):
    chart = draw([Point(str(n), value) for n, value in enumerate(values)])
    heights = [float(column.bar.height) for column in chart.columns]
    tallest, greatest = max(heights), max(values)
    for value, height in zip(values, heights, strict=True):
        assert height == pytest.approx(tallest * value / greatest, abs=0.02)


def test_a_missing_value_is_a_dash_and_no_bar():
    column = draw([Point("2018", None), Point("2019", 0, "0")]).columns
    assert column[0].bar is None
    assert column[0].value.text == "–"
    assert column[1].bar.height == "0"
    assert column[1].value.text == "0"


def test_a_negative_value_hangs_under_zero_with_its_number_below():
    chart = draw([Point("2019", -4, "−4"), Point("2020", 6, "6")])
    below, above = chart.columns
    assert below.bar.y == chart.zero
    assert float(below.value.y) > float(below.bar.y) + float(below.bar.height)
    assert float(above.bar.y) + float(above.bar.height) == pytest.approx(float(chart.zero))


def test_the_number_is_moved_away_from_the_target_that_would_cross_it():
    goal = Goal(100, 100, "target 100", "100")
    chart = draw([Point("2019", 98, "98", goal=goal), Point("2020", 40, "40", goal=goal)])
    near, far = chart.columns
    assert float(near.value.y) < float(near.goal_line.y)
    assert float(far.value.y) > float(far.goal_line.y)


def test_few_periods_have_their_target_beside_the_line_and_many_below_the_name():
    goal = Goal(5, 5, "objectif 5", "5")
    few = draw([Point(str(n), 3, "3", goal=goal) for n in range(4)])
    many = draw([Point(str(n), 3, "3", goal=goal) for n in range(12)])
    assert {column.goal_label.anchor for column in few.columns} == {"start"}
    assert {column.goal_label.text for column in many.columns} == {"5"}
    assert all(float(c.goal_label.y) > float(many.names_y) for c in many.columns)


def test_the_drawing_has_a_title_a_description_a_table_and_no_style():
    with override("fr"):
        html = render_to_string(
            "ui/charts/trajectory.html",
            {"chart": draw([Point("2019", 1234.5, goal=Goal(8, 10, "8 à 10"))], id="x")},
        )
    assert 'role="group"' in html
    assert '<title id="x-title">Title</title>' in html
    assert '<desc id="x-desc">Description</desc>' in html
    assert "style=" not in html
    assert re.search(r"<table.*1\u202f234,5.*8 à 10", html, re.S)
    assert not re.search(r'(?:x|y|width|height|d)="[^"]*\d,\d', html)


def test_a_phone_has_a_drawing_of_its_own_scrolled_only_when_long():
    few, many = ([Point(str(n), n) for n in range(size)] for size in (4, 16))
    assert draw(few).narrow.width < draw(few).width
    assert draw(few).narrow.id != draw(few).id
    html = {
        len(found): render_to_string("ui/charts/trajectory.html", {"chart": draw(found)})
        for found in (few, many)
    }
    assert "chart-scroll" not in html[4]
    assert "chart-scroll" in html[16]
