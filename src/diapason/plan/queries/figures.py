"""Every figure of a plan at a date: value, target, status.

One query reads the indicators, one the targets, and one groups all declared readings by indicator
and period, whatever their number; a measure costs its own query, kept until one of its tables
changes. `tests/plan/test_queries_figures.py` holds these numbers equal to those of the evidence
pages and to a naive evaluator's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet

from diapason.kernel import changes, clock, measures
from diapason.kernel.measures import Number, Unit
from diapason.kernel.periods import WHOLE_PLAN, Period
from diapason.plan.contracts import (
    SHARES,
    Aggregation,
    Direction,
    Figure,
    Goal,
    Status,
    Why,
)
from diapason.plan.models import Indicator, Plan, Target
from diapason.plan.queries import pace
from diapason.plan.queries.evidence import (
    clip,
    declared_window,
    evidence,
    measured,
    observed,
    source,
    window,
)

TABLES = ("plan_plan", "plan_action", "plan_indicator", "plan_target", "plan_reading")

STRUCTURE = ("plan_plan", "plan_action", "plan_indicator")
# What lists and figures never read of an action.
LONG_TEXTS = ("context", "objectives", "timeframe", "staff", "examples")


def current_plan() -> Plan | None:
    """The plan that this instance shows: the one loaded last. For reading only."""
    return changes.kept("plan.current", ("plan_plan",), loaded_plans().first)


def loaded_plans() -> QuerySet[Plan]:
    """The plans that were loaded, the last one first."""
    return Plan.objects.filter(loaded_at__isnull=False).order_by("-loaded_at")


def indicators_of(plan: Plan) -> list[Indicator]:
    """The plan's indicators in its own order, those it dropped left out; kept while the plan is
    the same. For reading only: an action locks the records that it changes."""
    return changes.kept(f"plan.indicators:{plan.pk}", STRUCTURE, lambda: _indicators(plan))


def _indicators(plan: Plan) -> list[Indicator]:
    return list(
        Indicator.objects.filter(
            action__plan=plan, retired_at__isnull=True, action__retired_at__isnull=True
        )
        .select_related("action")
        # The long texts of an action, once for each of its indicators, cost more than all the rest.
        .defer(*(f"action__{name}" for name in LONG_TEXTS))
        .order_by("action__place", "place")
    )


def figures(plan: Plan, *, at: date, periods: Sequence[Period] | None = None) -> list[Figure]:
    """Every indicator's figure in each period (by default each of the plan's, and the whole plan
    where an indicator has a target for it), in the plan's order, as known at the end of `at`."""
    if at != clock.today():
        # Anybody may ask for any day: what they ask for fills nobody's memory.
        return _figures(plan, indicators_of(plan), at, periods)
    keys = None if periods is None else tuple(period.key for period in periods)
    return changes.kept(
        f"plan.figures:{plan.pk}:{at}:{keys}",
        tables(),
        lambda: _figures(plan, indicators_of(plan), at, periods),
    )


def tables() -> set[str]:
    """The tables whose change can change a figure."""
    return set(TABLES).union(*(measure.tables for measure in measures.offered().values()))


def figure(indicator: Indicator, plan: Plan, period: Period, *, at: date) -> Figure:
    """One indicator's figure in one period."""
    (found,) = _figures(plan, [indicator], at, [period])
    return found


def reference_period(plan: Plan, at: date) -> Period:
    """The period that "today" speaks of: the running one, else the last, else the first."""
    every = plan.periods()
    running = [period for period in every if at in clip(period.window, plan.window)]
    if running:
        return running[0]
    return every[-1] if at >= plan.ends else every[0]


def speaking(own: Sequence[Figure], reference: Period) -> Figure | None:
    """Of one indicator's figures, in their order, the one that speaks for it: that of the reference
    period or, where it has no value, the latest before that has one."""
    now = next((one for one in own if one.period.key == reference.key), None)
    if now is not None and now.value is not None:
        return now
    earlier = [one for one in own if one.value is not None and one.period <= reference]
    return earlier[-1] if earlier else now


def worst(statuses: Iterable[Status]) -> Status:
    """The status that speaks for several: the worst that is known, else unknown."""
    order = [Status.MISSED, Status.AT_RISK, Status.ON_TRACK, Status.AHEAD]
    held = set(statuses)
    return next((status for status in order if status in held), Status.UNKNOWN)


