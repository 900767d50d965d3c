"""What a load leaves of what people did: decisions, progress, corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from diapason.directory.contracts import Role
from diapason.plan.actions import load_plan
from diapason.plan.contracts import ReadingState, TaskState
from diapason.plan.contracts.loads import ChangeKind
from diapason.plan.models import (
    Indicator,
    Reading,
    Target,
    Task,
)
from tests.directory.factories import UserFactory, person
from tests.plan.factories import TargetFactory
from tests.plan.loadable import (
    changed_action,
    changed_indicator,
    decide,
    hashes,
    in_force,
    plan_file,
    target,
    text,
    told,
)


@pytest.mark.django_db
def test_what_leaves_the_file_is_retired_and_comes_back() -> None:
    load_plan(file=plan_file())
    keys = dict(Indicator.objects.values_list("code", "pk"))
    bare = changed_action(plan_file(), tasks=(), budget=(), indicators=())
    report = load_plan(file=replace(bare, actions=(replace(bare.actions[0], links=()),)))
    assert {code for kind, _item, code in told(report) if kind == "retired"} == {
        "hub-open",
        "incubation/map",
        "incubation/join",
        "incubation/mission",
        "incubation/later",
        "incubated",
        "films",
    }
    assert Indicator.objects.filter(retired_at__isnull=False).count() == 2
    assert Target.objects.count() == 3
    back = load_plan(file=plan_file())
    assert back.counted()[ChangeKind.RESTORED] == 7
    assert dict(Indicator.objects.values_list("code", "pk")) == keys
    assert not Indicator.objects.filter(retired_at__isnull=False).exists()
    assert Target.objects.count() == 3


@pytest.mark.django_db
def test_a_changed_target_closes_the_old_one_with_the_reason() -> None:
    load_plan(file=plan_file())
    first = in_force("incubated", "2019")
    manager = person(Role.OPERATOR)
    file = changed_indicator(
        plan_file(), targets=(target("2019", value=8), target("2020", minimum=6))
    )
    load_plan(file=file, by=manager, reason="Committee of March")
    first.refresh_from_db()
    second = in_force("incubated", "2019")
    assert (first.low, second.low) == (5, 8)
    assert first.replaced_at == second.decided_at
    assert (second.reason, second.decided_by, second.from_file) == (
        "Committee of March",
        manager,
        True,
    )


@pytest.mark.django_db
def test_a_decision_stands_as_long_as_the_file_says_the_same() -> None:
    load_plan(file=plan_file())
    decided = decide("incubated", "2019", 7)
    report = load_plan(file=changed_action(plan_file(), priority=True))
    assert ("kept", "target", "incubated/2019") in told(report)
    assert in_force("incubated", "2019") == decided
    # The file's own word changes: it is the committee's at that load.
    newer = changed_indicator(
        plan_file(), targets=(target("2019", value=9), target("2020", minimum=6))
    )
    load_plan(file=newer)
    assert in_force("incubated", "2019").low == 9
    # And where the file comes to say what was decided, the decision is already in force.
    decided = decide("incubated", "2020", 7)
    agreed = changed_indicator(
        plan_file(), targets=(target("2019", value=9), target("2020", value=7))
    )
    load_plan(file=agreed)
    assert in_force("incubated", "2020") == decided
    before = hashes()
    load_plan(file=agreed)
    assert hashes() == before


@pytest.mark.django_db
def test_a_target_that_leaves_the_file_is_closed_and_one_it_never_had_stays() -> None:
    load_plan(file=plan_file())
    extra = TargetFactory(indicator=Indicator.objects.get(code="incubated"), period="2021")
    report = load_plan(file=changed_indicator(plan_file(), targets=(target("2020", minimum=6),)))
    assert {("retired", "target", "incubated/2019"), ("kept", "target", "incubated/2021")} <= told(
        report
    )
    assert not Target.objects.filter(period="2019", replaced_at__isnull=True).exists()
    assert in_force("incubated", "2021") == extra
    # It comes back, although its last value in the file was the same.
    load_plan(file=plan_file())
    assert in_force("incubated", "2019").low == 5


@pytest.mark.django_db
def test_peoples_progress_on_tasks_is_kept() -> None:
    load_plan(file=plan_file())
    owner = person(Role.ADVISOR)
    Task.objects.filter(code="map").update(
        state=TaskState.UNDER_WAY, owner=owner, due=date(2019, 9, 30)
    )
    tasks = list(plan_file().actions[0].tasks)
    tasks[0] = replace(tasks[0], title=text("Map all"))
    load_plan(file=changed_action(plan_file(), tasks=tuple(tasks)))
    task = Task.objects.get(code="map")
    assert (task.state, task.owner, task.due) == (TaskState.UNDER_WAY, owner, date(2019, 9, 30))
    assert task.title == text("Map all")
    assert task.version == 2
    # A new date in the file replaces the one that people moved.
    tasks[0] = replace(tasks[0], due=date(2019, 12, 31))
    load_plan(file=changed_action(plan_file(), tasks=tuple(tasks)))
    assert Task.objects.get(code="map").due == date(2019, 12, 31)


@pytest.mark.django_db
def test_a_starting_figure_that_changes_corrects_the_first() -> None:
    load_plan(file=plan_file())
    films = plan_file().actions[0].indicators[1]
    assert films.baseline is not None
    newer = replace(films, baseline=replace(films.baseline, value=Decimal(48)))
    file = changed_action(plan_file(), indicators=(plan_file().actions[0].indicators[0], newer))
    load_plan(file=file)
    first, second = Reading.objects.order_by("pk")
    assert (first.state, second.state) == (ReadingState.CORRECTED, ReadingState.APPROVED)
    assert (second.value, second.corrects) == (48, first)
    before = hashes()
    load_plan(file=file)
    assert hashes() == before
    gone = replace(films, baseline=None)
    load_plan(
        file=changed_action(plan_file(), indicators=(plan_file().actions[0].indicators[0], gone))
    )
    assert not Reading.objects.filter(state=ReadingState.APPROVED).exists()


@pytest.mark.django_db
def test_a_starting_figure_corrected_by_people_stays_corrected() -> None:
    load_plan(file=plan_file())
    first = Reading.objects.get()
    Reading.objects.filter(pk=first.pk).update(state=ReadingState.CORRECTED)
    better = Reading.objects.create(
        indicator=first.indicator,
        on=first.on,
        value=50,
        source="Recount",
        state=ReadingState.APPROVED,
        decided_at=timezone.now(),
        decided_by=UserFactory(),
        corrects=first,
    )
    report = load_plan(file=changed_action(plan_file(), priority=True))
    assert {item for _kind, item, _code in told(report)} == {"action"}
    assert Reading.objects.filter(state=ReadingState.APPROVED).get() == better
