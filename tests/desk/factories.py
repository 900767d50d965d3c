"""Offers, cases and what becomes of them, for tests."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from diapason.desk.contracts import Channel, LoanState, OutcomeKind, ReferralState, Verified
from diapason.desk.models import (
    Case,
    CaseMessage,
    CaseStage,
    DeskContact,
    FrontDoor,
    HoursUsed,
    Loan,
    Offer,
    Outcome,
    Referral,
    Visit,
    VisitFinding,
)
from tests.directory.factories import OrganisationFactory


class FrontDoorFactory(DjangoModelFactory):
    class Meta:
        model = FrontDoor

    organisation = factory.SubFactory(OrganisationFactory)


class OfferFactory(DjangoModelFactory):
    class Meta:
        model = Offer

    structure = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda n: f"Support {n}")
    stages = factory.LazyFunction(lambda: ["idea", "incubation"])
    needs = factory.LazyFunction(lambda: ["advice", "place"])
    seats = 3
    starts = date(2015, 1, 1)


class CaseFactory(DjangoModelFactory):
    """Open, at its first stage, without that stage's record."""

    class Meta:
        model = Case

    title = factory.Sequence(lambda n: f"Project {n}")
    stage = "idea"
    needs = factory.LazyFunction(lambda: ["advice"])
    sector = "music"
    contact_name = "Ada"
    contact_email = factory.Sequence(lambda n: f"owner-{n}@example.org")
    owner = factory.SubFactory(OrganisationFactory)
    opened_on = date(2018, 1, 1)
    next_on = date(2018, 1, 4)
    token_hash = factory.LazyFunction(lambda: uuid.uuid4().hex * 2)
    request_key = factory.LazyFunction(uuid.uuid4)


class CaseStageFactory(DjangoModelFactory):
    class Meta:
        model = CaseStage

    case = factory.SubFactory(CaseFactory)
    stage = "idea"
    began_on = date(2018, 1, 1)


class ReferralFactory(DjangoModelFactory):
    class Meta:
        model = Referral

    case = factory.SubFactory(CaseFactory)
    offer = factory.SubFactory(OfferFactory)
    structure = factory.LazyAttribute(lambda made: made.offer.structure)
    state = ReferralState.PROPOSED
    proposed_on = date(2018, 1, 2)
    answer_by = date(2018, 1, 9)
    answered_on = factory.LazyAttribute(
        lambda made: None if made.state == ReferralState.PROPOSED else date(2018, 1, 8)
    )
    reason = factory.LazyAttribute(
        lambda made: "Not our field." * (made.state == ReferralState.DECLINED)
    )
    ended_on = factory.LazyAttribute(
        lambda made: date(2018, 9, 1) if made.state == ReferralState.ENDED else None
    )


class CaseMessageFactory(DjangoModelFactory):
    """From the project's owner."""

    class Meta:
        model = CaseMessage

    case = factory.SubFactory(CaseFactory)
    from_project = True
    text = factory.Sequence(lambda n: f"Message {n}")


class LoanFactory(DjangoModelFactory):
    class Meta:
        model = Loan

    case = factory.SubFactory(CaseFactory)
    lender = factory.SubFactory(OrganisationFactory)
    borrower = factory.LazyAttribute(lambda made: made.case.owner)
    need = "legal"
    hours = Decimal(10)
    state = LoanState.AGREED
    asked_on = date(2018, 2, 1)
    answered_on = factory.LazyAttribute(
        lambda made: None if made.state == LoanState.ASKED else date(2018, 2, 2)
    )
    ended_on = factory.LazyAttribute(
        lambda made: date(2018, 9, 1) if made.state == LoanState.ENDED else None
    )
    reason = factory.LazyAttribute(lambda made: "No time." * (made.state == LoanState.REFUSED))


class HoursUsedFactory(DjangoModelFactory):
    class Meta:
        model = HoursUsed

    loan = factory.SubFactory(LoanFactory)
    on = date(2018, 3, 1)
    hours = Decimal(2)
    what = "Read the contract"


class OutcomeFactory(DjangoModelFactory):
    class Meta:
        model = Outcome

    case = factory.SubFactory(CaseFactory)
    kind = OutcomeKind.JOBS_CREATED
    on = date(2019, 6, 30)
    evidence = factory.Sequence(lambda n: f"Contract {n}")
    verified = Verified.DOCUMENT


class VisitFactory(DjangoModelFactory):
    """In the programme of 2020."""

    class Meta:
        model = Visit

    organisation = factory.SubFactory(OrganisationFactory, kind="company")
    year = 2020
    sector = "music"


class VisitFindingFactory(DjangoModelFactory):
    class Meta:
        model = VisitFinding

    visit = factory.SubFactory(VisitFactory)
    kind = "need"
    topic = "advice"


class DeskContactFactory(DjangoModelFactory):
    class Meta:
        model = DeskContact

    on = date(2019, 6, 30)
    channel = Channel.PHONE
    subject = "Looks for a place"


def request(**fields: Any) -> dict[str, Any]:
    """What a request at the front door says."""
    return {
        "request_key": uuid.uuid4(),
        "title": "The paper orchestra",
        "stage": "idea",
        "needs": ["advice"],
        "contact_name": "Ada",
        "contact_email": "ada@example.org",
    } | fields