@dataclass(frozen=True)
class _Goals:
    """The targets in force of one plan."""

    goals: dict[tuple[int, str], Goal]
    ordered: dict[int, list[tuple[date, Goal]]]

    def previous(self, indicator: Indicator, period: Period) -> Decimal | None:
        """What the closest earlier goal asked for, else the baseline."""
        direction = Direction(indicator.direction)
        found = None
        for end, goal in self.ordered.get(indicator.pk, []):
            if end <= period.window.start:
                asked = pace.needed(goal, direction)
                found = asked if asked is not None else found
        if found is not None:
            return found
        is_level = indicator.aggregation in {Aggregation.LATEST, Aggregation.RATIO}
        return indicator.baseline if is_level else None


def _figures(
    plan: Plan, indicators: Sequence[Indicator], at: date, periods: Sequence[Period] | None
) -> list[Figure]:
    goals = _goals(plan, indicators)
    wanted = [
        (indicator, period)
        for indicator in indicators
        for period in _periods_for(plan, indicator, periods, goals)
    ]
    numbers = _declared_numbers(plan, wanted, at)
    return [_figure(plan, indicator, period, at, goals, numbers) for indicator, period in wanted]


def _periods_for(
    plan: Plan, indicator: Indicator, periods: Sequence[Period] | None, goals: _Goals
) -> list[Period]:
    if periods is not None:
        return list(periods)
    every = plan.periods()
    whole = goals.goals.get((indicator.pk, WHOLE_PLAN))
    if whole is not None and not whole.unknown:
        every.append(plan.period(WHOLE_PLAN))
    return every


def _goals(plan: Plan, indicators: Sequence[Indicator]) -> _Goals:
    goals: dict[tuple[int, str], Goal] = {}
    ordered: dict[int, list[tuple[date, Goal]]] = defaultdict(list)
    in_force = Target.objects.filter(indicator__in=indicators, replaced_at__isnull=True)
    for target in in_force:
        goals[target.indicator_id, target.period] = target.goal
        if target.period != WHOLE_PLAN:
            end = plan.period(target.period).window.end
            ordered[target.indicator_id].append((end, target.goal))
    for dated in ordered.values():
        dated.sort(key=lambda pair: pair[0])
    return _Goals(goals, ordered)


def _figure(
    plan: Plan,
    indicator: Indicator,
    period: Period,
    at: date,
    goals: _Goals,
    numbers: dict[tuple[int, str], Number],
) -> Figure:
    came_from = source(indicator, period)
    inside = clip(period.window, plan.window)
    if came_from.measure is not None:
        number = _measured(came_from.measure, indicator, plan, period, at)
    else:
        number = numbers.get((indicator.pk, period.key), Number(None, 0))
    begun = at >= inside.start
    if not begun:
        # Nothing of what has not begun is known, not even that it is none.
        number = replace(number, value=None)
    goal = goals.goals.get((indicator.pk, period.key))
    reached = _reached(indicator, plan, period, at, goal, number)
    course = None
    if goal is not None and not goal.unknown:
        course = pace.Course(
            goal=goal,
            direction=Direction(indicator.direction),
            aggregation=Aggregation(indicator.aggregation),
            elapsed=Decimal(str(observed(indicator, plan, period).elapsed(at)))
            if indicator.lag_years
            else Decimal(inside.until(at).days) / Decimal(inside.days or 1),
            previous=goals.previous(indicator, period),
            whole=Unit(indicator.unit).counts_things and indicator.aggregation not in SHARES,
        )
    status, why = _status(indicator, plan, period, at, number, course, came_from.missing, reached)
    return Figure(
        indicator=indicator.code,
        action=indicator.action.code,
        period=period,
        unit=Unit(indicator.unit),
        value=number.value,
        goal=goal,
        status=status,
        why=why,
        expected=pace.expected(course) if course is not None and begun else None,
        evidence_count=number.rows,
        entities=number.entities,
        replied=number.rows if number.expected is not None else None,
        asked=number.expected,
        reached=reached,
        declared=came_from.measure is None and number.rows > 0,
        running=at in inside,
    )


def _status(
    indicator: Indicator,
    plan: Plan,
    period: Period,
    at: date,
    number: Number,
    course: pace.Course | None,
    measure_missing: bool,
    reached: tuple[int, int] | None,
) -> tuple[Status, Why]:
    if number.withheld:
        return Status.UNKNOWN, Why.WITHHELD
    if number.value is None:
        return Status.UNKNOWN, _why_no_value(indicator, plan, period, at, measure_missing)
    if course is None:
        return Status.UNKNOWN, Why.NO_TARGET
    if reached is not None:
        return _status_per_event(reached, course), Why.KNOWN
    return pace.judge(course, number.value), Why.KNOWN


def _why_no_value(
    indicator: Indicator, plan: Plan, period: Period, at: date, measure_missing: bool
) -> Why:
    if at < clip(period.window, plan.window).start:
        return Why.NOT_STARTED
    if indicator.lag_years and at < observed(indicator, plan, period).start:
        return Why.TOO_EARLY
    return Why.NO_MEASURE if measure_missing else Why.NO_DATA


