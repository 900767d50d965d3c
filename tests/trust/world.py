"""The small world in which the gates ask for every page: one person of each kind, and the records
that the rooms' `furnish` adds."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

from django.core.cache import cache
from django.test import Client

from diapason.directory.contracts import Role
from tests.directory.factories import MembershipFactory, UserFactory, person
from tests.trust.examples import room_files

VISITOR = "anonymous"
PEOPLE = (VISITOR, *(role.value for role in Role))
PASSWORD = "a password of tests only"


class World(SimpleNamespace):
    """`people`: an account for each role, None for the visitor. `stranger`: somebody of whom
    none of them knows anything. Rooms add what they need."""

    people: dict[str, Any]
    stranger: Any


def build(size: int = 1) -> World:
    """A new world in the current database; of size 0, one where nothing is but the accounts."""
    people = {role.value: person(role, name=f"{role.value.title()} Person") for role in Role}
    for made in people.values():
        made.set_password(PASSWORD)
        made.save()
    world = World(people={VISITOR: None, **people}, stranger=UserFactory(name="Somebody Else"))
    MembershipFactory(user=world.stranger)
    if size:
        enlarge(world, size)
    return world


def enlarge(world: World, size: int) -> None:
    """Give the world `size` more of everything."""
    for module in room_files("routes"):
        if hasattr(module, "furnish"):
            module.furnish(world, size)
    cache.clear()


def client_of(user: Any, *, language: str = "fr", **options: Any) -> Client:
    """A browser in which `user` (None: nobody) has just signed in; the gate of pages reads what it
    is given, the others need not."""
    client = Client(**options)
    client.reads_strictly = False
    if user is not None:
        client.force_login(user)
        session = client.session
        # Signed in just now: pages that ask again who one is are opened too.
        session["account_authentication_methods_user"] = str(user.pk)
        signed_in = {"method": "password", "email": user.email, "at": time.time() + 3600}
        session["account_authentication_methods"] = [signed_in | {"reauthenticated": True}]
        session.save()
    return client
