"""The plan's own measures: what they count, on which days, and number = sum of the rows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diapason.directory.contracts import Role
from diapason.kernel.changes import stamp
from diapason.kernel.measures import Evidence, find, fold
from diapason.kernel.periods import Window, parse
from diapason.plan.contracts import TaskState
from diapason.plan.models import BudgetEntry
from tests.directory.factories import OrganisationFactory, person
from tests.plan.factories import (
    ActionFactory,
    BudgetEntryFactory,
    BudgetLineFactory,
    PlanFactory,
    TaskFactory,
)

pytestmark = pytest.mark.django_db
YEAR = parse("2019").window
KEYS = ["plan.tasks_done", "plan.money_committed", "plan.money_spent"]
MONEY = {"plan.money_committed": BudgetEntry.COMMITTED, "plan.money_spent": BudgetEntry.SPENT}


def evidence(key: str, window: Window = YEAR) -> Evidence:
    return find(key).evidence(window)


def record(key: str, on: date, action: Any = None, amount_cents: int = 1_00) -> Any:
    """One row of the measure, on that day."""
    action = action or ActionFactory()
    if key == "plan.tasks_done":
        return TaskFactory(action=action, state=TaskState.DONE, done_on=on)
    return BudgetEntryFactory(
        line__action=action, kind=MONEY[key], on=on, amount_cents=amount_cents, reason="Because"
    )


def readers() -> list[Any]:
    return [AnonymousUser(), person(), *(person(role) for role in Role)]


@pytest.mark.parametrize("key", KEYS)
def test_an_empty_window_counts_nothing(key: str) -> None:
    record(key, date(2019, 5, 1))
    number = evidence(key, Window(date(2019, 5, 1), date(2019, 5, 1))).number()
    assert (number.value, number.rows) == (0, 0)
    assert evidence(key, parse("2018").window).number().value == 0


@pytest.mark.parametrize("key", KEYS)
def test_the_first_day_is_in_and_the_end_is_not(key: str) -> None:
    for on in (date(2018, 12, 31), date(2019, 1, 1), date(2019, 12, 31), date(2020, 1, 1)):
        record(key, on)
    assert evidence(key).number().value == 2
    lines = evidence(key).lines(person(Role.OPERATOR))
    assert [line.on for line in lines] == [date(2019, 1, 1), date(2019, 12, 31)]


@pytest.mark.parametrize("key", KEYS)
def test_another_plan_beside_it_is_told_apart(key: str) -> None:
    here, there = ActionFactory(plan=PlanFactory(code="here")), ActionFactory()
    record(key, date(2019, 5, 1), here)
    record(key, date(2019, 5, 1), there)
    assert evidence(key).number().value == 2
    assert evidence(key).narrowed({"plan": "here"}).number().value == 1
    assert dict(evidence(key).split("plan")).keys() == {"here", there.plan.code}


def test_only_done_tasks_count_even_once_they_left_the_plan() -> None:
    TaskFactory(state=TaskState.UNDER_WAY)
    TaskFactory(state=TaskState.DROPPED)
    TaskFactory(state=TaskState.DONE, done_on=date(2019, 2, 1), retired_at="2020-01-01T00:00Z")
    assert evidence("plan.tasks_done").number().value == 1


def test_tasks_are_split_by_action_and_organisation() -> None:
    action, cluster = ActionFactory(code="incubation"), OrganisationFactory(code="cluster")
    done = {"action": action, "state": TaskState.DONE, "done_on": date(2019, 2, 1)}
    TaskFactory.create_batch(2, organisation=cluster, **done)
    TaskFactory(**done)
    found = evidence("plan.tasks_done")
    assert [(part, number.value) for part, number in found.split("organisation")] == [
        ("cluster", 2),
        (None, 1),
    ]
    assert [(part, number.value) for part, number in found.split("action")] == [("incubation", 3)]


def test_money_is_exact_to_the_cent_and_corrections_count() -> None:
    line = BudgetLineFactory()
    for amount in (10, 20, 1_000_000_000_01, -3):
        BudgetEntryFactory(line=line, amount_cents=amount, reason="Because")
    BudgetEntryFactory(line=line, kind=BudgetEntry.COMMITTED, amount_cents=7)
    assert evidence("plan.money_spent").number().value == Decimal("1000000000.28")
    assert evidence("plan.money_committed").number().value == Decimal("0.07")
    ((funder, number),) = evidence("plan.money_spent").split("organisation")
    assert (funder, number.rows) == (line.funder.code, 4)


def test_a_tasks_name_is_in_the_readers_language() -> None:
    TaskFactory(
        state=TaskState.DONE, done_on=date(2019, 2, 1), title={"fr": "Recenser", "en": "Map"}
    )
    with override("en"):
        assert evidence("plan.tasks_done").lines(AnonymousUser())[0].label == "Map"
    with override("fr"):
        assert evidence("plan.tasks_done").lines(AnonymousUser())[0].label == "Recenser"


def test_who_may_open_an_entry_of_money() -> None:
    BudgetEntryFactory(source="Invoice of somebody")
    for reader in readers():
        (line,) = evidence("plan.money_spent").lines(reader)
        staff = reader.is_authenticated and reader.holds(
            Role.ADVISOR, Role.PROGRAMME_MANAGER, Role.OPERATOR
        )
        assert line.named == staff
        assert line.label == ("Invoice of somebody" if staff else "")
        assert line.amount == 1000


@pytest.mark.parametrize("key", KEYS)
def test_a_write_is_seen_by_the_stamp_of_its_tables(key: str) -> None:
    tables = find(key).tables
    before = stamp(tables)
    record(key, date(2019, 5, 1))
    assert stamp(tables) != before


days = st.dates(date(2018, 6, 1), date(2020, 6, 30))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    key=st.sampled_from(KEYS),
    rows=st.lists(
        st.tuples(days, st.integers(-10_000, 10**9).filter(bool), st.booleans()), max_size=8
    ),
    start=days,
    length=st.integers(0, 800),
)
def test_the_number_is_the_sum_of_its_rows_for_everybody(
    key: str, rows: list[tuple[date, int, bool]], start: date, length: int
) -> None:
    here, there = ActionFactory(), ActionFactory()
    for on, amount_cents, is_here in rows:
        record(key, on, here if is_here else there, amount_cents)
    whole = evidence(key, Window(start, start + timedelta(days=length)))
    everybody = readers()
    for found in (whole, whole.narrowed({"plan": here.plan.code, "action": here.code})):
        number = found.number()
        for reader in everybody:
            lines = list(found.every_line(reader, step=3))
            assert fold(found.value, lines) == number.value
            assert len(lines) == number.rows
    parts = [number.value for _part, number in whole.split("action")]
    assert sum(parts) == whole.narrowed({}).number().value
