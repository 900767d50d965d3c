"""What the front desk holds about a person, for them to take away."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from diapason.desk.models import (
    Assignment,
    Case,
    CaseMessage,
    CaseNote,
    DeskContact,
    HoursUsed,
    LetterChoice,
    Loan,
    Outcome,
    Referral,
    Satisfaction,
    Visit,
)


def personal_export(user: Any) -> dict[str, Any]:
    """Everything here that names the person, as plain values for JSON."""
    return {
        "requests": [
            {
                "project": case.title,
                "summary": case.summary,
                "name": case.contact_name,
                "email": case.contact_email,
                "phone": case.contact_phone,
                "siret": case.siret,
                "gender": case.gender,
                "asked_on": case.opened_on.isoformat(),
            }
            for case in Case.objects.filter(contact_email__iexact=user.email).order_by("pk")
        ],
        "messages": [
            {"text": one.text, "at": one.sent_at.isoformat(), "document": str(one.document or "")}
            for one in CaseMessage.objects.filter(
                Q(author=user) | Q(from_project=True, case__contact_email__iexact=user.email)
            )
            .select_related("document")
            .order_by("pk")
        ],
        "satisfaction": [
            {"answer": one.answer, "words": one.words, "on": one.answered_on.isoformat()}
            for one in Satisfaction.objects.filter(case__contact_email__iexact=user.email).order_by(
                "pk"
            )
        ],
        "letters": list(LetterChoice.objects.filter(person=user).values_list("digest", flat=True)),
        "visits": [
            {"enterprise": str(one.organisation), "on": str(one.done_on or one.planned_on or "")}
            for one in Visit.objects.filter(visitor=user)
            .select_related("organisation")
            .order_by("pk")
        ],
        "visits_added": Visit.objects.filter(added_by=user).count(),
        "cases_in_charge": list(
            Case.objects.filter(responsible=user).order_by("pk").values_list("title", flat=True)
        ),
        "notes": [
            {"text": note.text, "at": note.written_at.isoformat()}
            for note in CaseNote.objects.filter(author=user).order_by("pk")
        ],
        "proposals": Referral.objects.filter(proposed_by=user).count(),
        "hours_asked_for": Loan.objects.filter(asked_by=user).count(),
        "loans_answered": Loan.objects.filter(answered_by=user).count(),
        "hours_recorded": HoursUsed.objects.filter(recorded_by=user).count(),
        "assignments": Assignment.objects.filter(made_by=user).count(),
        "answers": Referral.objects.filter(answered_by=user).count(),
        "outcomes_recorded": Outcome.objects.filter(recorded_by=user).count(),
        "contacts_recorded": DeskContact.objects.filter(recorded_by=user).count(),
    }
