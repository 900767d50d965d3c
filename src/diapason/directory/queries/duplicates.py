"""Rows that may be one organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from diapason.directory.models import Organisation
from diapason.directory.queries.organisations import organisations
from diapason.kernel.tables import folded

# How alike two names are, from 0 to 1, to be worth a look; and how many are shown at most.
ALIKE = 0.45
SHOWN = 20


@dataclass(frozen=True)
class Likely:
    """An organisation that may be the same, with the reasons to think so."""

    organisation: Organisation
    reasons: tuple[str, ...]


def duplicates_of(record: Organisation) -> list[Likely]:
    """The organisations that may be the same as this one, the likeliest first. One query."""
    languages = [code for code, _language in settings.LANGUAGES]
    alike = [
        Coalesce(
            TrigramSimilarity(
                folded(KeyTextTransform(code, "name")), folded(Value(record.name[code]))
            ),
            Value(0.0),
        )
        for code in languages
        if record.name.get(code)
    ]
    if not alike:
        return []
    likeness: Any = Greatest(*alike) if len(alike) > 1 else alike[0]
    likely = Q(likeness__gte=ALIKE)
    if record.siren:
        likely |= Q(siren=record.siren)
    if record.email:
        likely |= Q(email__iexact=record.email)
    found = organisations().exclude(pk=record.pk).annotate(likeness=likeness).filter(likely)
    told = [Likely(one, _reasons(record, one)) for one in found.order_by("-likeness", "pk")]
    return sorted(told, key=lambda one: -len(one.reasons))[:SHOWN]


def _reasons(record: Organisation, other: Any) -> tuple[str, ...]:
    reasons = []
    if record.siren and other.siren == record.siren:
        reasons.append(_("the same SIREN"))
    if record.email and other.email.lower() == record.email.lower():
        reasons.append(_("the same e-mail address"))
    if other.likeness >= ALIKE:
        reasons.append(_("a similar name"))
    return tuple(reasons)
