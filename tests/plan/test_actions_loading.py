"""Loading a plan's file: all of it, twice the same writes nothing, one load at a time."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.utils.translation import override

from diapason.directory.contracts import Role
from diapason.directory.models import Organisation
from diapason.kernel import audit
from diapason.kernel.models import Change
from diapason.kernel.refusals import Refusal
from diapason.plan.actions import load_plan
from diapason.plan.contracts import Goal, TaskState
from diapason.plan.contracts.loads import ChangeKind
from diapason.plan.models import (
    Action,
    Axis,
    BudgetLine,
    Indicator,
    Participation,
    Plan,
    PlanLoad,
    Reading,
    Target,
    Task,
)
from diapason.plan.planfile import read
from tests.directory.factories import person
from tests.plan.loadable import (
    CLERMONT,
    changed_action,
    hashes,
    in_force,
    plan_file,
    text,
)


@pytest.mark.django_db
def test_everything_of_the_file_is_in_the_tables() -> None:
    load_plan(file=plan_file())
    plan = Plan.objects.get(code="anywhere")
    assert (plan.starts, plan.last_day) == (date(2018, 1, 1), date(2021, 12, 31))
    incubation, hub = Action.objects.order_by("place")
    assert incubation.axis == Axis.objects.get(code="support")
    assert [one.code for one in incubation.links.all()] == ["hub-open"]
    assert (incubation.leaders_unknown, hub.leaders_unknown) == (False, True)
    parts = Participation.objects.filter(action=incubation)
    assert set(parts.values_list("part", "organisation__code", "place")) == {
        ("leader", "hub", 1),
        ("funder", "city", 1),
        ("funder", "bank", 2),
    }
    task = Task.objects.get(code="map")
    assert task.parent is not None
    assert (task.parent.code, task.due, task.state) == ("join", date(2019, 6, 30), TaskState.TO_DO)
    line = BudgetLine.objects.get(code="mission")
    assert (line.planned_cents, line.planned_high_cents) == (30_000_00, None)
    assert line.funder is not None
    assert line.funder.code == "city"
    assert line.task == task
    assert BudgetLine.objects.get(code="later").planned_cents is None
    assert in_force("incubated", "2019").goal == Goal(Decimal(5), Decimal(5), exact=True)
    assert in_force("incubated", "2020").goal == Goal(low=Decimal(6))
    assert in_force("films", "plan").goal == Goal(unknown=True)
    assert incubation.staff == [{"label": text("Adviser"), "fte": "0.5"}]


@pytest.mark.django_db
def test_a_starting_figure_is_an_approved_reading_once() -> None:
    load_plan(file=plan_file())
    load_plan(file=plan_file())
    reading = Reading.objects.get()
    assert (reading.value, reading.on, reading.state) == (47, date(2018, 1, 1), "approved")
    assert reading.from_plan
    assert reading.source == "The plan (fr)"
    assert (reading.declared_by, reading.decided_by) == (None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["small", "clermont"])
def test_the_same_file_twice_writes_nothing(source: str) -> None:
    file = plan_file() if source == "small" else read(CLERMONT)[0]
    assert file is not None
    first = load_plan(file=file)
    assert first.counted()[ChangeKind.ADDED] == len(first.changes) > 10
    before = hashes()
    second = load_plan(file=file)
    assert second.empty
    assert second.counted() == {}
    assert hashes() == before


@pytest.mark.django_db
def test_clermont_is_loaded_whole() -> None:
    file, _faults = read(CLERMONT)
    assert file is not None
    load_plan(file=file)
    assert Action.objects.count() == len(file.actions) == 11
    assert Axis.objects.count() == 3
    listed = [entry for _action, entry in file.indicators()]
    assert Indicator.objects.count() == len(listed)
    assert Target.objects.count() == sum(len(entry.targets) for entry in listed)
    assert Organisation.objects.count() == len(file.organisations)
    assert Reading.objects.filter(from_plan=True, value=47, state="approved").count() == 1


@pytest.mark.django_db
def test_an_indicator_may_move_to_another_action() -> None:
    load_plan(file=plan_file())
    key = Indicator.objects.get(code="films").pk
    file = plan_file()
    kept, films = file.actions[0].indicators
    moved = replace(
        file,
        actions=(
            replace(file.actions[0], indicators=(kept,)),
            replace(file.actions[1], indicators=(films,)),
        ),
    )
    load_plan(file=moved)
    assert Indicator.objects.get(code="films").action.code == "hub-open"
    assert Indicator.objects.get(code="films").pk == key


@pytest.mark.django_db
def test_two_plans_do_not_touch_one_another() -> None:
    load_plan(file=plan_file())
    before = set(Indicator.objects.values_list("pk", flat=True))
    load_plan(file=plan_file(code="elsewhere", languages=("en",)))
    assert Indicator.objects.filter(retired_at__isnull=True).count() == 4
    assert before == set(
        Indicator.objects.filter(action__plan__code="anywhere").values_list("pk", flat=True)
    )
    assert load_plan(file=plan_file()).empty


@pytest.mark.django_db
def test_a_load_keeps_its_record_and_the_history_says_who_and_why() -> None:
    load_plan(file=plan_file())
    operator = person(Role.OPERATOR)
    load_plan(
        file=changed_action(plan_file(), priority=True), by=operator, reason="Vote of 3 March"
    )
    load = PlanLoad.objects.first()
    assert load is not None
    assert (load.loaded_by, load.reason) == (operator, "Vote of 3 March")
    assert load.changes == [
        {
            "change": "changed",
            "item": "action",
            "code": "incubation",
            "fields": [{"field": "priority", "language": "", "old": False, "new": True}],
        }
    ]
    entry = audit.history(Action.objects.get(code="incubation"))[-1]
    assert (entry.user_id, entry.why) == (operator.pk, "Vote of 3 March")
    assert [change.field for change in entry.changes] == ["priority"]


@pytest.mark.django_db
def test_only_operators_load() -> None:
    with pytest.raises(PermissionDenied):
        load_plan(file=plan_file(), by=person(Role.PROGRAMME_MANAGER))
    assert not Plan.objects.exists()


@pytest.mark.django_db
def test_a_load_after_another_is_told() -> None:
    seen = load_plan(file=plan_file(), dry_run=True)
    load_plan(file=plan_file())
    with pytest.raises(Refusal, match=r"."):
        load_plan(file=changed_action(plan_file(), priority=True), after=seen.state)
    assert not Action.objects.filter(priority=True).exists()
    seen = load_plan(file=changed_action(plan_file(), priority=True), dry_run=True)
    load_plan(file=changed_action(plan_file(), priority=True), after=seen.state)
    assert Action.objects.filter(priority=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_loads_at_once_one_wins_and_the_other_is_told() -> None:
    started = threading.Barrier(4)
    results: list[str] = []

    def load(number: int) -> None:
        try:
            started.wait()
            load_plan(file=changed_action(plan_file(), title=text(f"Title {number}")))
            results.append("loaded")
        except Refusal as refusal:
            results.append(str(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=load, args=(number,)) for number in range(4)]
    with override("en"):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    assert len(results) == 4
    assert "loaded" in results
    assert Plan.objects.count() == 1
    assert PlanLoad.objects.count() == results.count("loaded")
    assert Change.objects.filter(table_name="plan_plan").count() == results.count("loaded")


@pytest.mark.django_db(transaction=True)
def test_a_load_beside_one_that_is_under_way_is_refused_at_once() -> None:
    inside, done = threading.Event(), threading.Event()

    def hold() -> None:
        from django.db import transaction

        try:
            with transaction.atomic():
                load_plan(file=plan_file())
                inside.set()
                done.wait(timeout=60)
        finally:
            connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert inside.wait(timeout=60)
    try:
        with override("en"), pytest.raises(Refusal, match="Another load is under way"):
            load_plan(file=plan_file(code="elsewhere"))
        assert load_plan(file=plan_file(), dry_run=True).counted()[ChangeKind.ADDED] > 10
    finally:
        done.set()
        thread.join(timeout=60)
    assert [plan.code for plan in Plan.objects.all()] == ["anywhere"]
