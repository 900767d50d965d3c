"""The invented cases of the demonstration: made once, by actions, and worth counting."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from diapason.desk.contracts import ReferralState
from diapason.desk.demonstration import (
    make_backlog,
    make_cases,
    make_contacts,
    make_loans,
    make_messages,
    make_visits,
)
from diapason.desk.models import (
    Assignment,
    Case,
    CaseMessage,
    DeskContact,
    FrontDoor,
    Loan,
    Offer,
    Outcome,
    Referral,
    Satisfaction,
    Visit,
)
from diapason.desk.queries import backlog, sharing
from diapason.directory.contracts import OrganisationKind, Role
from diapason.directory.models import Membership
from diapason.kernel import measures
from diapason.kernel.periods import Window
from tests.directory.factories import MembershipFactory, OrganisationFactory, person

DAY = date(2020, 11, 23)
YEAR = Window(date(2019, 1, 1), date(2020, 1, 1))


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    person(Role.PROGRAMME_MANAGER)
    house = OrganisationFactory(kind=OrganisationKind.CLUSTER)
    OrganisationFactory.create_batch(8, kind=OrganisationKind.COMPANY, invented=True)
    OrganisationFactory.create_batch(6, kind=OrganisationKind.INCUBATOR)
    return MembershipFactory(organisation=house, role=Role.ADVISOR).organisation


def test_the_demonstration_has_something_on_every_page(cast: Any) -> None:
    with override("en"):
        make_cases(DAY)
        make_messages(DAY)
        make_contacts(DAY)
        make_visits(DAY)
    assert Visit.objects.filter(state="planned").exists()
    assert measures.find("desk.visits").evidence(YEAR).number().value > 5
    assert CaseMessage.objects.filter(document__isnull=False).exists()
    assert Satisfaction.objects.count() > 10
    assert FrontDoor.objects.get().organisation == cast
    opened = Case.objects.filter(closed_on__isnull=True)
    assert opened.filter(next_on__lt=DAY).exists()
    assert opened.count() < Case.objects.count()
    states = set(Referral.objects.values_list("state", flat=True))
    assert states == {each.value for each in ReferralState}
    for key in ("enterprises_incubated", "businesses_created", "jobs_created"):
        assert measures.find(f"desk.{key}").evidence(YEAR).number().value > 0, key
    assert measures.find("desk.contacts_received").evidence(YEAR).number().value > 20
    # Nobody could take them for real ones.
    for model in (Case, CaseMessage, Offer, DeskContact, Visit):
        assert not model.objects.filter(invented=False).exists()
    assert not Case.objects.exclude(contact_email__endswith=".invalid").exists()


def test_made_twice_it_is_the_same(cast: Any) -> None:
    def counted() -> list[int]:
        make_cases(DAY)
        make_messages(DAY)
        make_contacts(DAY)
        make_visits(DAY)
        models = (Case, Visit, CaseMessage, Satisfaction, Referral, Outcome, Offer, DeskContact)
        return [model.objects.count() for model in models]

    assert counted() == counted()


def test_without_people_nothing_is_made(db: None) -> None:
    make_cases(DAY)
    make_contacts(DAY)
    assert not Case.objects.exists()
    assert not DeskContact.objects.exists()


def test_the_demonstration_has_a_backlog_and_hours_that_partners_lend(cast: Any) -> None:
    with override("en"):
        make_cases(DAY)
        for _time in range(2):
            make_backlog(DAY)
            make_loans(DAY)
    manager = Membership.objects.get(role=Role.PROGRAMME_MANAGER).user
    assert Referral.objects.filter(assignment=Assignment.objects.get()).count() == 5
    with override("en"):
        plan = backlog.plan(manager, DAY)
    assert plan.lines
    assert plan.left
    assert any(one.returned for one in sharing.balances())
    assert Loan.objects.filter(state="asked").exists()
    assert {one.need for one in sharing.skills_to_hire(DAY) if one.nowhere} == {"settling"}
