"""What the observatory holds about a person, for them to take away."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from diapason.observatory.models import Answer, Campaign, Invitation


def asked_of(user: Any) -> QuerySet[Invitation]:
    """The surveys that were sent to the address of that account."""
    return Invitation.objects.filter(contact__email__iexact=user.email)


def personal_export(user: Any) -> dict[str, Any]:
    """Everything here that names the person, as plain values for JSON."""
    asked = asked_of(user).select_related("campaign", "organisation").order_by("pk")
    return {
        "surveys_received": [
            {
                "year": one.campaign.year,
                "enterprise": one.organisation.code,
                "sent_on": one.sent_on.isoformat() if one.sent_on else None,
                "reminded_on": one.reminded_on.isoformat() if one.reminded_on else None,
            }
            for one in asked
        ],
        "surveys_opened": Campaign.objects.filter(opened_by=user).count(),
        "answers_recorded": Answer.objects.filter(answered_by=user).count(),
        "answers_verified": Answer.objects.filter(verified_by=user).count(),
    }
