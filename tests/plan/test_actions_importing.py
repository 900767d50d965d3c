"""A spreadsheet of figures is taken whole, or not at all with a reason for each line."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from diapason.directory.contracts import Role
from diapason.kernel import audit
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import ImportRefused
from diapason.plan.actions import approve_reading, import_readings
from diapason.plan.contracts import ReadingState
from diapason.plan.contracts.values import DeclaredValue, ReadingRow
from diapason.plan.models import Indicator, Reading
from tests.directory.factories import person
from tests.plan.factories import IndicatorFactory
from tests.plan.racing import race


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def indicator(db: None) -> Indicator:
    return IndicatorFactory(code="incubated")


def row(number: int, **fields: object) -> ReadingRow:
    given = {"value": Decimal(number), "on": date(2019, 3, 1), "source": "Report"} | fields
    return ReadingRow(number=number, indicator="incubated", value=DeclaredValue(**given))


def test_every_line_becomes_a_reading_to_approve(indicator: Indicator) -> None:
    advisor = person(Role.ADVISOR)
    made = import_readings(
        by=advisor, plan=indicator.action.plan, rows=[row(number) for number in (2, 3, 4)]
    )
    assert [reading.value for reading in made] == [2, 3, 4]
    assert set(Reading.objects.values_list("state", "declared_by")) == {
        (ReadingState.DECLARED, advisor.pk)
    }
    assert audit.history(made[0])[0].user_id == advisor.pk
    approve_reading(by=person(Role.PROGRAMME_MANAGER), reading=made[0])


def test_one_bad_line_and_nothing_is_taken(indicator: Indicator) -> None:
    rows = [
        row(2),
        replace(row(3), indicator="incubatd"),
        row(4, on=date(2030, 1, 1)),
        row(5, value=Decimal("1.5")),
        row(6, source=""),
        row(7, value=Decimal(2)),
    ]
    with pytest.raises(ImportRefused, match="5 lines have to be mended") as refused:
        import_readings(by=person(Role.ADVISOR), plan=indicator.action.plan, rows=rows)
    assert [(one.number, one.field) for one in refused.value.rows] == [
        (3, "indicator"),
        (4, "on"),
        (5, "value"),
        (6, "source"),
        (7, "source"),
    ]
    assert refused.value.rows[0].message == "The plan has no indicator “incubatd”."
    assert refused.value.rows[-1].message == "Line 2 says the same."
    assert not Reading.objects.exists()


def test_indicators_of_another_plan_are_not_found(indicator: Indicator) -> None:
    with pytest.raises(ImportRefused, match="1 line has"):
        import_readings(by=person(Role.ADVISOR), plan=IndicatorFactory().action.plan, rows=[row(2)])


def test_a_dry_run_checks_and_adds_nothing(indicator: Indicator) -> None:
    advisor, plan = person(Role.ADVISOR), indicator.action.plan
    assert len(import_readings(by=advisor, plan=plan, rows=[row(2)], dry_run=True)) == 1
    assert not Reading.objects.exists()
    with pytest.raises(ImportRefused):
        import_readings(by=advisor, plan=plan, rows=[row(2, source=" ")], dry_run=True)


def test_the_same_file_again_is_told(indicator: Indicator) -> None:
    advisor, plan = person(Role.ADVISOR), indicator.action.plan
    import_readings(by=advisor, plan=plan, rows=[row(2)])
    with pytest.raises(ImportRefused) as refused:
        import_readings(by=advisor, plan=plan, rows=[row(2), row(3)])
    assert [one.number for one in refused.value.rows] == [2]
    assert "already declared" in refused.value.rows[0].message


def test_the_same_form_again_gives_the_same_readings(indicator: Indicator) -> None:
    advisor, plan, key = person(Role.ADVISOR), indicator.action.plan, uuid.uuid4()
    rows = [row(2), row(3)]
    first = import_readings(by=advisor, plan=plan, rows=rows, request_key=key)
    second = import_readings(by=advisor, plan=plan, rows=rows, request_key=key)
    assert [one.pk for one in first] == [one.pk for one in second]
    assert Reading.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_ten_times_at_once_is_taken_once() -> None:
    indicator = IndicatorFactory(code="incubated")
    advisor, plan, key = person(Role.ADVISOR), indicator.action.plan, uuid.uuid4()
    rows = [row(number) for number in range(2, 22)]
    results = race(
        *[lambda: import_readings(by=advisor, plan=plan, rows=rows, request_key=key)] * 10
    )
    assert {tuple(one.pk for one in made) for made in results} == {
        tuple(Reading.objects.order_by("pk").values_list("pk", flat=True))
    }
    assert Reading.objects.count() == 20


def test_the_key_of_somebody_elses_form_is_refused_in_words(indicator: Indicator) -> None:
    first, second, key = person(Role.ADVISOR), person(Role.ADVISOR), uuid.uuid4()
    import_readings(by=first, plan=indicator.action.plan, rows=[row(2)], request_key=key)
    with pytest.raises(Refusal, match="already sent for something else"):
        import_readings(by=second, plan=indicator.action.plan, rows=[row(2)], request_key=key)
    assert Reading.objects.count() == 1


def test_checking_a_thousand_lines_takes_few_queries(
    indicator: Indicator, django_assert_max_num_queries: object
) -> None:
    advisor, plan = person(Role.ADVISOR), indicator.action.plan
    rows = [row(number) for number in range(2, 1002)]
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        import_readings(by=advisor, plan=plan, rows=rows)
    assert Reading.objects.count() == 1000


def test_only_staff_import(indicator: Indicator) -> None:
    with pytest.raises(PermissionDenied):
        import_readings(by=person(Role.MEMBER), plan=indicator.action.plan, rows=[row(2)])
