"""Status by pace: is a figure where it should be on that day?

Pure arithmetic on one figure. The pace is linear inside the period:

- what is counted in the period starts at nothing and should reach the goal on the last day;
- what is added up over the plan starts where the previous period's goal was;
- a level (a stock, a ratio) goes from the previous goal, or from the baseline, to the goal; with
  neither, a stock starts at nothing and a ratio is expected to hold at once.

Within a tenth of the pace a figure is still on track, and things that cannot be halved are
compared in whole numbers: one visit of two on 1 July is on track.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from diapason.plan.contracts import Aggregation, Direction, Goal, Status

# How far from the pace still counts as on it, and how far beyond it is ahead.
SLACK = Decimal("0.10")
LEAD = Decimal("0.15")

_FLOWS = {Aggregation.PER_PERIOD}
_TOTALS = {Aggregation.CUMULATIVE, Aggregation.DISTINCT}
_UNPACED = {Aggregation.PER_EVENT, Aggregation.COHORT}


@dataclass(frozen=True)
class Course:
    """What is needed to judge a figure.

    `elapsed`: the share of the period that has passed, 0 to 1; at 1 the period is over.
    `previous`: what the previous period's goal asked for, or the baseline, in the same unit.
    `whole`: the unit counts things that cannot be halved.
    """

    goal: Goal
    direction: Direction
    aggregation: Aggregation
    elapsed: Decimal
    previous: Decimal | None = None
    whole: bool = True


def needed(goal: Goal, direction: Direction) -> Decimal | None:
    """The value that satisfies the goal at least."""
    first, second = (goal.low, goal.high) if direction is Direction.MORE else (goal.high, goal.low)
    return first if first is not None else second


def expected(course: Course) -> Decimal | None:
    """The value that the pace asks for at that moment; None where the goal is unknown."""
    end = needed(course.goal, course.direction)
    if end is None:
        return None
    start = _start(course, end)
    return end if start is None else start + (end - start) * course.elapsed


def judge(course: Course, value: Decimal) -> Status:
    """The status of `value`. UNKNOWN where the goal is."""
    end = needed(course.goal, course.direction)
    if end is None:
        return Status.UNKNOWN
    reached = value >= end if course.direction is Direction.MORE else value <= end
    if course.elapsed >= 1:
        if not reached:
            return Status.MISSED
        return Status.AHEAD if _beyond(course, value) else Status.ON_TRACK
    if _is_budget(course):
        return _judge_budget(course, value, end, reached)
    if reached:
        return _judge_reached(course, value)
    return _judge_running(course, value, end)


def _start(course: Course, end: Decimal) -> Decimal | None:
    """Where the pace begins; None for a level that should hold at once."""
    if course.aggregation in _FLOWS:
        return Decimal(0)
    if course.aggregation in _UNPACED:
        return None
    if _is_budget(course):
        return min(course.previous or Decimal(0), end)
    if course.previous is not None:
        # A start beyond the goal asks for nothing but to hold the goal.
        beyond = (
            course.previous >= end if course.direction is Direction.MORE else course.previous <= end
        )
        return None if beyond else course.previous
    if course.aggregation in _TOTALS:
        return Decimal(0)
    from_nothing = (
        course.aggregation is Aggregation.LATEST and course.direction is Direction.MORE and end > 0
    )
    return Decimal(0) if from_nothing else None


def _is_budget(course: Course) -> bool:
    """Whether the goal is a ceiling on something that only grows."""
    return course.direction is Direction.LESS and course.aggregation in _FLOWS | _TOTALS


def _beyond(course: Course, value: Decimal) -> bool:
    """Whether the value is better than everything that the goal asks for."""
    goal = course.goal
    if course.direction is Direction.MORE:
        top = goal.high if goal.high is not None else goal.low
        return top is not None and value > top
    bottom = goal.low if goal.low is not None else goal.high
    return bottom is not None and value < bottom


def _judge_reached(course: Course, value: Decimal) -> Status:
    """The goal is reached before the period's end."""
    if course.goal.is_range or course.aggregation in _UNPACED:
        return Status.AHEAD if _beyond(course, value) else Status.ON_TRACK
    end = needed(course.goal, course.direction)
    paced = end is not None and _start(course, end) is not None
    return Status.AHEAD if paced or _beyond(course, value) else Status.ON_TRACK


def _judge_running(course: Course, value: Decimal, end: Decimal) -> Status:
    start = _start(course, end)
    if start is None:
        return Status.AT_RISK
    way = (end - start) * course.elapsed
    more = course.direction is Direction.MORE
    on_track = start + way * (1 - SLACK)
    ahead = start + way * (1 + LEAD)
    if course.whole:
        on_track = _whole(on_track, down=more)
        ahead = _whole(ahead, down=not more)
    # Ahead of a range is beyond it: on the way to it a value is on track at best, as inside it.
    leads = course.elapsed > 0 and (value >= ahead if more else value <= ahead)
    if leads and not course.goal.is_range:
        return Status.AHEAD
    return Status.ON_TRACK if (value >= on_track if more else value <= on_track) else Status.AT_RISK


def _judge_budget(course: Course, value: Decimal, end: Decimal, reached: bool) -> Status:
    """A ceiling on what only grows: once passed it stays passed, before the period's end too."""
    if not reached:
        return Status.MISSED
    start = _start(course, end) or Decimal(0)
    way = (end - start) * course.elapsed
    on_track = start + way * (1 + SLACK)
    if course.whole:
        on_track = _whole(on_track, down=False)
    if value < start + way * (1 - LEAD):
        return Status.AHEAD
    return Status.ON_TRACK if value <= on_track else Status.AT_RISK


def _whole(value: Decimal, *, down: bool) -> Decimal:
    return value.to_integral_value(rounding=ROUND_FLOOR if down else ROUND_CEILING)
