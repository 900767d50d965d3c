"""Who acts in the demonstration, and how chance is drawn."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model

from diapason.directory.api import Role, people_holding

_NAMESPACE = uuid.UUID("9f1d6a52-6c1b-4c0e-9c55-8d0f6f3b7c11")


@dataclass(frozen=True)
class Cast:
    """Whoever declares figures, and two who approve: neither decides on their own."""

    advisor: Any
    manager: Any
    deputy: Any

    @property
    def team(self) -> tuple[Any, ...]:
        return (self.advisor, self.manager, self.deputy)


def cast() -> Cast | None:
    """The people of the demonstration; None where it has not enough of them."""
    advisors = people_holding(Role.ADVISOR)
    managers = people_holding(Role.PROGRAMME_MANAGER)
    if not advisors or len(managers) < 2:
        return None
    ids = [advisors[0].id, managers[0].id, managers[1].id]
    people = get_user_model()._default_manager.in_bulk(ids)
    return Cast(*(people[each] for each in ids))


def chance(*about: Any) -> random.Random:
    """A source of chance that always draws the same about the same thing."""
    return random.Random(":".join(map(str, about)))  # noqa: S311 - invents figures, hides nothing


def key(*about: Any) -> uuid.UUID:
    """The key under which a record is made once."""
    return uuid.uuid5(_NAMESPACE, ":".join(map(str, about)))
