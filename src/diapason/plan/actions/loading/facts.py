"""A plan as plain facts by item, so that the file and the tables can be laid side by side.

References are codes; last days are inclusive; texts are dictionaries; money is cents. The names
of the facts are those of `diapason.plan.contracts.loads`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from diapason.kernel import periods
from diapason.plan.contracts import Aggregation, Goal
from diapason.plan.contracts.loads import ItemKind
from diapason.plan.planfile import PlanFile, model

Facts = dict[str, Any]
Key = tuple[str, ...]

# Aggregations for which one number, alone, is a figure.
SINGLE_NUMBER = {
    Aggregation.PER_PERIOD,
    Aggregation.CUMULATIVE,
    Aggregation.LATEST,
    Aggregation.DISTINCT,
}


@dataclass
class Wanted:
    """What the file says."""

    items: dict[ItemKind, dict[Key, Facts]] = field(default_factory=dict)
    goals: dict[str, dict[str, tuple[Goal, Facts]]] = field(default_factory=dict)
    baselines: dict[str, Facts] = field(default_factory=dict)


def wanted(file: PlanFile) -> Wanted:
    """The facts of a plan file."""
    found = Wanted()
    found.items = {
        ItemKind.PLAN: {(file.code,): _plan(file)},
        ItemKind.AXIS: {
            (axis.code,): {
                "number": axis.number,
                "title": axis.title,
                "summary": axis.summary or {},
            }
            for axis in file.axes
        },
        ItemKind.ACTION: {
            (action.code,): _action(action, place) for place, action in enumerate(file.actions, 1)
        },
        ItemKind.TASK: {},
        ItemKind.BUDGET_LINE: {},
        ItemKind.INDICATOR: {},
    }
    for action in file.actions:
        for place, task in enumerate(action.tasks, 1):
            found.items[ItemKind.TASK][action.code, task.code] = _task(task, place)
        for place, line in enumerate(action.budget, 1):
            found.items[ItemKind.BUDGET_LINE][action.code, line.code] = _line(line, place)
        for place, indicator in enumerate(action.indicators, 1):
            key = (indicator.code,)
            found.items[ItemKind.INDICATOR][key] = _indicator(indicator, action.code, place)
            found.goals[indicator.code] = {
                target.period: (goal_of(target), target.note or {}) for target in indicator.targets
            }
            if baseline := _baseline(file, indicator):
                found.baselines[indicator.code] = baseline
    return found


def _plan(file: PlanFile) -> Facts:
    return {
        "title": file.title,
        "territory": file.territory,
        "summary": file.summary or {},
        "languages": list(file.languages),
        "starts": file.starts,
        "ends": file.ends,
        "period_kind": file.periods,
    }


def _action(action: model.ActionEntry, place: int) -> Facts:
    return {
        "number": action.number,
        "place": place,
        "title": action.title,
        "short": action.short,
        "axis": action.axis,
        "secondary_axes": sorted(action.secondary_axes),
        "priority": action.priority,
        "context": action.context or {},
        "objectives": [dict(text) for text in action.objectives],
        "timeframe": action.timeframe or {},
        "starts": action.starts,
        "ends": action.ends,
        "leaders": list(action.leaders or ()),
        "funders": list(action.funders or ()),
        "partners": list(action.partners or ()),
        "leaders_unknown": action.leaders is None,
        "funders_unknown": action.funders is None,
        "partners_unknown": action.partners is None,
        "resources_unknown": bool(action.budget) and all(line.unknown for line in action.budget),
        "staff": [{"label": post.label, "fte": _plain(post.fte)} for post in action.staff],
        "examples": [{"name": example.name, "url": example.url} for example in action.examples],
        "links": sorted(action.links),
    }


def _task(task: model.TaskEntry, place: int) -> Facts:
    return {
        "place": place,
        "title": task.title,
        "parent": task.parent,
        "starts": task.starts,
        "due": task.due,
    }


def _line(line: model.BudgetEntry, place: int) -> Facts:
    return {
        "place": place,
        "label": line.label,
        "funder": line.funder,
        "task": line.task,
        "year": line.year,
        "recurring": line.recurring,
        "planned_cents": line.low,
        "planned_high_cents": None if line.high == line.low else line.high,
        "note": line.note or {},
    }


def _indicator(indicator: model.IndicatorEntry, action: str, place: int) -> Facts:
    baseline = indicator.baseline
    return {
        "action": action,
        "place": place,
        "kind": indicator.kind,
        "title": indicator.title,
        "short": indicator.short,
        "definition": indicator.definition or {},
        "unit": indicator.unit,
        "aggregation": indicator.aggregation,
        "direction": indicator.direction,
        "measure": indicator.measure or "",
        "measured_from": indicator.measured_from,
        "lag_years": indicator.lag_years or 0,
        "baseline": baseline.value if baseline else None,
        "baseline_on": _baseline_day(baseline) if baseline else None,
        "baseline_source": (baseline.source or {}) if baseline else {},
    }


def _baseline_day(baseline: model.BaselineEntry) -> date | None:
    if baseline.on or baseline.period == periods.WHOLE_PLAN:
        return baseline.on
    return periods.parse(baseline.period).window.last_day


def _baseline(file: PlanFile, indicator: model.IndicatorEntry) -> Facts | None:
    """The figure that a baseline records; None where one number alone says nothing."""
    baseline = indicator.baseline
    if baseline is None or indicator.aggregation not in SINGLE_NUMBER:
        return None
    language = file.languages[0]
    source = (baseline.source or {}).get(language) or file.title[language]
    return {
        "value": baseline.value,
        "on": _baseline_day(baseline) or file.starts,
        "source": source[:300],
    }


def goal_of(target: model.TargetEntry) -> Goal:
    """A target of the file as a goal."""
    match target.kind:
        case "value":
            return Goal(low=target.value, high=target.value, exact=True)
        case "per_event":
            return Goal(low=target.per_event, high=target.per_event, exact=True, per_event=True)
        case "min":
            return Goal(low=target.minimum)
        case "unknown":
            return Goal(unknown=True)
    return Goal(low=target.low, high=target.high)


def goal_as_json(goal: Goal) -> dict[str, Any]:
    """A goal as it is kept in `Indicator.file_goals`; numbers are text, so that none is rounded."""
    return {
        "low": None if goal.low is None else _plain(goal.low),
        "high": None if goal.high is None else _plain(goal.high),
        "exact": goal.exact,
        "per_event": goal.per_event,
        "unknown": goal.unknown,
    }


def _plain(number: Decimal) -> str:
    """A number as text, the same for 1, 1.0 and 1E0."""
    return f"{number.normalize():f}"


def by_language(value: Any, languages: Iterable[str]) -> Mapping[str, Any]:
    """A fact split by language where it is made of texts, else under the empty language.

    So a report names the language whose words changed, whichever the reader's own is.
    """
    listed = value if isinstance(value, list) else [value]
    if not any(isinstance(part, dict) for part in listed):
        return {"": value}
    split = {}
    for language in languages:
        words = [_words(part, language) for part in listed]
        split[language] = words if isinstance(value, list) else words[0]
    return split


def _words(part: Any, language: str) -> str:
    if not isinstance(part, dict):
        return str(part)
    if "label" in part:
        return f"{part['label'].get(language, '')} ({part['fte']})"
    if "url" in part:
        return f"{part['name'].get(language, '')} {part['url']}".strip()
    return part.get(language, "")
