"""Forgetting people: those who leave, and those whose case was closed long ago."""

from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
from django.db import transaction

from diapason.desk.models import (
    Assignment,
    Case,
    CaseMessage,
    CaseNote,
    CasePresence,
    DeskContact,
    HoursUsed,
    LetterChoice,
    Loan,
    Outcome,
    Referral,
    Satisfaction,
    Visit,
)
from diapason.kernel import audit, files
from diapason.kernel.periods import years_later

_THAT_NAME_PEOPLE = (
    Assignment,
    Case,
    CaseMessage,
    CaseNote,
    CasePresence,
    DeskContact,
    HoursUsed,
    LetterChoice,
    Loan,
    Outcome,
    Referral,
    Visit,
)
# What a person wrote of themselves at the front door.
_WRITTEN = {
    "contact_name": "",
    "contact_email": "",
    "contact_phone": "",
    "gender": "",
    "siret": "",
    "summary": "",
}
YEARS_KEPT = 2


def forget_person(user: Any) -> None:
    """Leave nothing that names the person; cases, answers and outcomes still count.

    Side effects: empties links to the account, and what was asked from its address, in the
    histories too.
    """
    asked = Case.objects.filter(contact_email__iexact=user.email)
    _empty(list(asked.values_list("pk", flat=True)))
    audit.unlink(user.pk, _THAT_NAME_PEOPLE)


@transaction.atomic
def forget_contact(*, case: Case) -> None:
    """Empty what the person wrote of themselves, at their own wish; the project stays, unnamed."""
    _empty([case.pk])


@transaction.atomic
def forget_old_contacts(*, on: date) -> int:
    """Empty what people wrote in cases closed more than `YEARS_KEPT` years ago; gives how many."""
    limit = years_later(on, -YEARS_KEPT)
    old = Case.objects.filter(closed_on__lt=limit).exclude(contact_email="")
    return _empty(list(old.values_list("pk", flat=True)))


def _empty(keys: list[int]) -> int:
    """What the owner wrote of themselves goes, and the whole exchange with them: those who answered
    wrote to a person, by their name."""
    emptied = Case.objects.filter(pk__in=keys).update(**_WRITTEN)
    said = CaseMessage.objects.filter(case__in=keys)
    documents = list(said.filter(document__isnull=False).values_list("document", flat=True))
    said.update(text="", document=None, erased=True)
    files.remove(documents)
    Satisfaction.objects.filter(case__in=keys).update(words="")
    for events in pghistory.core.event_models(tracks_model=Case):
        events._default_manager.filter(pgh_obj_id__in=keys).update(**_WRITTEN)
    return emptied
