"""Indicators: their targets against the plan's periods, and what each aggregation asks for."""

from typing import TYPE_CHECKING, Any

from diapason.kernel.periods import WHOLE_PLAN, PeriodKind
from diapason.plan.planfile import calendar
from diapason.plan.planfile.calendar import kind_of, plan_window, window_of
from diapason.plan.planfile.source import Path, is_number, written

if TYPE_CHECKING:
    from diapason.plan.planfile.sense import Check

_GOALS = ("value", "min", "low", "high")


def check_goals(check: "Check") -> None:
    """Report what is wrong between an indicator, its baseline, its targets and the plan."""
    for path, indicator in check.inside("indicators"):
        _aggregation(check, indicator, path)
        baseline = indicator.get("baseline")
        if isinstance(baseline, dict):
            _period(check, baseline.get("period"), (*path, "baseline", "period"), target=False)
        seen: dict[str, Path] = {}
        for at, target in check.items(indicator, "targets", path):
            _target(check, target, at, indicator.get("aggregation"))
            period = target.get("period")
            if not isinstance(period, str):
                continue
            here = (*at, "period")
            if period in seen:
                first = check.line(seen[period])
                check.fault("two-targets", here, value=written(period), first=first)
            else:
                seen[period] = here
                _period(check, period, here, target=True)


def _aggregation(check: "Check", indicator: dict[str, Any], path: Path) -> None:
    cohort = indicator.get("aggregation") == "cohort"
    if cohort and "lag_years" not in indicator:
        check.fault("lag-missing", path)
    if "lag_years" in indicator and "aggregation" in indicator and not cohort:
        check.fault("lag-needless", (*path, "lag_years"))
    if "measured_from" in indicator and "measure" not in indicator:
        check.fault("measured-from-declared", (*path, "measured_from"))


def _target(check: "Check", target: dict[str, Any], path: Path, aggregation: object) -> None:
    if aggregation == "per_event":
        for key in _GOALS:
            if key in target:
                check.fault("per-event-expected", (*path, key), key=key)
    elif "per_event" in target and isinstance(aggregation, str):
        check.fault("per-event-needless", (*path, "per_event"))
    low, high = target.get("low"), target.get("high")
    if is_number(low) and is_number(high) and low > high:
        check.fault("range-reversed", (*path, "low"), low=low, high=high)


def _period(check: "Check", key: object, path: Path, *, target: bool) -> None:
    """Report a period that is impossible, of another kind than the plan's, or outside it.

    A baseline may be older than the plan.
    """
    kind = check.data.get("periods")
    if not isinstance(key, str) or key == WHOLE_PLAN or kind not in list(PeriodKind):
        return
    written_as = kind_of(key)
    if written_as is None:
        return
    plan = plan_window(check.data.get("starts"), check.data.get("ends"))
    window = window_of(key)
    late = plan is not None and window is not None and window.start >= plan.end
    near = plan.last_day if plan and late else plan.start if plan else None
    example = f'period: "{calendar.example(PeriodKind(kind), near)}"'
    if written_as != kind:
        what = check.word(kind)
        check.fault("period-kind", path, value=written(key), what=what, example=example)
    elif window is None:
        check.fault("bad-period", path, value=written(key), example=example)
    elif target and plan and not window.overlaps(plan):
        details = {"first": plan.start, "last": plan.last_day, "example": example}
        check.fault("period-outside", path, value=written(key), **details)
