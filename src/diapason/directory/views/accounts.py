"""Accounts and roles, for operators."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diapason.directory import actions, queries
from diapason.directory.contracts import Role
from diapason.directory.forms import InvitationForm, PeopleFilter, RoleForm
from diapason.directory.models import Invitation, Membership, User
from diapason.kernel import clock
from diapason.kernel.forms import refuse
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.kernel.registries import Tone
from diapason.kernel.spreadsheets import Kind
from diapason.kernel.tables import Column, Listing, folded, leads_to
from diapason.kernel.texts import Text


def roles_in_words(person: Any) -> str:
    """What somebody holds today, in the reader's language; empty for nothing."""
    return ", ".join(
        f"{Role(held['role']).label} ({Text(held['organisation'])})" for held in person.held
    )


COLUMNS = (
    Column(
        key="name",
        heading=_lazy("Name"),
        value=str,
        sort=lambda: folded(Coalesce(NullIf("name", Value("")), "email")),
        link=leads_to("directory:person"),
    ),
    Column(key="email", heading=_lazy("E-mail address"), sort="email"),
    Column(key="roles", heading=_lazy("Roles today"), value=roles_in_words),
    Column(key="joined_at", heading=_lazy("Since"), kind=Kind.MOMENT, sort="joined_at"),
    Column(key="last_login", heading=_lazy("Last signed in"), kind=Kind.MOMENT, sort="last_login"),
    Column(
        key="state",
        heading=_lazy("State"),
        value=lambda person: _("Active") if person.is_active else _("Closed"),
        kind=Kind.STATUS,
        tone=lambda person: Tone.GOOD if person.is_active else Tone.WARNING,
    ),
)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent to a form, even nothing at all; None when the form is only asked for."""
    return request.POST if request.method == "POST" else None


@requires("directory.manage_accounts")
@require_GET
def accounts(request: HttpRequest) -> HttpResponseBase:
    listing = Listing(
        request,
        queries.people_with_roles(),
        COLUMNS,
        name="accounts",
        filters=PeopleFilter,
        default_sort="name",
    )
    return listing.respond("directory/accounts.html", {"invitations": queries.open_invitations()})


def _person(pk: int) -> User:
    person = User.objects.filter(pk=pk).first()
    if person is None:
        raise Http404
    return person


@requires("directory.manage_accounts")
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person, their roles and what changed; posting gives a role."""
    shown = _person(pk)
    form = RoleForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.give_role(
                user_id=pk,
                organisation_id=given["organisation"],
                role=given["role"],
                starts=given["starts"],
                ends=given["ends"],
                by=request.user,
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The role is given."))
            return redirect("directory:person", pk=pk)
    today = clock.today()
    context = {
        "person": shown,
        "roles": [
            {"held": held, "running": held.runs_on(today), "over": held.is_over_on(today)}
            for held in queries.roles_of([shown])[pk]
        ],
        "form": form,
        "history": queries.history_of_person(shown),
        "language": dict(settings.LANGUAGES).get(shown.language, shown.language),
    }
    return render(request, "directory/person.html", context)


@requires("directory.manage_accounts")
@require_POST
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    membership = Membership.objects.filter(pk=pk).first()
    if membership is None:
        raise Http404
    try:
        actions.end_role(membership_id=pk, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The role has ended."))
    return redirect("directory:person", pk=membership.user_id)


@requires("directory.manage_accounts")
@require_POST
def close_account(request: HttpRequest, pk: int) -> HttpResponse:
    _person(pk)
    try:
        actions.deactivate_account(user_id=pk, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The account is closed."))
    return redirect("directory:person", pk=pk)


@requires("directory.manage_accounts")
@require_POST
def open_account(request: HttpRequest, pk: int) -> HttpResponse:
    _person(pk)
    actions.reactivate_account(user_id=pk, by=request.user)
    messages.success(request, _("The account is open again."))
    return redirect("directory:person", pk=pk)


@requires("directory.invite_person")
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(posted(request), initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.invite_person(
                email=given["email"],
                organisation_id=given["organisation"],
                role=given["role"],
                language=given["language"],
                by=request.user,
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request, _("The invitation is on its way to %(email)s.") % {"email": given["email"]}
            )
            return redirect("directory:accounts")
    return render(request, "directory/invite.html", {"form": form})


@requires("directory.invite_person")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    if not Invitation.objects.filter(pk=pk).exists():
        raise Http404
    try:
        actions.withdraw_invitation(invitation_id=pk, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation is withdrawn: its link no longer works."))
    return redirect("directory:accounts")
