"""Forgetting a person who leaves."""

from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.db import models

from diapason.plan.models import (
    BudgetEntry,
    PlanLoad,
    Reading,
    Target,
    Task,
    TaskNote,
)

# Notes and loads keep no history of their own.
_TRACKED: tuple[type[models.Model], ...] = (Reading, Target, Task, BudgetEntry)
_ALL: tuple[type[models.Model], ...] = (*_TRACKED, TaskNote, PlanLoad)


def forget_person(user: Any) -> None:
    """Leave nothing in the plan that names the person; the figures, decisions and money that they
    recorded stay, without a name.

    Side effects: empties every link to the person, in the histories too. Runs inside the caller's
    transaction.
    """
    for model in _ALL:
        for name in _links(model):
            model._default_manager.filter(**{name: user.pk}).update(**{name: None})
    # Emptying a link is itself noted by the history: so the histories go last.
    for model in _TRACKED:
        for events in pghistory.core.event_models(tracks_model=model):
            for name in _links(model):
                events._default_manager.filter(**{name: user.pk}).update(**{name: None})


def _links(model: type[models.Model]) -> list[str]:
    """The fields of the model that name an account."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.remote_field.model._meta.label == settings.AUTH_USER_MODEL
    ]
