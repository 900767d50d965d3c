"""What waits for a person of the front desk, on their day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from diapason.desk.offers import cases_waiting, to_orient
from diapason.desk.queries.personal import personal_export
from diapason.directory.contracts import Role
from diapason.kernel.clock import today
from diapason.kernel.registries import Tone
from tests.desk.factories import CaseFactory, FrontDoorFactory, ReferralFactory
from tests.directory.factories import MembershipFactory, UserFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def advisor_of(organisation: Any) -> Any:
    return MembershipFactory(organisation=organisation, role=Role.ADVISOR).user


def titles(user: Any) -> set[str]:
    return {item.title for item in cases_waiting(user)}


def test_a_structure_is_told_what_to_answer() -> None:
    referral = ReferralFactory(case__title="Echoes", answer_by=today())
    (item,) = cases_waiting(advisor_of(referral.structure))
    assert (item.title, item.due, item.tone) == ("Answer “Echoes”", today(), Tone.PLAIN)
    assert not titles(person(Role.ADVISOR))


def test_what_is_late_is_told_to_whoever_is_in_charge() -> None:
    case = CaseFactory(title="Late", next_on=today() - timedelta(days=1))
    CaseFactory(title="Later", owner=case.owner, next_on=today() + timedelta(days=9))
    CaseFactory(title="Closed", owner=case.owner, closed_on=today(), closing="done", next_on=None)
    advisor = advisor_of(case.owner)
    (item,) = cases_waiting(advisor)
    assert (item.title, item.tone) == ("Late", Tone.BAD)
    colleague = UserFactory()
    case.responsible = colleague
    case.save()
    assert not titles(advisor)


def test_a_person_takes_along_what_they_asked() -> None:
    user = UserFactory(email="ada@example.org")
    CaseFactory(title="Mine", contact_email="Ada@Example.org", responsible=user)
    CaseFactory()
    told = personal_export(user)
    assert [one["project"] for one in told["requests"]] == ["Mine"]
    assert told["cases_in_charge"] == ["Mine"]


def test_what_lies_at_the_front_door_is_one_thing_to_do() -> None:
    door = FrontDoorFactory().organisation
    yesterday = today() - timedelta(days=1)
    for title in ("One", "Two"):
        CaseFactory(title=title, owner=door, next_on=yesterday)
    CaseFactory(title="Planned", owner=door, next_on=yesterday, next_step="Call back")
    asked = CaseFactory(title="Asked", owner=door, next_on=yesterday)
    ReferralFactory(case=asked)
    advisor = advisor_of(door)
    (item,) = to_orient(advisor)
    assert (item.title, item.due, item.tone) == ("Orient 2 projects", yesterday, Tone.BAD)
    # What is counted there is not told again one by one.
    assert titles(advisor) == {"Planned", "Asked"}
    assert not list(to_orient(advisor_of(ReferralFactory().structure)))
