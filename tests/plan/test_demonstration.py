"""The invented records of a demonstration: of any plan, once, never after the day."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diapason.directory.contracts import Role
from diapason.kernel import measures
from diapason.plan.actions import load_plan
from diapason.plan.contracts import ReadingState, Status, TaskState
from diapason.plan.demonstration.money import make_entries
from diapason.plan.demonstration.readings import make_readings
from diapason.plan.demonstration.tasks import make_progress
from diapason.plan.models import BudgetEntry, Plan, Reading, Target, Task, TaskNote
from diapason.plan.planfile import read
from diapason.plan.queries import figures
from tests.directory.factories import person

CLERMONT = Path(__file__).parents[2] / "plans" / "clermont.yaml"
DAY = date(2020, 11, 23)


@pytest.fixture
def team(db: None) -> list[Any]:
    return [
        person(Role.ADVISOR),
        person(Role.PROGRAMME_MANAGER),
        person(Role.PROGRAMME_MANAGER),
    ]


@pytest.fixture
def plan(db: None) -> Plan:
    file, faults = read(CLERMONT)
    assert file is not None, faults
    load_plan(file=file)
    return Plan.objects.get()


def make(day: date) -> None:
    for maker in (make_readings, make_progress, make_entries):
        maker(day)


def counts() -> dict[str, int]:
    made = {
        model.__name__: model.objects.count() for model in (Reading, TaskNote, BudgetEntry, Target)
    }
    return made | Counter(Reading.objects.values_list("state", flat=True))


def test_it_shows_every_state_and_doubles_nothing(plan: Plan, team: list[Any]) -> None:
    facts = list(Reading.objects.filter(from_plan=True).values_list("pk", "value", "state"))
    make(DAY)
    once = counts()
    make(DAY)
    assert counts() == once
    assert list(Reading.objects.filter(from_plan=True).values_list("pk", "value", "state")) == facts

    invented = Reading.objects.filter(from_plan=False)
    assert not invented.filter(invented=False).exists()
    assert not invented.filter(on__gt=DAY).exists()
    assert {reading.state for reading in invented} == {
        ReadingState.DECLARED,
        ReadingState.APPROVED,
        ReadingState.RETURNED,
        ReadingState.CORRECTED,
    }
    assert set(invented.values_list("source", flat=True)) == {
        "Chiffre inventé pour la démonstration"
    }

    shown = {one.status for one in figures.figures(plan, at=DAY)}
    assert shown == set(Status)
    offered = measures.offered()
    declared = [one for one in figures.indicators_of(plan) if one.measure not in offered]
    covered = invented.values("indicator").distinct().count() / len(declared)
    assert 0.4 < covered < 0.8

    states = Counter(Task.objects.values_list("state", flat=True))
    assert {TaskState.TO_DO, TaskState.UNDER_WAY, TaskState.DONE} <= set(states)
    assert Task.objects.filter(state=TaskState.UNDER_WAY, due__lt=DAY).exists()
    assert not Task.objects.filter(done_on__gt=DAY).exists()

    money = BudgetEntry.objects.all()
    assert not money.filter(invented=False).exists()
    assert not money.filter(on__gt=DAY).exists()
    assert money.filter(amount_cents__lt=0).count() == 1

    changed = Target.objects.filter(from_file=False)
    assert [target.reason.startswith("Décision inventée") for target in changed] == [True]


def test_on_a_later_day_there_is_more_and_nothing_twice(plan: Plan, team: list[Any]) -> None:
    make(date(2019, 3, 1))
    early = set(Reading.objects.values_list("request_key", flat=True))
    make(DAY)
    late = Reading.objects.values_list("request_key", flat=True)
    assert early < set(late)
    assert not Reading.objects.filter(
        on__lt=date(2020, 1, 1), state__in=[ReadingState.DECLARED, ReadingState.RETURNED]
    ).exists()


def test_before_the_plan_nothing_is_known(plan: Plan, team: list[Any]) -> None:
    make(date(2017, 6, 1))
    assert not Reading.objects.filter(from_plan=False).exists()
    assert not BudgetEntry.objects.exists()


def test_without_plan_or_people_it_does_nothing(plan: Plan) -> None:
    make(DAY)
    assert not Reading.objects.filter(from_plan=False).exists()
