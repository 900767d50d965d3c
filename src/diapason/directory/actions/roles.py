"""Roles given and ended, accounts closed and opened again."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import date

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diapason.directory.contracts import Role
from diapason.directory.models import Membership, User
from diapason.kernel import clock
from diapason.kernel.audit import acting
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal


def deed(name: str, by: User | None) -> AbstractContextManager[None]:
    """History will say that `by` did what is written inside; without anybody, it says what the
    request or the command has told it already."""
    return acting(f"directory.{name}", user=by) if by is not None else nullcontext()


def demand_of(by: User | None, permission: str) -> None:
    """Raise PermissionDenied for a person who may not do it; a command acts in nobody's name."""
    if by is not None:
        demand(by, permission)


def hold_operators() -> None:
    """Let nobody else change who operates the instance until this transaction ends.

    One lock for the whole set: two operators who each remove the other would both find one
    operator left if they only locked the row that they change.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('directory.operators'))")


def demand_another_operator(*, without_person: int | None = None, without_role: int | None = None):
    """Raise `Refusal` when nobody would operate the instance without that person or role.

    Call `hold_operators` before.
    """
    running = Membership.objects.on(clock.today()).filter(
        Q(ends__isnull=True), role=Role.OPERATOR, user__is_active=True
    )
    if without_person is not None:
        running = running.exclude(user_id=without_person)
    if without_role is not None:
        running = running.exclude(pk=without_role)
    if not running.exists():
        raise Refusal(
            _("This is the last operator. Give the role to somebody else first."), field=""
        )


def give_role(
    *,
    user_id: int,
    organisation_id: int,
    role: Role,
    starts: date | None = None,
    ends: date | None = None,
    by: User | None = None,
) -> Membership:
    """Give a person a role in an organisation, from `starts` (today where absent) until `ends`.

    Side effects: adds the role; history names `by`. Given twice, the second is refused.
    Raises `Refusal` when the account is closed, the dates are reversed or the role is held;
    PermissionDenied unless `by` may manage accounts.
    """
    demand_of(by, "directory.manage_accounts")
    starts = starts or clock.today()
    if ends is not None and ends <= starts:
        raise Refusal(_("A role ends after it starts."), field="ends")
    with transaction.atomic(), deed("give_role", by):
        user = User.objects.select_for_update().get(pk=user_id)
        if not user.is_active:
            raise Refusal(_("This account is closed: open it again first."), field="user")
        held = Membership.objects.filter(
            Q(ends__isnull=True) | Q(ends__gt=starts),
            user=user,
            organisation_id=organisation_id,
            role=role,
        )
        if ends is not None:
            held = held.filter(starts__lt=ends)
        if held.exists():
            raise Refusal(_("This person already holds this role there."), field="role")
        return Membership.objects.create(
            user=user, organisation_id=organisation_id, role=role, starts=starts, ends=ends
        )


def end_role(*, membership_id: int, ends: date | None = None, by: User | None = None) -> Membership:
    """End a role on `ends` (today where absent): on that day it is no longer held.

    Side effects: dates the end; history names `by`. A role that has ended already stays as it is.
    Raises `Refusal` when it is the last operator's, or the day is before the role's first;
    PermissionDenied unless `by` may manage accounts.
    """
    demand_of(by, "directory.manage_accounts")
    today = clock.today()
    with transaction.atomic(), deed("end_role", by):
        hold_operators()
        membership = Membership.objects.select_for_update().get(pk=membership_id)
        if membership.ends is not None and membership.ends <= today:
            return membership
        ends = ends or max(today, membership.starts)
        if ends < membership.starts:
            raise Refusal(_("A role cannot end before it starts."), field="ends")
        if membership.role == Role.OPERATOR:
            demand_another_operator(without_role=membership.pk)
        membership.ends = ends
        membership.save(update_fields=["ends"])
        return membership


def deactivate_account(*, user_id: int, by: User | None = None) -> User:
    """Close an account: the person can no longer sign in; what they did stays.

    Side effects: sessions of that person end with their next request; history names `by`.
    Raises `Refusal` for the last operator; PermissionDenied unless `by` may manage accounts.
    """
    demand_of(by, "directory.manage_accounts")
    with transaction.atomic(), deed("deactivate_account", by):
        hold_operators()
        user = User.objects.select_for_update().get(pk=user_id)
        if not user.is_active:
            return user
        if user.holds(Role.OPERATOR):
            demand_another_operator(without_person=user.pk)
        user.is_active = False
        user.save(update_fields=["is_active"])
        return user


def reactivate_account(*, user_id: int, by: User | None = None) -> User:
    """Open a closed account again; its running roles are held again. History names `by`.

    Raises PermissionDenied unless `by` may manage accounts.
    """
    demand_of(by, "directory.manage_accounts")
    with transaction.atomic(), deed("reactivate_account", by):
        user = User.objects.select_for_update().get(pk=user_id)
        if not user.is_active:
            user.is_active = True
            user.save(update_fields=["is_active"])
        return user
