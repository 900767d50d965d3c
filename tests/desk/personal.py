"""Fields of the front desk that are about nobody, and what it keeps of a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from diapason.desk.contracts import ReferralState, Satisfied
from diapason.desk.models import Assignment, CaseNote, CasePresence, LetterChoice, Satisfaction
from diapason.kernel import files
from tests.desk.factories import (
    CaseFactory,
    CaseMessageFactory,
    CaseStageFactory,
    DeskContactFactory,
    HoursUsedFactory,
    LoanFactory,
    OutcomeFactory,
    ReferralFactory,
    VisitFactory,
)

NOT_PERSONAL: dict[str, str] = {}


def plant(person: Any, canary: str) -> None:
    asked = CaseFactory(
        contact_name=canary,
        contact_email=person.email,
        gender="woman",
        summary=f"{canary} has a project.",
    )
    asked.contact_name = f"{canary} the Younger"
    asked.save()
    document = files.store(SimpleUploadedFile(f"{canary}.csv", f"who\n{canary}\n".encode()))
    CaseMessageFactory(case=asked, text=f"I am {canary}.", document=document)
    CaseMessageFactory(
        case=asked,
        from_project=False,
        structure=asked.owner,
        author=person,
        text=f"Dear {canary}, welcome.",
    )
    Satisfaction.objects.create(
        case=asked,
        answer=next(iter(Satisfied)),
        words=f"{canary} is glad.",
        final_on=date(2099, 1, 1),
    )
    followed = CaseFactory(responsible=person)
    CaseStageFactory(case=followed, stage="incubation", began_on=date(2019, 2, 1))
    ReferralFactory(
        case=followed, state=ReferralState.ACCEPTED, proposed_by=person, answered_by=person
    )
    OutcomeFactory(case=followed, recorded_by=person)
    loan = LoanFactory(case=followed, asked_by=person, answered_by=person)
    HoursUsedFactory(loan=loan, recorded_by=person)
    CaseNote.objects.create(case=followed, author=person, text="Called back.")
    DeskContactFactory(recorded_by=person)
    Assignment.objects.create(made_by=person)
    LetterChoice.objects.create(person=person)
    VisitFactory(visitor=person, added_by=person)
    CasePresence.objects.create(case=followed, person=person, seen_at=timezone.now())