def _status_per_event(reached: tuple[int, int], course: pace.Course) -> Status:
    """A goal at each event holds when no event fell short."""
    good, events = reached
    if good == events:
        return Status.ON_TRACK
    return Status.MISSED if course.elapsed >= 1 else Status.AT_RISK


def _reached(
    indicator: Indicator,
    plan: Plan,
    period: Period,
    at: date,
    goal: Goal | None,
    number: Number,
) -> tuple[int, int] | None:
    """For a goal per event, how many events reached it."""
    if goal is None or not goal.per_event or not number.rows or number.withheld:
        return None
    shown = evidence(indicator, plan, period, at)
    wanted = {}
    if goal.low is not None:
        wanted[f"{shown.amount}__gte"] = goal.low
    elif goal.high is not None:
        wanted[f"{shown.amount}__lte"] = goal.high
    return shown.rows.filter(**wanted).count(), number.rows


def _measured(
    measure: measures.Measure, indicator: Indicator, plan: Plan, period: Period, at: date
) -> Number:
    days = window(indicator, plan, period, at)
    asked = f"{days.start}:{days.end}:{indicator.lag_years}:{at if indicator.lag_years else ''}"
    # What is withheld also depends on the plan's other figures, and on the day.
    asked += f":{plan.starts}:{plan.ends}:{plan.period_kind}"
    asked += f":{period.key}:{indicator.aggregation}:{clock.today()}"
    key = f"number:{measure.key}:{measure.digest}:{asked}:{changes.stamp(measure.tables)}"
    found = cache.get(key)
    if found is None:
        found = measured(measure, indicator, plan, period, at).number()
        if at == clock.today():
            cache.set(key, found, changes.KEPT_SECONDS)
    return found


_WINDOWS = """
    unnest(%s::bigint[], %s::text[], %s::date[], %s::date[])
        AS days(indicator_id, key, first, after)
"""
_COUNTED = """
    SELECT days.indicator_id, days.key, count(*), sum(reading.value), sum(reading.denominator)
    FROM {windows}
    JOIN plan_reading reading ON reading.indicator_id = days.indicator_id
        AND reading."on" >= days.first AND reading."on" < days.after
        AND reading.state = 'approved'
    GROUP BY days.indicator_id, days.key
"""
_LAST = """
    SELECT days.indicator_id, days.key, last.value
    FROM {windows}
    CROSS JOIN LATERAL (
        SELECT value FROM plan_reading reading
        WHERE reading.indicator_id = days.indicator_id
            AND reading."on" >= days.first AND reading."on" < days.after
            AND reading.state = 'approved'
        ORDER BY reading."on" DESC, reading.id DESC LIMIT 1
    ) AS last
"""


def _declared_numbers(
    plan: Plan, asked: Sequence[tuple[Indicator, Period]], at: date
) -> dict[tuple[int, str], Number]:
    """The numbers of all asked figures that are made of readings, in two queries.

    The same numbers as `declared(...).number()` gives one by one.
    """
    wanted: dict[bool, list[tuple[int, str, date, date]]] = {True: [], False: []}
    by_key = {indicator.pk: indicator for indicator, _period in asked}
    for indicator, period in asked:
        if source(indicator, period).measure is None:
            days = declared_window(indicator, plan, period, at)
            is_level = indicator.aggregation == Aggregation.LATEST
            wanted[is_level].append((indicator.pk, period.key, days.start, days.end))
    counted = _rows(_COUNTED, wanted[True] + wanted[False])
    last = {(key, period): value for key, period, value in _rows(_LAST, wanted[True])}
    numbers = {}
    for key, period, rows, total, below in counted:
        value = _fold(by_key[key], rows, total, below, last.get((key, period)))
        numbers[key, period] = Number(value=value, rows=rows)
    return numbers


def _fold(
    indicator: Indicator,
    rows: int,
    total: Decimal,
    below: Decimal | None,
    last: Decimal | None,
) -> Decimal | None:
    match Aggregation(indicator.aggregation):
        case Aggregation.LATEST:
            return last
        case Aggregation.RATIO | Aggregation.COHORT:
            scale = 100 if indicator.unit == Unit.PERCENT else 1
            return scale * total / below if below else None
        case Aggregation.PER_EVENT:
            return total / rows
        case _:
            return total


def _rows(query: str, wanted: list[tuple[int, str, date, date]]) -> list[tuple[Any, ...]]:
    if not wanted:
        return []
    with connection.cursor() as cursor:
        columns = [list(column) for column in zip(*wanted, strict=True)]
        cursor.execute(query.format(windows=_WINDOWS), columns)
        return cursor.fetchall()
