"""Forgetting people: those who leave, and those whom old surveys were sent to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from diapason.kernel import audit
from diapason.kernel.periods import years_later
from diapason.observatory.models import Answer, Campaign, Invitation
from diapason.observatory.queries.personal import asked_of

YEARS_KEPT = 2


def forget_person(user: Any) -> None:
    """Leave nothing that names the person; surveys and answers still count.

    Side effects: empties links to the account and to who was asked at its address, in the
    histories too.
    """
    asked_of(user).update(contact=None)
    audit.unlink(user.pk, (Answer, Campaign))


@transaction.atomic
def forget_old_contacts(*, on: date) -> int:
    """Cut the tie to whoever was asked in surveys closed more than `YEARS_KEPT` years ago; gives
    how many."""
    limit = years_later(on, -YEARS_KEPT)
    old = Invitation.objects.filter(campaign__closed_on__lt=limit, contact__isnull=False)
    return old.update(contact=None)
