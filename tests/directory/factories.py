"""Organisations, people and their roles, for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory
from stdnum import luhn

from diapason.directory.contracts import ActivityRevision, OrganisationKind, Role
from diapason.directory.models import Activity, Commune, Contact, Membership, Organisation, User


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    code = factory.Sequence(lambda n: f"organisation-{n}")
    name = factory.LazyAttribute(lambda made: {"fr": made.code, "en": made.code})
    kind = OrganisationKind.BODY


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.MEMBER
    starts = date(2015, 1, 1)


def person(*roles: Role, **fields: Any) -> User:
    """An account that holds these roles, each in an organisation of its own."""
    user = UserFactory(**fields)
    for role in roles:
        MembershipFactory(user=user, role=role)
    return user


class CommuneFactory(DjangoModelFactory):
    class Meta:
        model = Commune

    # Never 99…, which tests give by name.
    code = factory.Sequence(lambda n: f"{n % 99_000:05}")
    name = factory.Sequence(lambda n: f"Commune {n}")
    postcodes = factory.Sequence(lambda n: [f"99{n % 1000:03}"])


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = Activity

    # Never 90…, which tests give by name.
    code = factory.Sequence(lambda n: f"{n % 90:02}.{n // 90 % 100:02}Z")
    revision = ActivityRevision.SECOND
    label = factory.Sequence(lambda n: {"fr": f"Métier {n}", "en": f"Trade {n}"})


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Contact {n}")


def numbered(stem: str) -> str:
    """The stem with the digit that makes its checksum right: eight digits give a SIREN, thirteen
    a SIRET of one."""
    return stem + luhn.calc_check_digit(stem)


SIREN = numbered("99912345")
SIRET = numbered(SIREN + "0001")
