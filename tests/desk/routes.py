"""How to ask for the front desk's pages."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from diapason.desk.actions import personal_secret
from diapason.directory.contracts import Role
from diapason.kernel import files
from diapason.kernel.links import digest
from tests.desk.factories import (
    CaseFactory,
    CaseMessageFactory,
    CaseStageFactory,
    DeskContactFactory,
    FrontDoorFactory,
    HoursUsedFactory,
    LoanFactory,
    OfferFactory,
    OutcomeFactory,
    ReferralFactory,
    VisitFactory,
    VisitFindingFactory,
)
from tests.directory.factories import OrganisationFactory
from tests.trust.examples import Example

KEY = UUID(int=7)


def _organisation(person: Any) -> int:
    return next(iter(person.roles()))[1]


def furnish(world: Any, size: int) -> None:
    advisor = world.people[Role.ADVISOR]
    mine = _organisation(advisor)
    if not hasattr(world, "case"):
        FrontDoorFactory()
        world.secret = personal_secret(KEY)
        world.case = CaseFactory(
            owner_id=mine, request_key=KEY, token_hash=digest(world.secret), title="My project"
        )
        world.stage = CaseStageFactory(case=world.case)
        world.offer = OfferFactory(structure_id=mine, seats=99)
        world.hidden_case = CaseFactory(title="Hidden project")
        world.hidden_stage = CaseStageFactory(case=world.hidden_case)
        world.hidden_offer = OfferFactory()
        world.visit = VisitFactory(visitor=advisor)
        world.made = VisitFactory(state="done", done_on=date(2020, 3, 3))
        VisitFindingFactory(visit=world.made)
        VisitFindingFactory(visit=world.made, kind="difficulty", topic="cash")
        world.message = CaseMessageFactory(
            case=world.case, document=files.store(_document(), kinds=files.SHEETS)
        )
        for person in world.people.values():
            if person is not None:
                CaseFactory(contact_email=person.email.lower())
        ReferralFactory(case=world.case)
        DeskContactFactory()
        world.loan = LoanFactory(case=world.case)
        HoursUsedFactory(loan=world.loan)
        return
    for _number in range(size):
        case = CaseFactory(owner_id=mine)
        CaseStageFactory(case=case)
        ReferralFactory(case=case, offer=world.offer)
        ReferralFactory(case=world.case, state="declined")
        OutcomeFactory(case=world.case)
        DeskContactFactory()
        OfferFactory()
        OrganisationFactory(kind="company")
        VisitFactory(visitor=advisor)
        made = VisitFactory(state="done", done_on=date(2020, 4, 4))
        VisitFindingFactory(visit=made)
        VisitFindingFactory(visit=made, kind="difficulty", topic="cash")
        HoursUsedFactory(loan=LoanFactory(case=world.case), hours=1)
        LoanFactory(case=case, state="asked")
        CaseMessageFactory(case=world.case)
        CaseMessageFactory(
            case=world.case,
            from_project=False,
            author=advisor,
            structure_id=mine,
            text=f"Message {_number}",
        )
        for person in world.people.values():
            if person is not None:
                CaseMessageFactory(case=CaseFactory(contact_email=person.email.lower()))


def _document() -> SimpleUploadedFile:
    return SimpleUploadedFile("budget.csv", b"label;amount\nhall;100\n")


def others(name: str) -> Any:
    """Managers see everything; an advisor only what is of their organisation."""

    def hidden(world: Any, person: Any) -> dict[str, Any] | None:
        if person != world.people[Role.ADVISOR]:
            return None
        return {"pk": getattr(world, f"hidden_{name}").pk}

    return hidden


def _hidden_stage(world: Any, person: Any) -> dict[str, Any] | None:
    found = others("stage")(world, person)
    return None if found is None else {"kind": "stage", **found}


def _case_led(world: Any, person: Any) -> dict[str, Any]:
    return {"pk": world.case.pk}


def _own_project(world: Any, person: Any) -> dict[str, Any] | None:
    """The request that a person sent from their account's address."""
    if person is None:
        return None
    found = CaseFactory._meta.model.objects.filter(contact_email=person.email).first()
    return None if found is None else {"pk": found.pk}


EXAMPLES = {
    "desk:case_correct": Example(own=_case_led, others=others("case")),
    "desk:case_present": Example(own=_case_led, others=others("case")),
    "desk:visit": Example(
        own=lambda world, person: {"pk": world.visit.pk}, everybodys="staff see every visit"
    ),
    "desk:visit_notes": Example(
        own=lambda world, person: {"pk": world.visit.pk}, everybodys="staff see every visit"
    ),
    "desk:visit_add": Example(
        own=lambda world, person: {"organisation": world.visit.organisation_id},
        everybodys="staff visit any enterprise",
    ),
    "desk:lending": Example(own=lambda world, person: {"pk": world.case.pk}, others=others("case")),
    "desk:follow_document": Example(
        own=lambda world, person: {"secret": world.secret, "pk": world.message.pk}
    ),
    "desk:case_messages": Example(own=_case_led, others=others("case")),
    "desk:project": Example(
        own=_own_project, others=lambda world, person: {"pk": world.hidden_case.pk}
    ),
    "desk:follow": Example(own=lambda world, person: {"secret": world.secret}),
    "desk:case": Example(own=lambda world, person: {"pk": world.case.pk}, others=others("case")),
    "desk:enterprise": Example(
        own=lambda world, person: {"pk": world.case.pk}, others=others("case")
    ),
    "desk:found": Example(
        own=lambda world, person: {"kind": "stage", "pk": world.stage.pk}, others=_hidden_stage
    ),
    "desk:offer": Example(own=lambda world, person: {"pk": world.offer.pk}, others=others("offer")),
}
