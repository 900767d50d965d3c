"""Invented enterprises of the demonstration: no name, place or number of theirs is anybody's."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from diapason.directory import actions
from diapason.directory.contracts import ActivityRevision, OrganisationFacts, OrganisationKind, Role
from diapason.directory.models import Activity, Commune, Membership, User

_NAMESPACE = uuid.UUID("5b0a4c2e-7f0d-4b57-9a53-0f1f6b6c8d21")

MUSIC = gettext_lazy("Records and produces music.")
PICTURE = gettext_lazy("Shoots films and video clips.")
STAGE = gettext_lazy("Puts on concerts and shows.")
DIGITAL = gettext_lazy("Makes games and interactive pieces.")
TOOLS = gettext_lazy("Hires out sound, light and cameras.")

# The names say that nobody bears them; every other one is in the public directory.
ENTERPRISES = (
    ("Studio Inventé", OrganisationKind.COMPANY, MUSIC),
    ("Les Images Imaginaires", OrganisationKind.COMPANY, PICTURE),
    ("Label Fictif", OrganisationKind.COMPANY, MUSIC),
    ("Atelier Exemple", OrganisationKind.COMPANY, DIGITAL),
    ("Compagnie Supposée", OrganisationKind.ASSOCIATION, STAGE),
    ("Régie de Démonstration", OrganisationKind.COMPANY, TOOLS),
    ("Jeux Factices", OrganisationKind.COMPANY, DIGITAL),
    ("Clips Hypothétiques", OrganisationKind.COMPANY, PICTURE),
    ("Orchestre Prétendu", OrganisationKind.ASSOCIATION, STAGE),
    ("Festival Imaginé", OrganisationKind.FESTIVAL, STAGE),
    ("Prises Inventées", OrganisationKind.COMPANY, PICTURE),
    ("Coopérative du Faux Son", OrganisationKind.COMPANY, MUSIC),
    *(
        (f"Entreprise Inventée {number}", OrganisationKind.COMPANY, does)
        for number, does in enumerate((MUSIC, PICTURE, STAGE, DIGITAL, TOOLS) * 5, start=13)
    ),
)


# No commune has such codes or such names.
COMMUNES = [
    {"code": "ZZ001", "nom": "Ville-Inventée", "codesPostaux": ["00001"], "population": 30000},
    {"code": "ZZ002", "nom": "Bourg-Imaginaire", "codesPostaux": ["00002"], "population": 9000},
    {"code": "ZZ003", "nom": "Val-Fictif", "codesPostaux": ["00003"], "population": 4000},
]
ACTIVITIES: list[dict[str, Any]] = [
    {"id": code, "label": french, "labels": {"en": english}}
    for code, french, english in (
        ("58.21Z", "Édition de jeux électroniques", "Publishing of computer games"),
        (
            "59.11B",
            "Production de films institutionnels et publicitaires",
            "Production of corporate and advertising films",
        ),
        (
            "59.20Z",
            "Enregistrement sonore et édition musicale",
            "Sound recording and music publishing",
        ),
        ("90.01Z", "Arts du spectacle vivant", "Performing arts"),
    )
]


@transaction.atomic
def make_enterprises(day: date) -> None:
    """Add the invented enterprises, as of `day`; those that are there stay as they are.

    Side effects: those of `create_organisation`, in the name of an advisor; none where the
    demonstration has no advisor.
    """
    advisor = _advisor()
    if advisor is None:
        return
    _places_and_activities()
    communes = list(Commune.objects.order_by(F("population").desc(nulls_last=True), "pk")[:3])
    activities = list(Activity.objects.filter(cultural=True).order_by("code", "pk")[:4])
    for number, (name, kind, does) in enumerate(ENTERPRISES):
        actions.create_organisation(
            by=advisor,
            request_key=uuid.uuid5(_NAMESPACE, name),
            facts=OrganisationFacts(
                name={code: name for code, _language in settings.LANGUAGES},
                kind=kind,
                description={code: _told(code, does) for code, _language in settings.LANGUAGES},
                commune_id=communes[number % len(communes)].pk if communes else None,
                activity_id=activities[number % len(activities)].pk if activities else None,
                email=f"entreprise-{number + 1}@demo.invalid",
                checked_on=day - timedelta(days=17 * number),
                listed=number % 2 == 0,
                invented=True,
            ),
        )


def _places_and_activities() -> None:
    """Figures are split by place and by activity: where no list is loaded, three invented communes
    and four lines of the official list of activities. Side effects: those of loading them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.json"
        if not Commune.objects.exists():
            path.write_text(json.dumps(COMMUNES), "utf-8")
            actions.load_communes(path)
        if not Activity.objects.exists():
            path.write_text(json.dumps(ACTIVITIES), "utf-8")
            codes = [one["id"] for one in ACTIVITIES]
            actions.load_activities(path, revision=ActivityRevision.SECOND, cultural=codes)


def _told(language: str, does: object) -> str:
    with override(language):
        return _("%(does)s (Invented for the demonstration.)") % {"does": does}


def _advisor() -> User | None:
    held = Membership.objects.filter(role=Role.ADVISOR, ends__isnull=True, user__is_active=True)
    first = held.order_by("user__email").select_related("user").first()
    return first.user if first is not None else None
