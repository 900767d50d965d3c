"""Readings as the people who declare and approve them see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When

from diapason.kernel import changes
from diapason.kernel.measures import Unit
from diapason.kernel.periods import Period
from diapason.kernel.permissions import allowed
from diapason.kernel.texts import bare
from diapason.plan.contracts import SHARES, Aggregation, Figure, ReadingState
from diapason.plan.models import Action, Indicator, Plan, Reading
from diapason.plan.queries.evidence import declared_window, observed, source
from diapason.plan.queries.figures import LONG_TEXTS, STRUCTURE, figure, indicators_of

# What everybody may read: a figure that was approved is public.
PUBLIC_STATES = (ReadingState.APPROVED, ReadingState.CORRECTED)


def visible_to(user: Any) -> QuerySet[Reading]:
    """Those who approve see every reading; the others their own, and those that are public."""
    rows = Reading.objects.all()
    if allowed(user, "plan.approve_reading"):
        return rows
    return rows.filter(Q(state__in=PUBLIC_STATES) | Q(declared_by=user.pk))


def to_approve(user: Any) -> QuerySet[Reading]:
    """The readings that wait for this person: declared by somebody else."""
    if not allowed(user, "plan.approve_reading"):
        return Reading.objects.none()
    return Reading.objects.filter(~Q(declared_by=user.pk), state=ReadingState.DECLARED)


def returned_to(user: Any) -> QuerySet[Reading]:
    return Reading.objects.filter(state=ReadingState.RETURNED, declared_by=user.pk)


def waiting(user: Any) -> QuerySet[Reading]:
    """The readings that wait for this person: to approve, or to mend."""
    return to_approve(user) | returned_to(user)


def listed(user: Any, plan: Plan) -> QuerySet[Reading]:
    """The readings of the plan that this person may see, what waits for them first: what they
    approve, what was returned to them, what else is theirs, then the rest; the latest first."""
    own = Q(declared_by=user.pk)
    waits = []
    if allowed(user, "plan.approve_reading"):
        waits.append(When(Q(state=ReadingState.DECLARED) & ~own, then=Value(0)))
    waits.append(When(own & Q(state=ReadingState.RETURNED), then=Value(1)))
    waits.append(When(own, then=Value(2)))
    return (
        visible_to(user)
        .filter(indicator__action__plan=plan)
        .select_related("indicator__action", "declared_by")
        .defer(
            "indicator__definition",
            "indicator__baseline_source",
            "indicator__file_goals",
            *(f"indicator__action__{name}" for name in LONG_TEXTS),
        )
        .annotate(rank=Case(*waits, default=Value(3), output_field=IntegerField()))
        .order_by("rank", "-declared_at", "-pk")
    )


def one(user: Any, pk: int) -> Reading | None:
    """The reading, with all that its page shows; None where this person may not see it."""
    return (
        visible_to(user)
        .select_related(
            "indicator__action__plan", "declared_by", "decided_by", "document", "corrects"
        )
        .filter(pk=pk)
        .first()
    )


def correction_of(reading: Reading) -> Reading | None:
    """The reading that corrects this one, or would once it is approved."""
    standing = [ReadingState.DECLARED, ReadingState.APPROVED, ReadingState.CORRECTED]
    return Reading.objects.filter(corrects=reading, state__in=standing).order_by("-pk").first()


def needs_denominator(indicator: Indicator) -> bool:
    """Whether a reading of this indicator says "so many out of so many"."""
    return indicator.aggregation in SHARES


def period_of(indicator: Indicator, plan: Plan, on: date) -> Period | None:
    """The period whose figure a reading of that day counts in; None where it counts in none."""
    for period in plan.periods():
        if on in observed(indicator, plan, period):
            return period
    return None


@dataclass(frozen=True)
class Effect:
    """What approving a reading does to the figure of its period.

    `before`: the figure as it stands. `after`: its value with the reading, None where the reading
    does not count: `measured` says that the records of the work are the source in that period.
    """

    period: Period | None
    before: Figure | None
    after: Decimal | None
    measured: bool = False


def effect(reading: Reading, plan: Plan, at: date) -> Effect:
    """What this reading does to its figure, as known at the end of `at`; four queries at most."""
    indicator = reading.indicator
    period = period_of(indicator, plan, reading.on)
    if period is None or reading.on > at:
        return Effect(period, None, None)
    before = figure(indicator, plan, period, at=at)
    if source(indicator, period).measure is not None:
        return Effect(period, before, None, measured=True)
    return Effect(period, before, _value_with(reading, plan, period, at))


def _value_with(reading: Reading, plan: Plan, period: Period, at: date) -> Decimal | None:
    indicator = reading.indicator
    days = declared_window(indicator, plan, period, at)
    others = Reading.objects.filter(
        indicator=indicator,
        state=ReadingState.APPROVED,
        on__gte=days.start,
        on__lt=days.end,
    ).exclude(pk__in=[reading.pk, reading.corrects_id or reading.pk])
    if indicator.aggregation == Aggregation.LATEST:
        last = others.order_by("-on", "-pk").values_list("on", "pk", "value").first()
        later = last is not None and (last[0], last[1]) > (reading.on, reading.pk)
        return last[2] if last is not None and later else reading.value
    sums = others.aggregate(above=Sum("value"), below=Sum("denominator"), rows=Count("pk"))
    above = (sums["above"] or Decimal(0)) + reading.value
    match indicator.aggregation:
        case Aggregation.RATIO | Aggregation.COHORT:
            below = (sums["below"] or Decimal(0)) + (reading.denominator or Decimal(0))
            scale = 100 if indicator.unit == Unit.PERCENT else 1
            return scale * above / below if below else None
        case Aggregation.PER_EVENT:
            return above / (sums["rows"] + 1)
        case _:
            return above


@dataclass(frozen=True)
class Choice:
    """An action's indicators, as a form offers them."""

    code: str
    title: str
    indicators: Sequence[Indicator]

    def narrowed(self, words: str) -> Choice:
        """Those of its indicators that the words name, whatever their case and accents; all of
        them where the words name the action."""
        wanted = bare(words).split()

        def named(text: str) -> bool:
            words = bare(text)
            return all(word in words for word in wanted)

        if named(self.title):
            return self
        found = [
            indicator
            for indicator in self.indicators
            if named(f"{self.title} {indicator.title} {indicator.definition}")
        ]
        return replace(self, indicators=found)


