"""Fields of the directory that are about nobody, and what it keeps of a person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone

from diapason.directory import actions
from diapason.directory.contracts import CONSENTED, ContactFacts, Role
from diapason.directory.models import ApiToken, Invitation
from tests.directory.factories import (
    SIREN,
    ContactFactory,
    MembershipFactory,
    OrganisationFactory,
)

NOT_PERSONAL = {
    "directory.ApiToken.name": "names a program of an organisation",
    "directory.Commune.name": "names a municipality",
    "directory.Activity.label": "names a trade in an official list",
}

UNPLANTED = {
    "directory.RegisterEntry": "says what the public register says, whoever has an account here",
    "sessions.Session": "holds a number that names nobody once the account is gone; two weeks",
}


def plant(person: Any, canary: str) -> None:
    held = MembershipFactory(user=person, role=Role.ADVISOR)
    actions.change_profile(user_id=person.pk, name=f"{canary} the Elder", language="fr")
    actions.change_profile(user_id=person.pk, name=canary, language="fr")
    person.refresh_from_db()
    place = OrganisationFactory(siren=SIREN)
    actions.verify_number(by=person, organisation=place, version=1, verified_with="a statement")
    later = timezone.now() + timedelta(days=7)
    for number, email in enumerate((person.email, f"guest-{person.pk}@example.org")):
        Invitation.objects.create(
            email=email,
            organisation=place,
            role=Role.MEMBER,
            token_hash=f"{person.pk}-{number}",
            expires_at=later,
            invited_by=person,
            accepted_by=person if not number else None,
            accepted_at=timezone.now() if not number else None,
        )
    ApiToken.objects.create(
        organisation=held.organisation,
        name="Site",
        token_hash=f"hash {person.pk}",
        created_by=person,
    )
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": canary})
    contact = ContactFactory(
        organisation=place,
        email=person.email.upper(),
        **dict.fromkeys(("name", "function"), canary),
        **{f"{name}_public_on": date(2020, 1, 1) for name in CONSENTED},
    )
    facts = {"name": canary, "function": "Chief", "email": person.email, "phone": "04 00 00 00 00"}
    actions.change_contact(by=person, contact=contact, facts=ContactFacts(**facts))
