"""What a load tells that it changes, before it does and after."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from diapason.plan.actions import load_plan
from diapason.plan.contracts.loads import ChangeKind, ItemKind
from tests.plan.loadable import (
    changed_action,
    changed_indicator,
    hashes,
    plan_file,
    target,
    text,
)


@pytest.mark.django_db
def test_a_report_says_old_and_new_in_the_readers_language() -> None:
    load_plan(file=plan_file())
    file = changed_action(
        plan_file(), title={"fr": "Incuber", "en": "Incubate (en)"}, priority=True
    )
    (change,) = load_plan(file=file).changes
    with override("en"):
        assert change.lines == [
            "Action “Incubate (en)” (incubation): changed",
            "  title (fr): Incubate (fr) → Incuber",
            "  priority: no → yes",
        ]
    with override("fr"):
        assert change.lines == [
            "Action «\N{NO-BREAK SPACE}Incuber\N{NO-BREAK SPACE}» (incubation)"
            "\N{NO-BREAK SPACE}: modification",
            "  titre (fr)\N{NO-BREAK SPACE}: Incubate (fr) → Incuber",
            "  prioritaire\N{NO-BREAK SPACE}: non → oui",
        ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("goal", "words"),
    [
        ({"value": "1234.5"}, "1,234.5"),
        ({"minimum": 60}, "at least 60"),
        ({"low": 8, "high": 10}, "8 to 10"),
        ({"unknown": True}, "to be specified"),
    ],
)
def test_a_report_tells_targets_in_words(goal: dict[str, Any], words: str) -> None:
    load_plan(file=plan_file())
    report = load_plan(
        file=changed_indicator(plan_file(), targets=(target("2019", **goal),)), dry_run=True
    )
    with override("en"):
        assert f"  target: 5 → {words}" in report.lines


@pytest.mark.django_db
def test_a_dry_run_tells_the_same_and_writes_nothing() -> None:
    before = hashes()
    dry = load_plan(file=plan_file(), dry_run=True)
    assert hashes() == before
    wet = load_plan(file=plan_file())
    assert (dry.changes, dry.kept) == (wet.changes, wet.kept)
    assert (dry.dry_run, wet.dry_run) == (True, False)
    changed = changed_indicator(changed_action(plan_file(), title=text("Better")), targets=())
    before = hashes()
    dry = load_plan(file=changed, dry_run=True)
    assert hashes() == before
    assert dry.changes == load_plan(file=changed).changes


def test_every_kind_of_item_has_a_name_in_the_report() -> None:
    for kind in ItemKind:
        assert str(kind.label)
    for change in ChangeKind:
        assert str(change.label)