def indicator(plan: Plan, code: str) -> Indicator | None:
    """The indicator of that code with its action; None where the plan has none (any more). For
    reading only."""
    return changes.kept(
        f"plan.indicator:{plan.pk}:{code}", STRUCTURE, lambda: _indicator(plan, code)
    )


def _indicator(plan: Plan, code: str) -> Indicator | None:
    found = next((one for one in indicators_of(plan) if one.code == code), None)
    if found is not None:
        found.action.plan = plan
    return found


def choices(plan: Plan) -> list[Choice]:
    """Every indicator of the plan, by action, in the plan's order; one query."""
    groups: dict[int, list[Indicator]] = {}
    for indicator in indicators_of(plan):
        groups.setdefault(indicator.action_id, []).append(indicator)
    found = []
    for indicators in groups.values():
        action = indicators[0].action
        words = str(action.short or action.title)
        found.append(Choice(action.code, _numbered(action.number, words), indicators))
    return found


def _numbered(number: int | None, words: str) -> str:
    return f"{number}. {words}" if number else words


def actions(plan: Plan) -> list[tuple[str, str]]:
    """The plan's actions by code and title, in its order, as filters offer them; one query."""
    rows = Action.objects.filter(plan=plan, retired_at__isnull=True).order_by("place")
    return [
        (code, _numbered(number, str(short or title)))
        for code, number, short, title in rows.values_list("code", "number", "short", "title")
    ]


@dataclass(frozen=True)
class Named:
    """An action and its indicators, by code and title, as a list's filter offers them."""

    code: str
    title: str
    indicators: Sequence[tuple[str, str]]


def named(plan: Plan) -> list[Named]:
    """The names of every indicator of the plan, by action."""
    return [
        Named(one.code, one.title, [(each.code, str(each.title)) for each in one.indicators])
        for one in choices(plan)
    ]
