"""Reads of people, their roles, invitations and keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from diapason.directory.contracts import STAFF, PersonCard, Role
from diapason.directory.models import ApiToken, Invitation, Membership, User
from diapason.directory.queries.organisations import same_organisations
from diapason.kernel import changes, clock
from diapason.kernel.audit import AuditEntry, history
from diapason.kernel.links import digest


def staff_choices(also: User | None = None) -> list[tuple[int, str]]:
    """People who may be given work: the staff of today, by name, as choices of a form field; and
    whoever has it already (`also`), whatever they hold today."""
    people = [(each.id, each.name) for each in people_holding(*STAFF)]
    if also is not None and also.pk not in dict(people):
        people.append((also.pk, str(also)))
    return people


def people_holding(*roles: Role) -> list[PersonCard]:
    """Those who hold one of these roles today, by name; kept while accounts and roles are the
    same."""
    today = clock.today()
    held = Membership.objects.on(today).filter(role__in=roles)
    return changes.kept(
        f"directory.holding:{today}:{','.join(sorted(roles))}",
        ("directory_user", "directory_membership"),
        lambda: _who_hold(held),
    )


def staff_of(organisations: Iterable[int]) -> list[PersonCard]:
    """The staff of these organisations today, by name; who left, or whose account is closed, is not
    among them. Of organisations that were merged, the staff of each is that of all. Two queries,
    and one more for each level of merging."""
    held = Membership.objects.on(clock.today()).filter(
        role__in=STAFF, organisation__in=same_organisations(organisations)
    )
    return _who_hold(held)


def _who_hold(held: QuerySet[Membership]) -> list[PersonCard]:
    people = User.objects.filter(is_active=True, pk__in=held.values("user_id"))
    return [
        PersonCard(id=person.pk, name=str(person), language=person.language)
        for person in people.order_by("name", "email")
    ]


def powers(user: User) -> str:
    """Who a person is and what they hold today: with the records themselves, all that decides what
    they may see."""
    held = sorted(f"{role}@{organisation}" for role, organisation in user.roles())
    return f"{user.pk}:{user.is_active}:{','.join(held)}"


def people_with_roles() -> QuerySet[User]:
    """Every account with what it holds today in `held`: a list of `role` and `organisation`,
    the name by language. For operators alone: views ask `directory.manage_accounts`."""
    held = Membership.objects.on(clock.today()).filter(user=OuterRef("pk")).order_by("starts", "pk")
    described = JSONObject(role="role", organisation="organisation__name")
    return User.objects.annotate(held=ArraySubquery(held.values(described=described)))


def roles_of(people: Iterable[User]) -> dict[int, list[Membership]]:
    """The roles of each person, running and ended, the latest first. One query."""
    by_person: dict[int, list[Membership]] = {person.pk: [] for person in people}
    held = Membership.objects.filter(user_id__in=by_person).select_related("organisation")
    for membership in held.order_by("-starts", "pk"):
        by_person[membership.user_id].append(membership)
    return by_person


def open_invitations() -> QuerySet[Invitation]:
    """Invitations that may still be accepted, the latest first."""
    return (
        Invitation.objects.filter(
            accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
        )
        .select_related("organisation", "invited_by")
        .order_by("-created_at", "-pk")
    )


def invitation_behind(secret: str) -> Invitation | None:
    """The invitation whose link holds `secret`, open or not."""
    return (
        Invitation.objects.select_related("organisation", "accepted_by")
        .filter(token_hash=digest(secret))
        .first()
    )


def has_confirmed_account(email: str) -> bool:
    """Whether the owner of this address has an account already and proved the address."""
    return EmailAddress.objects.filter(email__iexact=email, verified=True).exists()


def tokens_visible_to(user: User) -> QuerySet[ApiToken]:
    """Tokens that a person may see and revoke: all for operators, else those of the
    organisations for which they manage the programme."""
    tokens = ApiToken.objects.select_related("organisation", "created_by").order_by("-created_at")
    if user.holds(Role.OPERATOR):
        return tokens
    return tokens.filter(organisation_id__in=managed_organisations(user))


def managed_organisations(user: User) -> set[int]:
    return {where for role, where in user.roles() if role == Role.PROGRAMME_MANAGER}


def history_of_person(user: User) -> list[tuple[Any, AuditEntry]]:
    """What was done to an account and to its roles, the latest first, each with what it is about:
    the account, or a role in an organisation."""
    told = [(_("Account"), entry) for entry in history(user)]
    for held in roles_of([user])[user.pk]:
        told += [(f"{held.role_label}, {held.organisation}", entry) for entry in history(held)]
    # Sorting is stable: of what one transaction wrote, the account stays before its roles.
    return sorted(told, key=lambda entry: entry[1].at)[::-1]


def personal_export(user: User) -> dict[str, Any]:
    """Everything that the directory holds about a person, as plain values for JSON."""
    memberships = Membership.objects.filter(user=user).select_related("organisation")
    invitations = Invitation.objects.filter(
        Q(accepted_by=user) | Q(email__iexact=user.email)
    ).select_related("organisation")
    return {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "active": user.is_active,
        "member_since": user.joined_at.isoformat(),
        "last_signed_in": user.last_login.isoformat() if user.last_login else None,
        "addresses": [
            {"email": address.email, "confirmed": address.verified, "main": address.primary}
            for address in EmailAddress.objects.filter(user=user).order_by("email")
        ],
        "sign_in_keys": [
            {
                "kind": key.type,
                "added_on": key.created_at.isoformat(),
                "last_used": key.last_used_at.isoformat() if key.last_used_at else None,
            }
            for key in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "roles": [
            {
                "role": held.role,
                "organisation": held.organisation.code,
                "starts": held.starts.isoformat(),
                "ends": held.ends.isoformat() if held.ends else None,
            }
            for held in memberships.order_by("starts", "pk")
        ],
        "invitations": [
            {
                "role": invitation.role,
                "organisation": invitation.organisation.code,
                "sent": invitation.created_at.isoformat(),
                "accepted": invitation.accepted_at.isoformat() if invitation.accepted_at else None,
            }
            for invitation in invitations.order_by("created_at", "pk")
        ],
        "tokens_made": [
            {
                "name": token.name,
                "organisation": token.organisation.code,
                "made": token.created_at.isoformat(),
            }
            for token in ApiToken.objects.filter(created_by=user).select_related("organisation")
        ],
        "former_names_and_addresses": [
            {"at": event.pgh_created_at.isoformat(), "email": event.email, "name": event.name}
            for event in apps.get_model("directory", "UserEvent")
            .objects.filter(pgh_obj_id=user.pk)
            .order_by("pgh_id")
        ],
    }
