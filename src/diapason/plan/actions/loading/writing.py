"""Writes the steps that `difference` found. Only `load_plan` calls it, inside its transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from diapason.kernel import clock
from diapason.plan.actions.loading.difference import Step
from diapason.plan.actions.loading.facts import Facts, Key, Wanted, goal_as_json
from diapason.plan.actions.loading.held import ONE_DAY, PARTS, Held
from diapason.plan.contracts import Goal, ReadingState
from diapason.plan.contracts.loads import ChangeKind, ItemKind
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

MODELS = {
    ItemKind.PLAN: Plan,
    ItemKind.AXIS: Axis,
    ItemKind.ACTION: Action,
    ItemKind.TASK: Task,
    ItemKind.BUDGET_LINE: BudgetLine,
    ItemKind.INDICATOR: Indicator,
}
# Facts that are kept in a table of their own, set once the item itself is there.
RELATED = {"secondary_axes", "links", "parent", *PARTS}


class Writer:
    """Sets facts on rows; `rows` grows as items are added."""

    def __init__(
        self, wanted: Wanted, held: Held, organisations: dict[str, int], by: Any, reason: str
    ) -> None:
        self.wanted, self.organisations = wanted, organisations
        self.rows, self.targets, self.held = held.rows, held.targets, held
        self.by, self.reason, self.now = by, reason, clock.now()

    def write(self, steps: Iterable[Step]) -> Plan:
        """Make every change but those of kind KEPT; gives the plan."""
        listed = [step for step in steps if step.change.kind is not ChangeKind.KEPT]
        for step in listed:
            match step.change.item:
                case ItemKind.ORGANISATION | ItemKind.TARGET | ItemKind.BASELINE:
                    continue
                case kind if step.change.kind is ChangeKind.RETIRED:
                    self._retire(kind, step.key)
                case kind:
                    self._set(kind, step.key, step.facts)
        for step in listed:
            self._relate(step)
        self._remember_goals()
        for step in listed:
            if step.change.item is ItemKind.TARGET:
                self._target(step)
            elif step.change.item is ItemKind.BASELINE:
                self._baseline(step)
        return next(iter(self.rows[ItemKind.PLAN].values()))

    def _retire(self, kind: ItemKind, key: Key) -> None:
        row = self.rows[kind][key]
        row.retired_at = self.now
        row.save(update_fields=["retired_at"])

    def _set(self, kind: ItemKind, key: Key, facts: Facts) -> None:
        row: Any = self.rows[kind].get(key)
        adding = row is None
        if row is None:
            row = MODELS[kind](code=key[-1])
            self._place(kind, key, row)
            self.rows[kind][key] = row
        if kind is not ItemKind.PLAN:
            row.retired_at = None
        for name, value in facts.items():
            if name not in RELATED:
                self._assign(kind, key, row, name, value)
        if kind is ItemKind.TASK and not adding:
            row.version += 1
        row.save()

    def _place(self, kind: ItemKind, key: Key, row: Any) -> None:
        """Put a new row under what it belongs to."""
        if kind in {ItemKind.AXIS, ItemKind.ACTION}:
            row.plan = next(iter(self.rows[ItemKind.PLAN].values()))
        elif kind in {ItemKind.TASK, ItemKind.BUDGET_LINE}:
            row.action = self.rows[ItemKind.ACTION][key[:1]]

    def _assign(self, kind: ItemKind, key: Key, row: Any, name: str, value: Any) -> None:
        match kind, name:
            case (ItemKind.PLAN | ItemKind.ACTION, "ends"):
                row.ends = value + ONE_DAY if value else None
            case (ItemKind.ACTION, "axis"):
                row.axis = self.rows[ItemKind.AXIS][value,] if value else None
            case (ItemKind.BUDGET_LINE, "funder"):
                row.funder_id = self.organisations[value] if value else None
            case (ItemKind.BUDGET_LINE, "task"):
                row.task = self.rows[ItemKind.TASK][key[0], value] if value else None
            case (ItemKind.INDICATOR, "action"):
                row.action = self.rows[ItemKind.ACTION][value,]
            case (ItemKind.TASK, "due"):
                row.planned_due = row.due = value
            case (ItemKind.TASK, "starts"):
                row.starts = value
                if value and row.due and row.due < value:
                    row.due = row.planned_due
            case _:
                setattr(row, name, value)

    def _relate(self, step: Step) -> None:
        if step.change.item is ItemKind.TASK and "parent" in step.facts:
            task = self.rows[ItemKind.TASK][step.key]
            parent = step.facts["parent"]
            found = self.rows[ItemKind.TASK][step.key[0], parent] if parent else None
            if task.parent != found:
                task.parent = found
                task.save(update_fields=["parent"])
        if step.change.item is not ItemKind.ACTION:
            return
        action = self.rows[ItemKind.ACTION][step.key]
        if "secondary_axes" in step.facts:
            axes = [self.rows[ItemKind.AXIS][code,] for code in step.facts["secondary_axes"]]
            action.secondary_axes.set(axes)
        if "links" in step.facts:
            action.links.set([self.rows[ItemKind.ACTION][code,] for code in step.facts["links"]])
        for name, part in PARTS.items():
            if name in step.facts:
                self._participations(action, part, step.facts[name])

    def _participations(self, action: Action, part: str, codes: list[str]) -> None:
        wanted = {self.organisations[code]: place for place, code in enumerate(codes, 1)}
        held = Participation.objects.filter(action=action, part=part)
        held.exclude(organisation_id__in=wanted).delete()
        there = {one.organisation_id: one for one in held}
        for organisation_id, place in wanted.items():
            one = there.get(organisation_id) or Participation(
                action=action, part=part, organisation_id=organisation_id
            )
            if one.place != place:
                one.place = place
                one.save()

    def _remember_goals(self) -> None:
        """Keep what the file says of each target, to know at the next load whether it changed."""
        for code, goals in self.wanted.goals.items():
            indicator = self.rows[ItemKind.INDICATOR][code,]
            said = {period: goal_as_json(goal) for period, (goal, _note) in goals.items()}
            if indicator.file_goals != said:
                indicator.file_goals = said
                indicator.save(update_fields=["file_goals"])

    def _target(self, step: Step) -> None:
        code, period = step.key
        old = self.targets.get(code, {}).get(period)
        if old is not None and "goal" not in step.facts and "note" in step.facts:
            old.note = step.facts["note"]
            old.save(update_fields=["note"])
            return
        if old is not None:
            old.replaced_at = self.now
            old.save(update_fields=["replaced_at"])
        if step.change.kind is ChangeKind.RETIRED:
            return
        goal: Goal = step.facts["goal"]
        Target.objects.create(
            indicator=self.rows[ItemKind.INDICATOR][code,],
            period=period,
            low=goal.low,
            high=goal.high,
            exact=goal.exact,
            per_event=goal.per_event,
            unknown=goal.unknown,
            note=step.facts["note"],
            decided_at=self.now,
            decided_by=self.by,
            from_file=True,
            reason=self.reason,
        )

    def _baseline(self, step: Step) -> None:
        (code,) = step.key
        head = self.held.heads.get(code)
        if head is not None:
            head.state = ReadingState.CORRECTED
            head.save(update_fields=["state"])
        if step.change.kind is ChangeKind.RETIRED:
            return
        Reading.objects.create(
            indicator=self.rows[ItemKind.INDICATOR][code,],
            state=ReadingState.APPROVED,
            from_plan=True,
            decided_at=self.now,
            declared_at=self.now,
            corrects=head,
            **step.facts,
        )


def recorded(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The changes as the record of the load keeps them: raw values, in no language."""
    return [
        {
            "change": step.change.kind,
            "item": step.change.item,
            "code": step.change.code,
            "fields": [
                {
                    "field": changed.field,
                    "language": changed.language,
                    "old": _raw(changed.old),
                    "new": _raw(changed.new),
                }
                for changed in step.change.fields
            ],
        }
        for step in steps
    ]


def _raw(value: Any) -> Any:
    match value:
        case Goal():
            return goal_as_json(value)
        case tuple():
            return [_raw(part) for part in value]
        case None | bool() | int() | str() | dict():
            return value
    return str(value)
