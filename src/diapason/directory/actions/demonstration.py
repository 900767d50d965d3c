"""Accounts with which a visitor tries the demonstration; they exist nowhere else."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from diapason.directory.contracts import Role
from diapason.directory.models import Membership, Organisation, User
from diapason.kernel import clock
from diapason.kernel.refusals import Refusal

DOMAIN = "demo.invalid"


@dataclass(frozen=True)
class DemonstrationAccount:
    """One of the accounts of the demonstration; `role` is what it shows."""

    email: str
    name: str
    role: Role
    organisation: str


# The names say that nobody bears them.
_CAST: tuple[tuple[str, str, Role], ...] = (
    ("member", "Mina Démo", Role.MEMBER),
    ("advisor", "Alix Démo", Role.ADVISOR),
    ("manager", "Manon Démo", Role.PROGRAMME_MANAGER),
    ("manager2", "Marius Démo", Role.PROGRAMME_MANAGER),
    ("juror", "Jules Démo", Role.JUROR),
    ("committee", "Camille Démo", Role.COMMITTEE_MEMBER),
    ("operator", "Odile Démo", Role.OPERATOR),
)


def demonstration_password() -> str:
    """The one password of the demonstration's accounts, made once per installation.

    Side effects: kept in the instance's folder, in a file that only its owner may read.
    """
    path = Path(settings.HOME) / "demonstration-password"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    made = secrets.token_urlsafe(12)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process made it meanwhile
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(made + "\n")
    return made


def make_demonstration_accounts(*, organisations: Mapping[Role, str]) -> list[DemonstrationAccount]:
    """Make one account for each kind of person, and a second manager so that one may approve what
    the other recorded; `organisations` gives the code of the organisation of each role.

    Side effects: adds or repairs the accounts, their confirmed addresses, their password and
    their role; nothing else changes, and made twice they are the same accounts.
    Raises `Refusal` outside a demonstration, or when an organisation is missing.
    """
    if not settings.DEMONSTRATION:
        raise Refusal(_("Demonstration accounts exist only in a demonstration."))
    password = demonstration_password()
    made = []
    with transaction.atomic():
        places = {
            organisation.code: organisation
            for organisation in Organisation.objects.filter(code__in=organisations.values())
        }
        for local, name, role in _CAST:
            code = organisations.get(role, "")
            if code not in places:
                raise Refusal(
                    _("No organisation “%(code)s” for the role %(role)s.")
                    % {"code": code, "role": role}
                )
            email = f"{local}@{DOMAIN}"
            user, _made = User.objects.get_or_create(email=email, defaults={"name": name})
            if not user.check_password(password):
                user.set_password(password)
            user.is_active = True
            user.save()
            EmailAddress.objects.update_or_create(
                user=user, email=email, defaults={"verified": True, "primary": True}
            )
            held = Membership.objects.on(clock.today()).filter(
                user=user, organisation=places[code], role=role
            )
            if not held.exists():
                Membership.objects.create(user=user, organisation=places[code], role=role)
            made.append(
                DemonstrationAccount(email=email, name=user.name, role=role, organisation=code)
            )
    return made
