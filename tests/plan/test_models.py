"""What the database refuses, whoever asks and by whatever way."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from diapason.plan.contracts import ReadingState, TaskState
from diapason.plan.models import (
    BudgetEntry,
    Indicator,
    Plan,
    PlanLoad,
    Reading,
    Target,
    Task,
)
from tests.directory.factories import UserFactory
from tests.plan.factories import (
    BudgetEntryFactory,
    IndicatorFactory,
    PlanFactory,
    ReadingFactory,
    TargetFactory,
    TaskFactory,
)

pytestmark = pytest.mark.django_db


def sql(statement: str, *values: Any) -> int:
    """Runs SQL as somebody with the database's own console would; rows touched."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def refused(message: str, statement: str, *values: Any) -> None:
    with pytest.raises(DatabaseError, match=re.escape(message)):
        sql(statement, *values)


EVIDENCE = "An approved figure is evidence"


@pytest.mark.parametrize("state", [ReadingState.APPROVED, ReadingState.CORRECTED])
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("value", 4),
        ("on", date(2019, 1, 1)),
        ("denominator", 10),
        ("source", "Somebody said so"),
        ("link", "https://example.org/other"),
        ("from_plan", True),
        ("declared_at", datetime(2019, 1, 1, tzinfo=UTC)),
        ("decided_at", datetime(2019, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_decided_figure_is_not_edited(state: str, column: str, value: Any) -> None:
    reading = ReadingFactory(state=state)
    refused(EVIDENCE, f'UPDATE plan_reading SET "{column}" = %s WHERE id = %s', value, reading.pk)
    assert Reading.objects.get(pk=reading.pk).value == reading.value


def test_a_decided_figure_does_not_change_indicator_or_hands() -> None:
    reading = ReadingFactory(declared_by=UserFactory(), decided_by=UserFactory())
    other, somebody = IndicatorFactory(), UserFactory()
    refused(EVIDENCE, "UPDATE plan_reading SET indicator_id = %s", other.pk)
    refused(EVIDENCE, "UPDATE plan_reading SET declared_by_id = %s", somebody.pk)
    refused(EVIDENCE, "UPDATE plan_reading SET decided_by_id = %s", somebody.pk)
    # An account that is erased leaves the figure without its author.
    assert sql("UPDATE plan_reading SET declared_by_id = NULL WHERE id = %s", reading.pk) == 1


def test_a_decided_figure_is_not_deleted() -> None:
    reading = ReadingFactory()
    refused(EVIDENCE, "DELETE FROM plan_reading WHERE id = %s", reading.pk)
    with pytest.raises(DatabaseError, match=EVIDENCE), transaction.atomic():
        Reading.objects.filter(pk=reading.pk).delete()
    assert Reading.objects.count() == 1


def test_a_table_with_approved_figures_is_not_emptied() -> None:
    ReadingFactory(state=ReadingState.DECLARED)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert sql("TRUNCATE plan_reading") is not None
    ReadingFactory()
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    refused("this table is not emptied", "TRUNCATE plan_reading CASCADE")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ReadingState.APPROVED, ReadingState.DECLARED),
        (ReadingState.APPROVED, ReadingState.RETURNED),
        (ReadingState.CORRECTED, ReadingState.APPROVED),
        (ReadingState.RETURNED, ReadingState.APPROVED),
        (ReadingState.WITHDRAWN, ReadingState.DECLARED),
        (ReadingState.DECLARED, ReadingState.CORRECTED),
    ],
)
def test_a_figure_does_not_jump_between_states(before: str, after: str) -> None:
    reading = ReadingFactory(state=before)
    with pytest.raises(DatabaseError):
        sql("UPDATE plan_reading SET state = %s WHERE id = %s", after, reading.pk)
    reading.refresh_from_db()
    assert reading.state == before


def test_an_approved_figure_may_become_corrected_and_a_declared_one_may_be_mended() -> None:
    approved = ReadingFactory()
    assert sql("UPDATE plan_reading SET state = 'corrected' WHERE id = %s", approved.pk) == 1
    declared = ReadingFactory(state=ReadingState.DECLARED)
    assert sql("UPDATE plan_reading SET value = 9 WHERE id = %s", declared.pk) == 1
    assert sql("DELETE FROM plan_reading WHERE id = %s", declared.pk) == 1


def test_nobody_approves_their_own_figure() -> None:
    somebody = UserFactory()
    with pytest.raises(IntegrityError, match="plan_reading_two_people"), transaction.atomic():
        ReadingFactory(declared_by=somebody, decided_by=somebody)


