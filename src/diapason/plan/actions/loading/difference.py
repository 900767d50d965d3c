"""What has to change so that the tables say what the file says. Reads nothing, writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from diapason.kernel.texts import Text
from diapason.plan.actions.loading.facts import Facts, Key, Wanted, by_language, goal_as_json
from diapason.plan.actions.loading.held import Held
from diapason.plan.contracts import Goal
from diapason.plan.contracts.loads import ChangeKind, FieldChange, ItemChange, ItemKind

# The order in which items are written: what is pointed at comes first.
ORDER = (
    ItemKind.PLAN,
    ItemKind.AXIS,
    ItemKind.ACTION,
    ItemKind.TASK,
    ItemKind.BUDGET_LINE,
    ItemKind.INDICATOR,
)


@dataclass(frozen=True)
class Step:
    """A change together with what is needed to make it: the item's key and the facts to set."""

    change: ItemChange
    key: Key
    facts: Facts


def difference(wanted: Wanted, held: Held, new_organisations: list[tuple[str, Text]]) -> list[Step]:
    """Every step from what is held to what is wanted, in the order of writing; steps of kind
    KEPT say what is left alone."""
    steps = [
        Step(ItemChange(ChangeKind.ADDED, ItemKind.ORGANISATION, code, name), (code,), {})
        for code, name in new_organisations
    ]
    languages = wanted.items[ItemKind.PLAN][next(iter(wanted.items[ItemKind.PLAN]))]["languages"]
    for kind in ORDER:
        steps += _items(kind, wanted.items[kind], held, languages)
    steps += _targets(wanted, held)
    steps += _baselines(wanted, held)
    return steps


def _items(
    kind: ItemKind, wanted: dict[Key, Facts], held: Held, languages: list[str]
) -> Iterator[Step]:
    rows, facts_held = held.rows[kind], held.facts[kind]
    for key, facts in wanted.items():
        name = _name(facts)
        if key not in rows:
            yield Step(ItemChange(ChangeKind.ADDED, kind, "/".join(key), name), key, facts)
            continue
        before = facts_held[key]
        changed = {field: value for field, value in facts.items() if value != before[field]}
        told = tuple(_field_changes(changed, before, languages))
        if held.retired(kind, key):
            change = ItemChange(ChangeKind.RESTORED, kind, "/".join(key), name, told)
            yield Step(change, key, changed)
        elif changed:
            change = ItemChange(ChangeKind.CHANGED, kind, "/".join(key), name, told)
            yield Step(change, key, changed)
    for key, facts in facts_held.items():
        if key not in wanted and not held.retired(kind, key):
            change = ItemChange(ChangeKind.RETIRED, kind, "/".join(key), _name(facts))
            yield Step(change, key, {})


def _name(facts: Facts) -> Text:
    return Text(facts.get("title") or facts.get("label") or {})


def _field_changes(
    changed: Facts, before: Facts, languages: Iterable[str]
) -> Iterator[FieldChange]:
    for name, value in changed.items():
        old = by_language(before[name], languages)
        new = by_language(value, languages)
        # A list of texts that was or becomes empty has no language on that side.
        for language in dict.fromkeys((*old, *new)):
            if language == "" and len(old) + len(new) > 2:
                continue
            was, becomes = old.get(language, ""), new.get(language, "")
            if was != becomes:
                yield FieldChange(name, _frozen(was), _frozen(becomes), language)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _targets(wanted: Wanted, held: Held) -> Iterator[Step]:
    """Targets by the rule of docs/decisions/0004: where the file's value is another than at its
    last load it holds; where it is the same, what was decided since stands."""
    for code, goals in wanted.goals.items():
        indicator = held.rows[ItemKind.INDICATOR].get((code,))
        last: dict[str, Any] = indicator.file_goals if indicator else {}
        in_force = held.targets.get(code, {})
        name = _name(wanted.items[ItemKind.INDICATOR][code,])
        for period, (goal, note) in goals.items():
            target = in_force.get(period)
            facts = {"goal": goal, "note": note}
            if target is None:
                yield _target(ChangeKind.ADDED, code, period, name, None, facts)
            elif target.goal == goal:
                if target.from_file and Text(target.note) != Text(note):
                    yield _target(ChangeKind.CHANGED, code, period, name, None, {"note": note})
            elif last.get(period) == goal_as_json(goal):
                yield _target(ChangeKind.KEPT, code, period, name, goal, {"goal": target.goal})
            else:
                yield _target(ChangeKind.CHANGED, code, period, name, target.goal, facts)
        for period, target in in_force.items():
            if period not in goals:
                kind = ChangeKind.RETIRED if period in last else ChangeKind.KEPT
                yield _target(kind, code, period, name, target.goal, {})


def _target(
    kind: ChangeKind, code: str, period: str, name: Text, old: Goal | None, facts: Facts
) -> Step:
    told: tuple[FieldChange, ...] = ()
    if "goal" in facts or old is not None:
        told = (FieldChange("goal", old, facts.get("goal")),)
    elif "note" in facts:
        told = (FieldChange("note", None, facts["note"]),)
    change = ItemChange(kind, ItemKind.TARGET, f"{code}/{period}", name, told)
    return Step(change, (code, period), facts)


def _baselines(wanted: Wanted, held: Held) -> Iterator[Step]:
    for code, facts in wanted.baselines.items():
        name = _name(wanted.items[ItemKind.INDICATOR][code,])
        recorded = held.baselines.get(code)
        if recorded is None:
            yield _baseline(ChangeKind.ADDED, code, name, None, facts)
            continue
        before = {"value": recorded.value, "on": recorded.on, "source": recorded.source}
        # A figure that people corrected since stays corrected as long as the file is the same.
        if before != facts or held.heads[code] is None:
            yield _baseline(ChangeKind.CHANGED, code, name, before, facts)
    for code in held.baselines:
        in_plan = (code,) in wanted.items[ItemKind.INDICATOR]
        if code not in wanted.baselines and in_plan and held.heads[code] is not None:
            name = _name(wanted.items[ItemKind.INDICATOR][code,])
            yield _baseline(ChangeKind.RETIRED, code, name, None, {})


def _baseline(kind: ChangeKind, code: str, name: Text, before: Facts | None, facts: Facts) -> Step:
    told = tuple(
        FieldChange(field, before[field] if before else None, value)
        for field, value in facts.items()
        if before is None or before[field] != value
    )
    return Step(ItemChange(kind, ItemKind.BASELINE, code, name, told), (code,), facts)
