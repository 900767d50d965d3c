"""Status by pace, by properties and by the cases that others got wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from diapason.plan.contracts import Aggregation, Direction, Goal, Status
from diapason.plan.queries.pace import Course, expected, judge, needed

D = Decimal
AMOUNTS = st.decimals(0, 1000, places=2)
SHARES = st.decimals(0, 1, places=3)
ORDER = [Status.MISSED, Status.AT_RISK, Status.ON_TRACK, Status.AHEAD]


def course(goal, elapsed, **more):
    given_ = {
        "goal": goal,
        "direction": Direction.MORE,
        "aggregation": Aggregation.PER_PERIOD,
        "elapsed": D(str(elapsed)),
    }
    return Course(**(given_ | more))


def exactly(value):
    return Goal(D(value), D(value), exact=True)


COURSES = st.builds(
    Course,
    goal=st.one_of(
        AMOUNTS.map(lambda value: Goal(value, value, exact=True)),
        AMOUNTS.map(lambda value: Goal(value, None)),
        AMOUNTS.map(lambda value: Goal(None, value)),
        st.tuples(AMOUNTS, AMOUNTS).map(lambda pair: Goal(min(pair), max(pair))),
    ),
    direction=st.sampled_from(Direction),
    aggregation=st.sampled_from(Aggregation),
    elapsed=SHARES,
    previous=st.none() | AMOUNTS,
    whole=st.booleans(),
)


@given(COURSES, AMOUNTS, AMOUNTS)
@example(
    Course(
        Goal(D("0.02"), D("0.02")), Direction.MORE, Aggregation.PER_PERIOD, D("0.001"), None, False
    ),
    D("0.01"),
    D("0.02"),
)
def test_a_better_value_never_has_a_worse_status(path, one, other):
    worse, better = sorted([one, other], reverse=path.direction is Direction.LESS)
    assert ORDER.index(judge(path, worse)) <= ORDER.index(judge(path, better))


@given(COURSES, AMOUNTS)
def test_a_period_that_is_over_is_met_or_missed(path, value):
    over = Course(path.goal, path.direction, path.aggregation, D(1), path.previous, path.whole)
    asked = needed(path.goal, path.direction)
    reached = value >= asked if path.direction is Direction.MORE else value <= asked
    assert (judge(over, value) is Status.MISSED) is not reached
    assert judge(over, value) is not Status.AT_RISK


@given(COURSES)
def test_the_pace_ends_on_the_goal_and_stays_between_start_and_goal(path):
    over = Course(path.goal, path.direction, path.aggregation, D(1), path.previous, path.whole)
    assert expected(over) == needed(path.goal, path.direction)
    now = expected(path)
    low, high = sorted([D(0), path.previous or D(0)])
    asked = needed(path.goal, path.direction)
    assert min(low, asked) <= now <= max(high, asked)


@given(COURSES)
def test_the_value_that_the_pace_asks_for_is_never_at_risk(path):
    assert judge(path, expected(path)) in {Status.ON_TRACK, Status.AHEAD}


@pytest.mark.parametrize(
    ("value", "elapsed", "status"),
    [
        (0, 0.02, Status.ON_TRACK),  # nothing can be asked of the first week
        (1, 0.02, Status.AHEAD),
        (2, 0.5, Status.ON_TRACK),
        (1, 0.5, Status.AT_RISK),
        (3, 0.9, Status.AT_RISK),
        (5, 0.9, Status.AHEAD),
        (4, 1, Status.MISSED),
        (5, 1, Status.ON_TRACK),
        (6, 1, Status.AHEAD),
    ],
)
def test_five_in_the_year(value, elapsed, status):
    assert judge(course(exactly(5), elapsed), D(value)) is status


def test_a_range_is_held_from_its_lower_end():
    hub = {"aggregation": Aggregation.LATEST}
    goal = Goal(D(8), D(10))
    assert judge(course(goal, 1, **hub), D(7)) is Status.MISSED
    assert judge(course(goal, 1, **hub), D(8)) is Status.ON_TRACK
    assert judge(course(goal, 1, **hub), D(10)) is Status.ON_TRACK
    assert judge(course(goal, 1, **hub), D(11)) is Status.AHEAD


def test_a_level_starts_from_its_baseline():
    level = {"aggregation": Aggregation.LATEST, "previous": D(47)}
    assert expected(course(exactly(60), 0.5, **level)) == D("53.5")
    assert judge(course(exactly(60), 0.5, **level), D(53)) is Status.ON_TRACK
    assert judge(course(exactly(60), 0.5, **level), D(48)) is Status.AT_RISK


def test_a_decreasing_level_goes_down_from_its_baseline():
    level = {
        "aggregation": Aggregation.LATEST,
        "direction": Direction.LESS,
        "previous": D(60),
    }
    assert expected(course(exactly(20), 0.5, **level)) == 40
    assert judge(course(exactly(20), 0.5, **level), D(55)) is Status.AT_RISK
    assert judge(course(exactly(20), 0.5, **level), D(41)) is Status.ON_TRACK
    assert judge(course(exactly(20), 0.5, **level), D(25)) is Status.AHEAD
    assert judge(course(exactly(20), 1, **level), D(21)) is Status.MISSED


def test_a_ceiling_that_is_passed_is_missed_before_the_year_ends():
    less = {"direction": Direction.LESS}
    assert judge(course(exactly(10), 0.3, **less), D(11)) is Status.MISSED
    assert judge(course(exactly(0), 0.3, **less), D(0)) is Status.ON_TRACK
    assert judge(course(exactly(0), 0.3, **less), D(1)) is Status.MISSED


def test_a_ceiling_on_a_total_rises_from_the_ceiling_before():
    total = {
        "aggregation": Aggregation.CUMULATIVE,
        "direction": Direction.LESS,
        "previous": D(10),
        "whole": False,
    }
    assert expected(course(exactly(20), 0.5, **total)) == 15
    assert judge(course(exactly(20), 0.5, **total), D(15)) is Status.ON_TRACK
    assert judge(course(exactly(20), 0.5, **total), D(18)) is Status.AT_RISK


def test_an_unknown_goal_judges_nobody():
    assert judge(course(Goal(unknown=True), 0.5), D(3)) is Status.UNKNOWN
    assert expected(course(Goal(unknown=True), 0.5)) is None
