"""The evidence behind a figure: a measure's, or the readings that people declared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Case, CharField, DecimalField, Q, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from diapason.kernel import clock, measures
from diapason.kernel.measures import Evidence, Latest, Ratio, Sum, Unit
from diapason.kernel.periods import WHOLE_PLAN, Period, Window, years_later
from diapason.kernel.permissions import allowed
from diapason.plan.contracts import Aggregation, ReadingState
from diapason.plan.models import Indicator, Plan, Reading


@dataclass(frozen=True)
class Source:
    """Where the figure of a period comes from.

    `measure` is None where declared readings are the source; `missing` where the indicator names
    a measure that no installed room offers (readings then stand in for it).
    """

    measure: measures.Measure | None
    missing: bool = False


def source(indicator: Indicator, period: Period) -> Source:
    """Which source holds for that period. Readings stand in for a measure whose room is not
    installed, and for the periods before `measured_from`."""
    if not indicator.measure:
        return Source(None)
    try:
        found = measures.find(indicator.measure)
    except measures.UnknownMeasure:
        return Source(None, missing=True)
    before = indicator.measured_from is not None and period.window.start < indicator.measured_from
    return Source(None if before else found)


def window(indicator: Indicator, plan: Plan, period: Period, at: date) -> Window:
    """The days whose records make the figure of `period`, as known at the end of `at`.

    Inside the plan only. A total begins with the plan, and holds nothing before its period does; a
    cohort that was read by people is read `lag_years` later.
    """
    inside = clip(period.window, plan.window)
    totals = {Aggregation.CUMULATIVE, Aggregation.DISTINCT}
    if indicator.aggregation in totals and at >= inside.start:
        inside = Window(plan.starts, inside.end)
    return inside.until(at)


def clip(one: Window, other: Window) -> Window:
    """The days in both; an empty window where there are none."""
    start = max(one.start, other.start)
    return Window(start, max(start, min(one.end, other.end)))


def observed(indicator: Indicator, plan: Plan, period: Period) -> Window:
    """For a cohort, the days on which it is looked back on; for others the period itself."""
    inside = clip(period.window, plan.window)
    if not indicator.lag_years:
        return inside
    return Window(
        years_later(inside.start, indicator.lag_years),
        years_later(inside.end, indicator.lag_years),
    )


def evidence(indicator: Indicator, plan: Plan, period: Period, at: date) -> Evidence:
    """The evidence of one figure: its number, its rows, its parts."""
    found = source(indicator, period).measure
    if found is not None:
        return measured(found, indicator, plan, period, at)
    return declared(indicator, declared_window(indicator, plan, period, at))


def measured(
    measure: measures.Measure, indicator: Indicator, plan: Plan, period: Period, at: date
) -> Evidence:
    """A measure's evidence for one figure. A cohort is everybody who entered in the period,
    looked back on `lag_years` later or at `at`, whichever comes first.

    Where the measure is confidential, what could be taken from or added to another figure to work
    out a few entities' own is sealed."""
    found = _between(measure, indicator, _days(indicator, plan, period, at), at)
    if found.minimum_entities and _would_disclose(measure, indicator, plan, period, at):
        return replace(found, sealed=True, by={})
    if found.minimum_entities and _spans_periods(indicator, period):
        # Its parts, compared with each period's, would tell those that a period withholds.
        return replace(found, by={})
    return found


def _days(indicator: Indicator, plan: Plan, period: Period, at: date) -> Window:
    if indicator.aggregation == Aggregation.COHORT:
        return clip(period.window, plan.window)
    return window(indicator, plan, period, at)


def _between(measure: measures.Measure, indicator: Indicator, days: Window, at: date) -> Evidence:
    if indicator.aggregation == Aggregation.COHORT:
        return measure.evidence(days, lag_years=indicator.lag_years, at=at)
    return measure.evidence(days)


def _spans_periods(indicator: Indicator, period: Period) -> bool:
    totals = {Aggregation.CUMULATIVE, Aggregation.DISTINCT}
    return period.key == WHOLE_PLAN or indicator.aggregation in totals


def _would_disclose(
    measure: measures.Measure, indicator: Indicator, plan: Plan, period: Period, at: date
) -> bool:
    """Whether this figure of a confidential measure, beside the others that anybody may ask for,
    would tell a few entities' own: one of a rhythm that is not the plan's (it overlaps others),
    one as known on another day (a day more may be a record more), one over several periods of
    which one is withheld (the whole minus the rest)."""
    own = plan.periods()
    if period.key != WHOLE_PLAN and period not in own:
        return True
    now = clock.today()
    if indicator.aggregation == Aggregation.COHORT:
        if at != now:
            return True
    elif window(indicator, plan, period, at) != window(indicator, plan, period, now):
        return True
    if not _spans_periods(indicator, period):
        return False
    whole = _days(indicator, plan, period, at)
    inside = (clip(one.window, whole) for one in own)
    return any(
        _between(measure, indicator, days, at).number().withheld for days in inside if days.days
    )


def declared_window(indicator: Indicator, plan: Plan, period: Period, at: date) -> Window:
    """The days whose readings make the figure: for a cohort, those on which it is looked back
    on."""
    if indicator.aggregation == Aggregation.COHORT:
        return observed(indicator, plan, period).until(at)
    return window(indicator, plan, period, at)


def declared(indicator: Indicator, days: Window) -> Evidence:
    """The approved readings of an indicator as evidence."""
    aggregation, unit = Aggregation(indicator.aggregation), Unit(indicator.unit)
    rows: Any = Reading.objects.filter(
        indicator=indicator, state=ReadingState.APPROVED, on__gte=days.start, on__lt=days.end
    )
    rows = rows.annotate(reference=_reference())
    common: dict[str, Any] = {
        "on": "on",
        "label": "source",
        "amount": "value",
        "reference": "reference",
        "link": _record,
        "opened_by": lambda reader: Q(),  # an approved reading is public; its document may not be
        "empty_is_zero": False,
    }
    match aggregation:
        case Aggregation.LATEST:
            return Evidence(rows=rows, value=Latest(), **common)
        case Aggregation.RATIO | Aggregation.COHORT:
            scale = 100 if unit is Unit.PERCENT else 1
            return Evidence(rows=rows, value=Ratio(scale), denominator="denominator", **common)
        case Aggregation.PER_EVENT:
            one = Value(1, output_field=DecimalField())
            rows = rows.annotate(one=one)
            return Evidence(rows=rows, value=Ratio(), denominator="one", **common)
        case _:
            return Evidence(rows=rows, value=Sum(), **common)


def _record(reader: Any, pk: int) -> str:
    """The page of a reading, for those who work with readings."""
    return reverse("plan:reading", args=[pk]) if allowed(reader, "plan.declare_reading") else ""


def _reference() -> Case:
    """Where a reading's source can be read: its link, else its document where that is public."""
    document = Concat(
        Value("/files/"), Cast("document_id", CharField()), Value("/"), output_field=CharField()
    )
    return Case(
        When(~Q(link=""), then="link"),
        When(document__public=True, then=document),
        default=Value(""),
        output_field=CharField(),
    )