@pytest.mark.parametrize(
    "set_",
    [
        "decided_by_id = NULL",
        "decided_by_id = declared_by_id, declared_by_id = NULL",
        "decided_by_id = %(other)s, value = 999",
        "decided_by_id = %(other)s, declared_by_id = NULL",
        "decided_by_id = %(other)s, source = 'another'",
    ],
)
def test_a_figure_is_approved_as_it_was_declared_by_somebody_named(set_: str) -> None:
    declared = ReadingFactory(state=ReadingState.DECLARED, declared_by=UserFactory())
    change = f"UPDATE plan_reading SET state = 'approved', decided_at = now(), {set_}"
    other = UserFactory().pk
    with (
        pytest.raises(DatabaseError, match="as it was declared"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change, {"other": other})
    declared.refresh_from_db()
    assert declared.state == ReadingState.DECLARED
    with connection.cursor() as cursor:
        cursor.execute(change.replace(set_, "decided_by_id = %(other)s"), {"other": other})
    declared.refresh_from_db()
    assert declared.state == ReadingState.APPROVED


@pytest.mark.parametrize(
    ("column", "value"),
    [("low", 1), ("high", 9), ("exact", False), ("period", "2020"), ("reason", "Another one")],
)
def test_a_target_is_not_edited(column: str, value: Any) -> None:
    target = TargetFactory()
    refused(
        "A target is neither edited nor deleted",
        f"UPDATE plan_target SET {column} = %s WHERE id = %s",
        value,
        target.pk,
    )


def test_a_target_is_closed_once_and_never_goes() -> None:
    target = TargetFactory()
    first, second = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC)
    close = "UPDATE plan_target SET replaced_at = %s WHERE id = %s"
    assert sql(close, first, target.pk) == 1
    refused("A target is neither edited", close, second, target.pk)
    refused("A target is neither edited", close, None, target.pk)
    refused("A target is neither edited", "DELETE FROM plan_target")
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    refused("Targets are history", "TRUNCATE plan_target")
    assert Target.objects.get().replaced_at == first


def test_a_period_has_one_target_in_force() -> None:
    target = TargetFactory()
    with pytest.raises(IntegrityError, match="plan_target_one_in_force"), transaction.atomic():
        TargetFactory(indicator=target.indicator)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE plan_budgetentry SET amount_cents = 1",
        "UPDATE plan_budgetentry SET kind = 'committed'",
        "UPDATE plan_budgetentry SET \"on\" = '2020-01-01'",
        "UPDATE plan_budgetentry SET source = 'x'",
        "DELETE FROM plan_budgetentry",
    ],
)
def test_entries_of_money_only_ever_grow(statement: str) -> None:
    BudgetEntryFactory()
    refused("An entry of money is neither edited nor deleted", statement)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    refused("this table is not emptied", "TRUNCATE plan_budgetentry")
    assert BudgetEntry.objects.get().amount_cents == 1_000_00


def test_a_correction_of_money_says_why() -> None:
    with (
        pytest.raises(IntegrityError, match="plan_budgetentry_correction_says_why"),
        transaction.atomic(),
    ):
        BudgetEntryFactory(amount_cents=-5)
    assert BudgetEntryFactory(amount_cents=-5, reason="Typed twice").pk


def test_money_is_committed_or_spent() -> None:
    with pytest.raises(IntegrityError, match="plan_budgetentry_known_kind"), transaction.atomic():
        BudgetEntryFactory(kind="hoped")


def test_the_record_of_a_load_stays() -> None:
    PlanLoad.objects.create(plan=PlanFactory(), file_digest="0" * 64, changes=[{"what": "plan"}])
    refused("The record of a load", "UPDATE plan_planload SET changes = '[]'")
    refused("The record of a load", "DELETE FROM plan_planload")


def test_history_keeps_every_version_of_a_task() -> None:
    task = TaskFactory()
    sql(
        "UPDATE plan_task SET state = 'done', done_on = '2019-01-01', version = 2 WHERE id = %s",
        task.pk,
    )
    events = Task.pgh_event_model.objects.filter(pgh_obj_id=task.pk).order_by("pgh_id")
    assert [event.state for event in events] == [TaskState.TO_DO, TaskState.DONE]


def test_a_done_task_has_its_day_and_is_not_due_before_it_starts() -> None:
    with pytest.raises(IntegrityError, match="plan_task_done_has_date"), transaction.atomic():
        TaskFactory(state=TaskState.DONE)
    with pytest.raises(IntegrityError, match="plan_task_dates"), transaction.atomic():
        TaskFactory(starts=date(2019, 2, 1), due=date(2019, 1, 1))


def test_only_a_cohort_is_followed_years_later() -> None:
    with pytest.raises(IntegrityError, match="lag_for_cohorts"), transaction.atomic():
        IndicatorFactory(lag_years=2)
    assert Indicator.objects.count() == 0


def test_a_plan_knows_its_periods_and_refuses_others() -> None:
    plan = Plan.objects.get(pk=PlanFactory().pk)
    assert [period.key for period in plan.periods()] == ["2018", "2019", "2020", "2021"]
    assert plan.last_day == date(2021, 12, 31)
    assert plan.period("plan").window == plan.window
    with pytest.raises(ValueError, match="outside the plan"):
        plan.period("2022")


@pytest.mark.parametrize("state", [ReadingState.APPROVED, ReadingState.CORRECTED])
def test_no_figure_arrives_approved_by_nobody(state: str) -> None:
    """The statement goes around Python, and only who approved is missing."""
    model = ReadingFactory(state=state)
    copied = (
        'INSERT INTO plan_reading (indicator_id, "on", value, source, link, note, state, '
        "return_reason, from_plan, invented, declared_at, decided_at, decided_by_id) "
        'SELECT indicator_id, "on", value, source, link, note, state, return_reason, %s, '
        "invented, declared_at, decided_at, %s FROM plan_reading WHERE id = %s"
    )
    refused("Somebody approves a figure, and is named", copied, False, None, model.pk)
    sql(copied, False, model.decided_by_id, model.pk)
    sql(copied, True, None, model.pk)  # the plan itself gives it: nobody approves the plan's file
    assert Reading.objects.count() == 3
