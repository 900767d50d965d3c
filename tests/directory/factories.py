"""Organisations, people and their roles, for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from diapason.directory.contracts import OrganisationKind, Role
from diapason.directory.models import Membership, Organisation, User


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
