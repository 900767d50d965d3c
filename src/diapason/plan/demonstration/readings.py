"""Invented figures around the targets: some ahead, some on track, at risk or missed, and about a
third of the indicators without any, so that what is not yet measurable shows too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from diapason.kernel.measures import Unit
from diapason.kernel.periods import Period, Window
from diapason.plan import actions
from diapason.plan.contracts import SHARES, Aggregation, Direction, Goal, ReadingState
from diapason.plan.contracts.values import DeclaredValue
from diapason.plan.demonstration.cast import Cast, cast, chance, key
from diapason.plan.models import Indicator, Plan, Reading, Target
from diapason.plan.queries.evidence import clip, observed, source
from diapason.plan.queries.figures import current_plan, indicators_of

# Of so many indicators, one has no figure: fewer among those that have a target to be seen against.
SILENT_WITH_TARGET, SILENT_WITHOUT = 5, 3
# What figures are worth beside their targets, one indicator after the other.
COURSES = (1.03, 0.8, 1.22, 0.55, 1.0, 0.9)
# Every so many figures of the running period, one still waits for approval.
WAITING_EVERY = 5
# How long after the day of which it speaks a figure is known.
DELAY = timedelta(days=5)
TOTALS = {Aggregation.CUMULATIVE, Aggregation.DISTINCT}
# What is plausible where the plan sets no target, by unit.
USUAL = {Unit.EUROS: (20_000, 90_000), Unit.PERCENT: (35, 75), Unit.FTE: (2, 9)}
USUAL_ELSE = (3, 14)


@dataclass(frozen=True)
class Draw:
    """One figure to declare."""

    indicator: Indicator
    period: Period
    place: int
    on: date
    value: Decimal
    denominator: Decimal | None = None


@transaction.atomic
def make_readings(day: date) -> None:
    """Declare and decide on the invented figures of the current plan as of `day`, and change one
    target as a committee would.

    Side effects: those of the actions on figures and targets.
    """
    plan, people = current_plan(), cast()
    if plan is None or people is None:
        return
    with override(plan.languages[0] if plan.languages else None):
        running = 0
        corrected = Reading.objects.filter(
            indicator__action__plan=plan, corrects__isnull=False
        ).exists()
        for draw in _draws(plan, day):
            reading = _declared(plan, people, draw)
            running += day in draw.period.window
            waits = day in draw.period.window and running % WAITING_EVERY == 2
            if waits and running == 2:
                _returned(people, reading)
            if waits or reading.state not in {ReadingState.DECLARED, ReadingState.RETURNED}:
                continue
            _approved(people, reading, draw)
            if not corrected:
                _corrected(plan, people, reading, draw)
                corrected = True
        _decide_target(plan, people, day)


def _draws(plan: Plan, day: date) -> Iterator[Draw]:
    """Every figure that would be known by `day`, the same whatever the day."""
    goals = {
        (target.indicator_id, target.period): target.goal
        for target in Target.objects.filter(indicator__action__plan=plan).order_by("-decided_at")
    }
    told_by_plan = set(
        Reading.objects.filter(indicator__action__plan=plan, from_plan=True).values_list(
            "indicator_id", "on__year"
        )
    )
    aimed = {indicator for (indicator, _period), goal in goals.items() if _asked(goal) is not None}
    seen: Counter[bool] = Counter()
    for indicator in indicators_of(plan):
        dice = chance(plan.code, indicator.code)
        has_aim = indicator.pk in aimed
        seen[has_aim] += 1
        if seen[has_aim] % (SILENT_WITH_TARGET if has_aim else SILENT_WITHOUT) == 0:
            continue
        course = COURSES[seen[has_aim] % len(COURSES)]
        usual = dice.uniform(*USUAL.get(Unit(indicator.unit), USUAL_ELSE))
        total = Decimal(0)
        for period in plan.periods():
            days = clip(observed(indicator, plan, period), _long(plan, indicator))
            asked = _asked(goals.get((indicator.pk, period.key)))
            drawn = list(_of_period(indicator, period, days, asked, usual, course, total, dice))
            total += sum((draw.value for draw in drawn), Decimal(0))
            if source(indicator, period).measure is not None:
                continue
            if any((indicator.pk, year) in told_by_plan for year in _years(period.window)):
                continue
            yield from (draw for draw in drawn if draw.on + DELAY <= day)


def _long(plan: Plan, indicator: Indicator) -> Window:
    """The plan, and for a cohort the years after it."""
    return Window(plan.starts, plan.ends + timedelta(days=366 * indicator.lag_years))


def _years(window: Window) -> range:
    return range(window.start.year, window.last_day.year + 1)


def _asked(goal: Goal | None) -> float | None:
    """What a target asks for: the middle of a range."""
    if goal is None:
        return None
    bounds = [float(bound) for bound in (goal.low, goal.high) if bound is not None]
    return sum(bounds) / len(bounds) if bounds else None


def _of_period(
    indicator: Indicator,
    period: Period,
    days: Window,
    asked: float | None,
    usual: float,
    course: float,
    total: Decimal,
    dice: Random,
) -> Iterator[Draw]:
    factor = course * dice.uniform(0.93, 1.07)
    if indicator.direction == Direction.LESS:
        factor = max(0.2, 2 - factor)
    level = (asked if asked is not None else usual) * factor
    aggregation = Aggregation(indicator.aggregation)
    if not days.days:
        return
    if aggregation in SHARES:
        whole = Decimal(dice.randint(18, 60))
        share = min(level / 100, 1) if indicator.unit == Unit.PERCENT else level
        part = _rounded(float(whole) * share, whole=indicator.unit == Unit.PERCENT)
        yield Draw(indicator, period, 0, _day_at(days, 0.96), part, whole)
        return
    if aggregation is Aggregation.LATEST:
        for place, share in enumerate((0.45, 0.97)):
            value = _value(indicator, level * (0.94 + 0.06 * place))
            yield Draw(indicator, period, place, _day_at(days, share), value)
        return
    if aggregation is Aggregation.PER_EVENT:
        for place, share in enumerate((0.2, 0.5, 0.83)):
            value = _value(indicator, level * dice.uniform(0.9, 1.1))
            yield Draw(indicator, period, place, _day_at(days, share), value)
        return
    if aggregation in TOTALS:
        level = max(0.0, level - float(total)) if asked is not None else level / 2
    first = _value(indicator, level * dice.uniform(0.4, 0.6))
    second = max(Decimal(0), _value(indicator, level) - first)
    for place, (share, value) in enumerate(((0.48, first), (0.86, second))):
        if value or not place:
            yield Draw(indicator, period, place, _day_at(days, share), value)


def _day_at(days: Window, share: float) -> date:
    return days.start + timedelta(days=int((days.days - 1) * share))


def _value(indicator: Indicator, level: float) -> Decimal:
    if indicator.unit == Unit.PERCENT:
        level = min(level, 100)
    if indicator.unit == Unit.EUROS:
        return _rounded(level / 100, whole=True) * 100
    return _rounded(level, whole=Unit(indicator.unit).counts_things)


def _rounded(value: float, *, whole: bool) -> Decimal:
    step = Decimal(1) if whole else Decimal("0.1")
    return max(Decimal(0), Decimal(str(value)).quantize(step, ROUND_HALF_UP))


def _said(draw: Draw, value: Decimal | None = None) -> DeclaredValue:
    return DeclaredValue(
        value=draw.value if value is None else value,
        denominator=draw.denominator,
        on=draw.on,
        source=_("Figure invented for the demonstration"),
    )


def _declared(plan: Plan, people: Cast, draw: Draw) -> Reading:
    return actions.declare_reading(
        by=people.advisor,
        indicator=draw.indicator,
        value=_said(draw),
        request_key=key(plan.code, draw.indicator.code, draw.period.key, draw.place),
        invented=True,
    )


def _returned(people: Cast, reading: Reading) -> None:
    if reading.state == ReadingState.DECLARED:
        actions.return_reading(
            by=people.manager,
            reading=reading,
            reason=_("Invented return: please say which register this figure comes from."),
        )


def _approved(people: Cast, reading: Reading, draw: Draw) -> None:
    if reading.state == ReadingState.RETURNED:
        reading = actions.resubmit_reading(by=people.advisor, reading=reading, value=_said(draw))
    actions.approve_reading(by=people.manager, reading=reading)


def _corrected(plan: Plan, people: Cast, reading: Reading, draw: Draw) -> None:
    """One figure was found to be short by one."""
    correction = actions.correct_reading(
        by=people.advisor,
        reading=reading,
        value=_said(draw, draw.value + 1),
        request_key=key(plan.code, draw.indicator.code, draw.period.key, "correction"),
    )
    actions.approve_reading(by=people.deputy, reading=correction)


def _decide_target(plan: Plan, people: Cast, day: date) -> None:
    """One target of a period to come is raised, once."""
    if Target.objects.filter(
        indicator__action__plan=plan, from_file=False, decided_by__isnull=False
    ).exists():
        return
    target = _target_to_raise(
        Target.objects.filter(
            indicator__in=indicators_of(plan), replaced_at__isnull=True, exact=True
        ).select_related("indicator"),
        plan,
        day,
    )
    if target is None or target.low is None:
        return
    more = max(Decimal(1), (target.low / 5).to_integral_value(ROUND_HALF_UP))
    actions.change_target(
        by=people.manager,
        indicator=target.indicator,
        period=target.period,
        goal=Goal(target.low + more, target.low + more, exact=True, per_event=target.per_event),
        reason=_("Invented decision of the steering committee: aim a little higher."),
        decided_on=max(plan.starts, day - timedelta(days=40)),
        instead_of=target.pk,
    )


def _target_to_raise(targets: Iterable[Target], plan: Plan, day: date) -> Target | None:
    for target in targets:
        if (
            target.indicator.direction == Direction.MORE
            and target.indicator.unit_.counts_things
            and target.period != "plan"
            and plan.period(target.period).window.start > day
        ):
            return target
    return None
