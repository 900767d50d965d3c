"""Forgetting people: those who leave, and those whom old surveys were sent to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
from django.conf import settings
from django.db import models, transaction

from diapason.observatory.models import Answer, Campaign, Invitation
from diapason.observatory.queries.personal import asked_of

YEARS_KEPT = 2
_TRACKED: tuple[type[models.Model], ...] = (Campaign, Answer)


def forget_person(user: Any) -> None:
    """Leave nothing that names the person; surveys and answers still count.

    Side effects: empties links to the account and to who was asked at its address, in the
    histories too.
    """
    asked_of(user).update(contact=None)
    for model in _TRACKED:
        kept = [model, *pghistory.core.event_models(tracks_model=model)]
        for name in _links(model):
            for table in kept:
                table._default_manager.filter(**{name: user.pk}).update(**{name: None})


@transaction.atomic
def forget_old_contacts(*, on: date) -> int:
    """Cut the tie to whoever was asked in surveys closed more than `YEARS_KEPT` years ago; gives
    how many."""
    limit = on.replace(year=on.year - YEARS_KEPT, day=min(on.day, 28))
    old = Invitation.objects.filter(campaign__closed_on__lt=limit, contact__isnull=False)
    return old.update(contact=None)


def _links(model: type[models.Model]) -> list[str]:
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.remote_field.model._meta.label == settings.AUTH_USER_MODEL
    ]
