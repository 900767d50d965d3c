"""Money committed and spent: entries only ever grow, and their sums are right at any moment."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from diapason.directory.contracts import Role
from diapason.kernel import audit
from diapason.kernel.refusals import Refusal, SentOtherwise
from diapason.plan.actions import record_budget_entry
from diapason.plan.contracts.values import LineMoney
from diapason.plan.models import BudgetEntry, BudgetLine
from tests.directory.factories import person
from tests.plan.factories import BudgetLineFactory
from tests.plan.racing import race


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def line(db: None) -> BudgetLine:
    return BudgetLineFactory(planned_cents=30_000_00)


def record(line: BudgetLine, amount_cents: int, **fields: Any) -> tuple[BudgetEntry, LineMoney]:
    given = {
        "by": fields.get("by") or person(Role.PROGRAMME_MANAGER),
        "kind": BudgetEntry.SPENT,
        "on": date(2019, 6, 30),
        "source": "Invoice 12",
    }
    return record_budget_entry(line=line, amount_cents=amount_cents, **(given | fields))


def test_money_is_recorded_by_kind(line: BudgetLine) -> None:
    manager = person(Role.PROGRAMME_MANAGER)
    record(line, 20_000_00, kind=BudgetEntry.COMMITTED, source="Order 3")
    entry, money = record(line, 12_000_50, by=manager)
    assert (entry.recorded_by, entry.amount_cents) == (manager, 12_000_50)
    assert money == LineMoney(30_000_00, 20_000_00, 12_000_50)
    assert money.over_cents == 0
    assert audit.history(entry)[0].user_id == manager.pk


def test_more_may_be_spent_than_planned_and_the_answer_says_so(line: BudgetLine) -> None:
    record(line, 30_000_00)
    _entry, money = record(line, 1)
    assert money.over_cents == 1


def test_nothing_is_over_what_was_never_specified(db: None) -> None:
    _entry, money = record(BudgetLineFactory(planned_cents=None), 5)
    assert (money.planned_cents, money.over_cents) == (None, 0)


def test_a_line_of_each_year_is_planned_for_all_of_them(db: None) -> None:
    line = BudgetLineFactory(planned_cents=10_00, recurring=True, year=None)
    assert record(line, 1)[1].planned_cents == 40_00
    ranged = BudgetLineFactory(planned_cents=10_00, planned_high_cents=15_00)
    assert record(ranged, 1)[1].planned_cents == 15_00


def test_a_mistake_is_corrected_by_an_opposite_entry(line: BudgetLine) -> None:
    record(line, 100)
    with pytest.raises(Refusal, match="says why") as refusal:
        record(line, -40)
    assert refusal.value.field == "reason"
    with pytest.raises(Refusal, match="more than was recorded") as refusal:
        record(line, -101, reason="Typed twice")
    assert refusal.value.field == "amount"
    with pytest.raises(Refusal, match="more than was recorded"):
        record(line, -1, kind=BudgetEntry.COMMITTED, reason="Nothing was committed")
    entry, money = record(line, -40, reason="Typed twice")
    assert (entry.reason, money.spent_cents) == ("Typed twice", 60)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"amount_cents": 0}, "amount", "zero"),
        ({"kind": "lost"}, "kind", "committed or spent"),
        ({"source": " "}, "source", "Name the order"),
        ({"source": "x" * 301}, "source", "300"),
        ({"on": date(2999, 1, 1)}, "on", "future"),
        ({"on": date(1, 1, 1)}, "on", "long before the plan"),
    ],
)
def test_what_cannot_be_is_refused(
    line: BudgetLine, fields: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refusal:
        record(line, fields.pop("amount_cents", 5), **fields)
    assert refusal.value.field == field
    assert not BudgetEntry.objects.exists()


def test_a_line_that_left_the_plan_takes_corrections_alone(line: BudgetLine) -> None:
    record(line, 10)
    BudgetLine.objects.filter(pk=line.pk).update(retired_at="2020-01-01T00:00Z")
    with pytest.raises(Refusal, match="no longer in the plan"):
        record(line, 5)
    assert record(line, -10, reason="Never paid")[1].spent_cents == 0


def test_only_managers_record_spending(line: BudgetLine) -> None:
    with pytest.raises(PermissionDenied):
        record(line, 5, by=person(Role.ADVISOR))


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twenty_times_at_once_makes_one_entry() -> None:
    line, manager, key = BudgetLineFactory(), person(Role.PROGRAMME_MANAGER), uuid.uuid4()
    results = [
        result[0].pk
        for _wave in range(2)
        for result in race(*[lambda: record(line, 5, by=manager, request_key=key)] * 10)
    ]
    assert set(results) == {BudgetEntry.objects.get().pk}
    assert len(results) == 20


def test_another_entry_under_the_same_key_is_not_swallowed(line: BudgetLine) -> None:
    manager, key = person(Role.PROGRAMME_MANAGER), uuid.uuid4()
    record(line, 5, by=manager, request_key=key)
    with pytest.raises(SentOtherwise):
        record(line, 6, by=manager, request_key=key)


@pytest.mark.django_db(transaction=True)
def test_corrections_at_once_never_take_more_than_there_is() -> None:
    line, manager = BudgetLineFactory(), person(Role.PROGRAMME_MANAGER)
    record(line, 100, by=manager)
    results = race(*[lambda: record(line, -30, by=manager, reason="Typed twice")] * 8)
    assert sum(isinstance(result, Refusal) for result in results) == 5
    amounts = BudgetEntry.objects.values_list("amount_cents", flat=True)
    assert sum(amounts) == 10
