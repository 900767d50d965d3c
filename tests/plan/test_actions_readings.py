"""A figure's way: declared, returned and mended, approved by somebody else, corrected."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from diapason.directory.contracts import Role
from diapason.kernel import audit
from diapason.kernel.refusals import Refusal
from diapason.plan.actions import (
    approve_reading,
    correct_reading,
    declare_reading,
    resubmit_reading,
    return_reading,
    withdraw_reading,
)
from diapason.plan.contracts import ReadingState
from diapason.plan.contracts.values import DeclaredValue
from diapason.plan.models import Indicator, Reading
from tests.directory.factories import UserFactory, person
from tests.plan.factories import IndicatorFactory, ReadingFactory
from tests.plan.racing import race

VALUE = DeclaredValue(value=Decimal(3), on=date(2019, 6, 30), source="Yearly report, page 4")


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield


@pytest.fixture
def indicator(db: None) -> Indicator:
    return IndicatorFactory()


@pytest.fixture
def advisor(db: None) -> Any:
    return person(Role.ADVISOR, name="Ada")


@pytest.fixture
def manager(db: None) -> Any:
    return person(Role.PROGRAMME_MANAGER, name="Max")


@pytest.fixture
def declared(indicator: Indicator, advisor: Any) -> Reading:
    return declare_reading(by=advisor, indicator=indicator, value=VALUE)


def test_a_declared_figure_waits_for_approval(declared: Reading, advisor: Any) -> None:
    reading = Reading.objects.get()
    assert (reading.value, reading.on, reading.source) == (3, VALUE.on, VALUE.source)
    assert (reading.state, reading.declared_by) == (ReadingState.DECLARED, advisor)
    (entry,) = audit.history(reading)
    assert entry.user_id == advisor.pk


@pytest.mark.parametrize("role", [None, Role.MEMBER, Role.JUROR, Role.COMMITTEE_MEMBER])
def test_only_staff_declare(indicator: Indicator, role: Role | None) -> None:
    with pytest.raises(PermissionDenied):
        declare_reading(by=person(*filter(None, [role])), indicator=indicator, value=VALUE)
    assert not Reading.objects.exists()


def test_only_managers_decide(declared: Reading) -> None:
    other = person(Role.ADVISOR)
    with pytest.raises(PermissionDenied):
        approve_reading(by=other, reading=declared)
    with pytest.raises(PermissionDenied):
        return_reading(by=other, reading=declared, reason="No")


def test_an_implausible_figure_is_not_declared(indicator: Indicator, advisor: Any) -> None:
    with pytest.raises(Refusal, match="future"):
        declare_reading(by=advisor, indicator=indicator, value=replace(VALUE, on=date(2999, 1, 1)))
    with pytest.raises(Refusal) as refusal:
        declare_reading(by=advisor, indicator=indicator, value=replace(VALUE, link="not a link"))
    assert refusal.value.field == "link"
    with pytest.raises(Refusal) as refusal:
        declare_reading(by=advisor, indicator=indicator, value=replace(VALUE, source="x" * 301))
    assert refusal.value.field == "source"
    assert not Reading.objects.exists()


def test_the_same_figure_is_not_declared_twice(declared: Reading, manager: Any) -> None:
    with pytest.raises(Refusal, match="Ada already declared"):
        declare_reading(by=manager, indicator=declared.indicator, value=VALUE)
    declare_reading(
        by=manager, indicator=declared.indicator, value=replace(VALUE, source="The other report")
    )
    assert Reading.objects.count() == 2


def test_the_same_form_again_gives_the_same_reading(indicator: Indicator, advisor: Any) -> None:
    key = uuid.uuid4()
    made = {
        declare_reading(by=advisor, indicator=indicator, value=VALUE, request_key=key).pk
        for _time in range(5)
    }
    assert len(made) == Reading.objects.count() == 1
    with pytest.raises(Refusal, match="something else"):
        declare_reading(by=person(Role.ADVISOR), indicator=indicator, value=VALUE, request_key=key)
    with pytest.raises(Refusal, match="something else"):  # another figure is not lost in silence
        declare_reading(
            by=advisor,
            indicator=indicator,
            value=replace(VALUE, value=Decimal(99)),
            request_key=key,
        )


def test_an_approved_figure_says_by_whom(declared: Reading, manager: Any) -> None:
    approve_reading(by=manager, reading=declared)
    declared.refresh_from_db()
    assert (declared.state, declared.decided_by) == (ReadingState.APPROVED, manager)
    assert audit.history(declared)[-1].user_id == manager.pk


def test_what_was_decided_is_not_decided_again(declared: Reading, manager: Any) -> None:
    approve_reading(by=manager, reading=declared)
    other = person(Role.PROGRAMME_MANAGER)
    with pytest.raises(Refusal, match=r"Max already approved this figure, on .+"):
        approve_reading(by=other, reading=declared)
    with pytest.raises(Refusal, match="Max already approved"):
        return_reading(by=other, reading=declared, reason="No")


def test_nobody_decides_on_their_own(indicator: Indicator, manager: Any) -> None:
    own = declare_reading(by=manager, indicator=indicator, value=VALUE)
    for deed in (
        lambda: approve_reading(by=manager, reading=own),
        lambda: return_reading(by=manager, reading=own, reason="No"),
    ):
        with pytest.raises(Refusal, match="Somebody else"):
            deed()
    assert Reading.objects.get().state == ReadingState.DECLARED


def test_a_returned_figure_is_mended_by_its_author(
    declared: Reading, advisor: Any, manager: Any
) -> None:
    with pytest.raises(Refusal, match="mended") as refusal:
        return_reading(by=manager, reading=declared, reason=" ")
    assert refusal.value.field == "reason"
    return_reading(by=manager, reading=declared, reason="Page 5, not 4")
    better = replace(VALUE, value=Decimal(4), source="Yearly report, page 5")
    with pytest.raises(Refusal, match="Only Ada"):
        resubmit_reading(by=person(Role.ADVISOR), reading=declared, value=better)
    resubmit_reading(by=advisor, reading=declared, value=better)
    declared.refresh_from_db()
    assert (declared.state, declared.value, declared.decided_by) == ("declared", 4, None)
    assert declared.return_reason == "Page 5, not 4"
    assert [entry.why for entry in audit.history(declared)] == ["", "Page 5, not 4", ""]
    versions = Reading.pgh_event_model.objects.filter(pgh_obj_id=declared.pk).order_by("pgh_id")
    assert [(version.state, version.value) for version in versions] == [
        ("declared", 3),
        ("returned", 3),
        ("declared", 4),
    ]
    with pytest.raises(Refusal, match="does not wait"):
        resubmit_reading(by=advisor, reading=declared, value=better)
    approve_reading(by=manager, reading=declared)


def test_a_correction_takes_the_place_of_the_first_once_approved(
    declared: Reading, advisor: Any, manager: Any
) -> None:
    better = replace(VALUE, value=Decimal(5))
    with pytest.raises(Refusal, match="Only an approved"):
        correct_reading(by=advisor, reading=declared, value=better)
    approve_reading(by=manager, reading=declared)
    with pytest.raises(Refusal, match="nothing to correct"):
        correct_reading(by=advisor, reading=declared, value=VALUE)
    correction = correct_reading(by=advisor, reading=declared, value=better)
    declared.refresh_from_db()
    assert declared.state == ReadingState.APPROVED
    with pytest.raises(Refusal, match="Ada already declared a correction"):
        correct_reading(by=manager, reading=declared, value=replace(VALUE, value=Decimal(6)))
    approve_reading(by=manager, reading=correction)
    declared.refresh_from_db()
    assert declared.state == ReadingState.CORRECTED
    assert Reading.objects.get(state=ReadingState.APPROVED) == correction
    with pytest.raises(Refusal, match="corrected since"):
        correct_reading(by=advisor, reading=declared, value=better)
    with pytest.raises(Refusal, match="corrected since"):
        approve_reading(by=manager, reading=declared)


def test_a_returned_correction_leaves_room_for_another(
    declared: Reading, advisor: Any, manager: Any
) -> None:
    approve_reading(by=manager, reading=declared)
    first = correct_reading(by=advisor, reading=declared, value=replace(VALUE, value=Decimal(5)))
    return_reading(by=manager, reading=first, reason="Not that one")
    second = correct_reading(by=advisor, reading=declared, value=replace(VALUE, value=Decimal(6)))
    with pytest.raises(Refusal, match="A correction of this figure already exists"):
        resubmit_reading(by=advisor, reading=first, value=replace(VALUE, value=Decimal(7)))
    approve_reading(by=manager, reading=second)
    with pytest.raises(Refusal, match="already exists"):
        resubmit_reading(by=advisor, reading=first, value=replace(VALUE, value=Decimal(7)))


def test_a_correction_of_what_was_corrected_otherwise_is_refused(
    declared: Reading, advisor: Any, manager: Any
) -> None:
    approve_reading(by=manager, reading=declared)
    waiting = correct_reading(by=advisor, reading=declared, value=replace(VALUE, value=Decimal(5)))
    # A load of the plan's file may correct the plan's own figure meanwhile.
    Reading.objects.filter(pk=declared.pk).update(state=ReadingState.CORRECTED)
    with pytest.raises(Refusal, match="corrected otherwise"):
        approve_reading(by=manager, reading=waiting)


def test_a_figure_is_taken_back_by_its_author_alone(
    declared: Reading, advisor: Any, manager: Any
) -> None:
    with pytest.raises(Refusal, match="Only Ada"):
        withdraw_reading(by=manager, reading=declared)
    withdraw_reading(by=advisor, reading=declared)
    declared.refresh_from_db()
    assert declared.state == ReadingState.WITHDRAWN
    with pytest.raises(Refusal, match="taken back"):
        approve_reading(by=manager, reading=declared)
    with pytest.raises(Refusal, match="taken back"):
        withdraw_reading(by=advisor, reading=declared)
    # The same figure may be declared again.
    again = declare_reading(by=advisor, indicator=declared.indicator, value=VALUE)
    approve_reading(by=manager, reading=again)
    with pytest.raises(Refusal, match="already approved"):
        withdraw_reading(by=advisor, reading=again)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_is_told() -> None:
    reading = ReadingFactory(state=ReadingState.DECLARED)
    people = [person(Role.PROGRAMME_MANAGER, name=name) for name in ("Ann", "Bob")]
    results = race(*(lambda by=by: approve_reading(by=by, reading=reading) for by in people))
    winners = [result for result in results if isinstance(result, Reading)]
    losers = [result for result in results if isinstance(result, Refusal)]
    assert (len(winners), len(losers)) == (1, 1)
    assert str(losers[0]).startswith(f"{winners[0].decided_by.name} already approved this figure")
    reading.refresh_from_db()
    assert reading.decided_by == winners[0].decided_by


@pytest.mark.django_db(transaction=True)
def test_approved_and_returned_at_once_is_one_of_both() -> None:
    reading = ReadingFactory(state=ReadingState.DECLARED)
    ann, bob = (person(Role.PROGRAMME_MANAGER, name=name) for name in ("Ann", "Bob"))
    approved, returned = race(
        lambda: approve_reading(by=ann, reading=reading),
        lambda: return_reading(by=bob, reading=reading, reason="No"),
    )
    reading.refresh_from_db()
    if isinstance(approved, Reading):
        assert reading.state == ReadingState.APPROVED
        assert isinstance(returned, Refusal)
        assert "Ann already approved" in str(returned)
    else:
        assert reading.state == ReadingState.RETURNED
        assert "Bob already returned" in str(approved)


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_fifty_times_at_once_makes_one_reading() -> None:
    indicator, advisor, key = IndicatorFactory(), person(Role.ADVISOR), uuid.uuid4()

    def send() -> Any:
        return declare_reading(by=advisor, indicator=indicator, value=VALUE, request_key=key).pk

    results = [result for _wave in range(5) for result in race(*[send] * 10)]
    assert set(results) == {Reading.objects.get().pk}
    assert len(results) == 50


@pytest.mark.django_db(transaction=True)
def test_of_people_who_declare_the_same_at_once_one_counts() -> None:
    indicator = IndicatorFactory()
    people = [person(Role.ADVISOR) for _ in range(6)]
    results = race(
        *(lambda by=by: declare_reading(by=by, indicator=indicator, value=VALUE) for by in people)
    )
    assert Reading.objects.count() == 1
    assert sum(isinstance(result, Reading) for result in results) == 1
    assert sum(isinstance(result, Refusal) for result in results) == 5


@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_one_is_told() -> None:
    reading = ReadingFactory()
    people = [person(Role.ADVISOR, name=name) for name in ("Ann", "Bob")]
    results = race(
        *(
            lambda by=by, number=number: correct_reading(
                by=by, reading=reading, value=replace(VALUE, value=Decimal(number))
            )
            for number, by in enumerate(people, 10)
        )
    )
    assert sorted(type(result) for result in results if isinstance(result, Reading)) == [Reading]
    (refusal,) = [result for result in results if isinstance(result, Refusal)]
    assert "already declared a correction" in str(refusal)
    assert Reading.objects.filter(corrects=reading).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_correction_approved_while_its_original_is_corrected_again() -> None:
    """No deadlock: both lock the older reading first."""
    reading = ReadingFactory()
    ann, bob = (person(Role.PROGRAMME_MANAGER, name=name) for name in ("Ann", "Bob"))
    correction = correct_reading(by=ann, reading=reading, value=replace(VALUE, value=Decimal(9)))
    approved, second = race(
        lambda: approve_reading(by=bob, reading=correction),
        lambda: correct_reading(by=ann, reading=reading, value=replace(VALUE, value=Decimal(8))),
    )
    assert isinstance(approved, Reading)
    assert isinstance(second, Refusal)
    reading.refresh_from_db()
    assert reading.state == ReadingState.CORRECTED


def test_an_account_that_goes_leaves_its_figures(declared: Reading, manager: Any) -> None:
    approve_reading(by=manager, reading=declared)
    manager.delete()
    declared.refresh_from_db()
    assert (declared.state, declared.decided_by) == (ReadingState.APPROVED, None)
    with pytest.raises(Refusal, match="account is gone"):
        approve_reading(by=person(Role.PROGRAMME_MANAGER), reading=declared)
    assert UserFactory().pk
