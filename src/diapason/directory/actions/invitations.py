"""Invitations: an operator names somebody, who comes through a personal link."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diapason.directory.actions.letters import send_invitation
from diapason.directory.actions.roles import deed, demand_of
from diapason.directory.contracts import Role
from diapason.directory.models import Invitation, Membership, Organisation, User
from diapason.kernel import clock
from diapason.kernel.links import digest
from diapason.kernel.refusals import Refusal

OPEN_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Acceptance:
    """What came of accepting: whose account, whether it was just made, whether it was a repeat."""

    user: User
    new_account: bool
    repeated: bool


def invite_person(
    *, email: str, organisation_id: int, role: Role, language: str, by: User | None = None
) -> Invitation:
    """Invite somebody to hold a role in an organisation.

    Side effects: one invitation, open for fourteen days; one e-mail with the personal link, in
    `language`, once the transaction is committed; an expired invitation for the same is closed.
    Raises `Refusal` when the person holds the role already or has an open invitation for it;
    PermissionDenied unless `by` may invite.
    """
    demand_of(by, "directory.invite_person")
    email = email.strip().lower()
    now = timezone.now()
    secret = secrets.token_urlsafe(32)
    with transaction.atomic(), deed("invite_person", by):
        organisation = Organisation.objects.get(pk=organisation_id)
        same = Invitation.objects.select_for_update().filter(
            email__iexact=email,
            organisation=organisation,
            role=role,
            accepted_at=None,
            withdrawn_at=None,
        )
        for invitation in same:
            if invitation.is_open:
                raise _already_invited()
            invitation.withdrawn_at = now
            invitation.save(update_fields=["withdrawn_at"])
        if (
            Membership.objects.on(clock.today())
            .filter(user__email__iexact=email, organisation=organisation, role=role)
            .exists()
        ):
            raise Refusal(_("This person already holds this role there."), field="role")
        try:
            with transaction.atomic():
                invitation = Invitation.objects.create(
                    email=email,
                    organisation=organisation,
                    role=role,
                    language=language,
                    token_hash=digest(secret),
                    invited_by=by,
                    created_at=now,
                    expires_at=now + OPEN_FOR,
                )
        except IntegrityError as error:  # somebody else invited them meanwhile
            raise _already_invited() from error
        send_invitation(invitation, secret)
        return invitation


def invite_by_code(*, email: str, organisation: str, role: Role, language: str = "") -> Invitation:
    """`invite_person` for a program, which knows the organisation by its code.

    Raises `Refusal` for an address that is none, an unknown organisation or language besides.
    """
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refusal(_("“%(email)s” is not an e-mail address.") % {"email": email}) from error
    language = language or settings.LANGUAGE_CODE
    if language not in dict(settings.LANGUAGES):
        raise Refusal(_("This site does not speak “%(code)s”.") % {"code": language})
    place = Organisation.objects.filter(code=organisation).first()
    if place is None:
        known = ", ".join(Organisation.objects.values_list("code", flat=True)[:40])
        raise Refusal(
            _("No organisation “%(code)s”. Known: %(known)s.")
            % {"code": organisation, "known": known or "–"}
        )
    return invite_person(email=email, organisation_id=place.pk, role=role, language=language)


def _already_invited() -> Refusal:
    return Refusal(
        _("This person already has an open invitation for it. Withdraw it to send another."),
        field="email",
    )


def withdraw_invitation(*, invitation_id: int, by: User | None = None) -> Invitation:
    """Close an invitation: its link no longer works. History names `by`.

    Withdrawn twice, nothing more happens. Raises `Refusal` when it was accepted meanwhile;
    PermissionDenied unless `by` may invite.
    """
    demand_of(by, "directory.invite_person")
    with transaction.atomic(), deed("withdraw_invitation", by):
        invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
        if invitation.accepted_at:
            raise Refusal(_("This invitation was accepted: end the role instead."))
        if not invitation.withdrawn_at:
            invitation.withdrawn_at = timezone.now()
            invitation.save(update_fields=["withdrawn_at"])
        return invitation


def accept_invitation(*, secret: str, name: str, language: str, password: str = "") -> Acceptance:
    """Accept the invitation whose link holds `secret`.

    Side effects: the account of that address is made, or found; the address counts as confirmed,
    since the link was sent there; the role starts today; the invitation is used up. An account
    that somebody opened with this address without ever confirming it loses its password and keys.
    A repeat changes nothing and says so. `password` is set on a new account only.
    Raises `Refusal` when the link is unknown, withdrawn or expired, or the account is closed.
    """
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update().filter(token_hash=digest(secret)).first()
        )
        if invitation is None or invitation.withdrawn_at:
            raise Refusal(_("This link no longer works. Ask for a new invitation."))
        if invitation.accepted_at:
            if invitation.accepted_by is None:
                raise Refusal(_("This link no longer works. Ask for a new invitation."))
            return Acceptance(user=invitation.accepted_by, new_account=False, repeated=True)
        if not invitation.is_open:
            raise Refusal(_("This invitation has expired. Ask for a new one."))
        user, new = _account_of(invitation.email, name=name, language=language, password=password)
        if not user.is_active:
            raise Refusal(_("This account is closed. Write to the people who invited you."))
        with deed("accept_invitation", user):
            held = Membership.objects.on(clock.today()).filter(
                user=user, organisation_id=invitation.organisation_id, role=invitation.role
            )
            if not held.exists():
                Membership.objects.create(
                    user=user, organisation_id=invitation.organisation_id, role=invitation.role
                )
            invitation.accepted_at = timezone.now()
            invitation.accepted_by = user
            invitation.save(update_fields=["accepted_at", "accepted_by"])
        return Acceptance(user=user, new_account=new, repeated=False)


def _account_of(email: str, *, name: str, language: str, password: str) -> tuple[User, bool]:
    """The confirmed account of an address, and whether it is the invited person's first."""
    user = User.objects.select_for_update().filter(email__iexact=email).first()
    if user is None:
        try:
            with transaction.atomic():
                user = User.objects.create_user(
                    email, password or None, name=name, language=language
                )
        except IntegrityError:  # the person signed up at this very moment
            user = User.objects.select_for_update().get(email__iexact=email)
    address = EmailAddress.objects.filter(user=user, email__iexact=email).first()
    if address is not None and address.verified:
        return user, False
    # Nobody has ever proved to own this address: whatever somebody put on the account goes.
    Authenticator.objects.filter(user=user).delete()
    user.set_password(password or None)
    user.name, user.language = name, language
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    return user, True
