"""What people change about their own account, up to leaving."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from diapason.directory.actions.roles import demand_another_operator, hold_operators
from diapason.directory.contracts import Role
from diapason.directory.models import Invitation, User
from diapason.kernel import audit
from diapason.kernel.refusals import Refusal
from diapason.kernel.registries import personal_records

OWN_RECORDS = "directory.account"


def change_profile(*, user_id: int, name: str, language: str) -> User:
    """Change the name and the language of letters. History keeps the former ones."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        user.name, user.language = name.strip(), language
        user.save(update_fields=["name", "language"])
        return user


def erase_account(*, user_id: int, confirmation: str) -> None:
    """Erase a person at their own request.

    Side effects: every room forgets them, this one last; figures and decisions that they recorded
    stay, without a name. Raises `Refusal` unless `confirmation` is the account's e-mail address,
    and for the last operator.
    """
    with transaction.atomic():
        hold_operators()
        user = User.objects.select_for_update().get(pk=user_id)
        if confirmation.strip().lower() != user.email.lower():
            raise Refusal(_("Type your e-mail address exactly."), field="confirmation")
        if user.holds(Role.OPERATOR):
            demand_another_operator(without_person=user.pk)
        for key, records in personal_records.items():
            if key != OWN_RECORDS:
                records.erase(user)
        forget_person(user)


def forget_person(user: User) -> None:
    """Delete the account and what the directory knows of the person, history included.

    Side effects: roles, keys of the second factor and e-mail addresses go with the account;
    records of other rooms that name it keep a blank. Runs inside the caller's transaction.
    """
    addresses = {user.email.lower()} | {
        email.lower()
        for email in EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    }
    received = Invitation.objects.filter(email__in=addresses)
    history_of = apps.get_model
    history_of("directory", "InvitationEvent").objects.filter(email__in=addresses).delete()
    received.delete()
    identity = user.pk
    user.delete()
    # Deleting rewrites rows that named the person, which history notes: so history goes last.
    history_of("directory", "UserEvent").objects.filter(pgh_obj_id=identity).delete()
    history_of("directory", "InvitationEvent").objects.filter(email__in=addresses).delete()
    audit.forget_links(identity)
