"""What the front desk holds about a person, for them to take away."""

from __future__ import annotations

from typing import Any

from diapason.desk.models import Assignment, Case, CaseNote, DeskContact, Outcome, Referral


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
                "asked_on": case.opened_on.isoformat(),
            }
            for case in Case.objects.filter(contact_email__iexact=user.email).order_by("pk")
        ],
        "cases_in_charge": list(
            Case.objects.filter(responsible=user).order_by("pk").values_list("title", flat=True)
        ),
        "notes": [
            {"text": note.text, "at": note.written_at.isoformat()}
            for note in CaseNote.objects.filter(author=user).order_by("pk")
        ],
        "proposals": Referral.objects.filter(proposed_by=user).count(),
        "assignments": Assignment.objects.filter(made_by=user).count(),
        "answers": Referral.objects.filter(answered_by=user).count(),
        "outcomes_recorded": Outcome.objects.filter(recorded_by=user).count(),
        "contacts_recorded": DeskContact.objects.filter(recorded_by=user).count(),
    }
