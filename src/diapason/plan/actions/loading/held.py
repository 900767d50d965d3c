"""The plan as the tables hold it, in the shape of `facts`, with the rows behind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Model, QuerySet

from diapason.plan.actions.loading.facts import Facts, Key
from diapason.plan.contracts import Part, ReadingState
from diapason.plan.contracts.loads import ItemKind
from diapason.plan.models import (
    Action,
    Axis,
    BudgetLine,
    Indicator,
    Participation,
    Plan,
    Reading,
    Target,
    Task,
)

ONE_DAY = timedelta(days=1)
PARTS = {"leaders": Part.LEADER, "funders": Part.FUNDER, "partners": Part.PARTNER}


@dataclass
class Held:
    """What the tables hold of a plan; empty for a plan that was never loaded.

    `targets` are those in force, by indicator code and period. `baselines` are the last figure
    that a load recorded for each indicator, `heads` what stands for it now (corrections included).
    """

    plan: Plan | None = None
    rows: dict[ItemKind, dict[Key, Any]] = field(
        default_factory=lambda: {kind: {} for kind in ItemKind}
    )
    facts: dict[ItemKind, dict[Key, Facts]] = field(
        default_factory=lambda: {kind: {} for kind in ItemKind}
    )
    targets: dict[str, dict[str, Target]] = field(default_factory=lambda: defaultdict(dict))
    baselines: dict[str, Reading] = field(default_factory=dict)
    heads: dict[str, Reading | None] = field(default_factory=dict)

    def retired(self, kind: ItemKind, key: Key) -> bool:
        return getattr(self.rows[kind][key], "retired_at", None) is not None

    def _keep(self, kind: ItemKind, key: Key, row: Model, facts: Facts) -> None:
        self.rows[kind][key] = row
        self.facts[kind][key] = facts


def held(code: str, *, lock: bool) -> Held:
    """The plan of that code as it is now; with `lock`, nobody changes its rows until the end of
    the transaction."""
    found = Held()

    def rows(query: QuerySet[Any]) -> QuerySet[Any]:
        return query.order_by("pk").select_for_update(of=("self",), no_key=True) if lock else query

    found.plan = rows(Plan.objects.filter(code=code)).first()
    if found.plan is None:
        return found
    plan = found.plan
    found._keep(ItemKind.PLAN, (code,), plan, _plan(plan))
    for axis in rows(Axis.objects.filter(plan=plan)):
        facts = {"number": axis.number, "title": axis.title, "summary": axis.summary}
        found._keep(ItemKind.AXIS, (axis.code,), axis, facts)
    _hold_actions(found, rows(Action.objects.filter(plan=plan).select_related("axis")))
    for task in rows(Task.objects.filter(action__plan=plan).select_related("action", "parent")):
        found._keep(ItemKind.TASK, (task.action.code, task.code), task, _task(task))
    lines = BudgetLine.objects.filter(action__plan=plan).select_related("action", "funder", "task")
    for line in rows(lines):
        found._keep(ItemKind.BUDGET_LINE, (line.action.code, line.code), line, _line(line))
    for indicator in rows(Indicator.objects.filter(action__plan=plan).select_related("action")):
        found._keep(ItemKind.INDICATOR, (indicator.code,), indicator, _indicator(indicator))
    in_force = Target.objects.filter(indicator__action__plan=plan, replaced_at__isnull=True)
    for target in rows(in_force.select_related("indicator")):
        found.targets[target.indicator.code][target.period] = target
    _hold_baselines(found, plan, rows)
    return found


def _plan(plan: Plan) -> Facts:
    return {
        "title": plan.title,
        "territory": plan.territory,
        "summary": plan.summary,
        "languages": plan.languages,
        "starts": plan.starts,
        "ends": plan.ends - ONE_DAY,
        "period_kind": plan.period_kind,
    }


def _hold_actions(found: Held, actions: QuerySet[Action]) -> None:
    listed = list(actions)
    codes = {action.pk: action.code for action in listed}
    axes: dict[int, list[str]] = defaultdict(list)
    for action_id, axis in Action.secondary_axes.through.objects.filter(
        action_id__in=codes
    ).values_list("action_id", "axis__code"):
        axes[action_id].append(axis)
    links: dict[int, list[str]] = defaultdict(list)
    for from_id, to_id in Action.links.through.objects.filter(from_action_id__in=codes).values_list(
        "from_action_id", "to_action_id"
    ):
        links[from_id].append(codes[to_id])
    parts: dict[tuple[int, str], list[str]] = defaultdict(list)
    for action_id, part, organisation in Participation.objects.filter(
        action_id__in=codes
    ).values_list("action_id", "part", "organisation__code"):
        parts[action_id, part].append(organisation)
    for action in listed:
        facts = {
            "number": action.number,
            "place": action.place,
            "title": action.title,
            "short": action.short,
            "axis": action.axis.code if action.axis else None,
            "secondary_axes": sorted(axes[action.pk]),
            "priority": action.priority,
            "context": action.context,
            "objectives": action.objectives,
            "timeframe": action.timeframe,
            "starts": action.starts,
            "ends": action.ends - ONE_DAY if action.ends else None,
            "leaders_unknown": action.leaders_unknown,
            "funders_unknown": action.funders_unknown,
            "partners_unknown": action.partners_unknown,
            "resources_unknown": action.resources_unknown,
            "staff": action.staff,
            "examples": action.examples,
            "links": sorted(links[action.pk]),
        }
        facts |= {name: parts[action.pk, part] for name, part in PARTS.items()}
        found._keep(ItemKind.ACTION, (action.code,), action, facts)


def _task(task: Task) -> Facts:
    return {
        "place": task.place,
        "title": task.title,
        "parent": task.parent.code if task.parent else None,
        "starts": task.starts,
        "due": task.planned_due,
    }


def _line(line: BudgetLine) -> Facts:
    return {
        "place": line.place,
        "label": line.label,
        "funder": line.funder.code if line.funder else None,
        "task": line.task.code if line.task else None,
        "year": line.year,
        "recurring": line.recurring,
        "planned_cents": line.planned_cents,
        "planned_high_cents": line.planned_high_cents,
        "note": line.note,
    }


def _indicator(indicator: Indicator) -> Facts:
    plain = (
        "place kind title short definition unit aggregation direction measure measured_from "
        "lag_years baseline baseline_on baseline_source"
    )
    return {
        "action": indicator.action.code,
        **{name: getattr(indicator, name) for name in plain.split()},
    }


def _hold_baselines(found: Held, plan: Plan, rows: Any) -> None:
    """The latest figure that a load recorded for each indicator, and its latest correction."""
    recorded = Reading.objects.filter(indicator__action__plan=plan, from_plan=True)
    for reading in rows(recorded.select_related("indicator")).order_by("pk"):
        found.baselines[reading.indicator.code] = reading
    corrections = {
        reading.corrects_id: reading
        for reading in rows(
            Reading.objects.filter(
                indicator__action__plan=plan,
                corrects__isnull=False,
                state__in=[ReadingState.APPROVED, ReadingState.CORRECTED],
            )
        ).order_by("pk")
    }
    for code, reading in found.baselines.items():
        head = reading
        while head.pk in corrections:
            head = corrections[head.pk]
        found.heads[code] = head if head.state == ReadingState.APPROVED else None
