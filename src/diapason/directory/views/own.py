"""One's own account, and the invitation that leads to one."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import EmailAddress, Login
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from diapason.directory import actions, queries
from diapason.directory.forms import AcceptanceForm, EraseForm, ProfileForm
from diapason.directory.views.accounts import posted
from diapason.kernel import clock
from diapason.kernel.forms import refuse
from diapason.kernel.permissions import public, signed_in
from diapason.kernel.refusals import Refusal
from diapason.kernel.registries import personal_records


@signed_in
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Name, language, roles, and how one signs in; posting changes the first two."""
    user = request.user
    form = ProfileForm(posted(request), initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        actions.change_profile(user_id=user.pk, **form.cleaned_data)
        messages.success(request, _("Your account is up to date."))
        with override(form.cleaned_data["language"]):
            return redirect("directory:account")
    today = clock.today()
    keys = Authenticator.objects.filter(user=user)
    context = {
        "form": form,
        "roles": [held for held in queries.roles_of([user])[user.pk] if held.runs_on(today)],
        "addresses": EmailAddress.objects.filter(user=user),
        "passkeys": sum(key.type == Authenticator.Type.WEBAUTHN for key in keys),
        "second_factor": any(key.type == Authenticator.Type.TOTP for key in keys),
        "has_password": user.has_usable_password(),
    }
    return render(request, "directory/account.html", context)


@signed_in
@require_GET
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    """Everything that the rooms hold about the person who asks, as a JSON file."""
    held = {key: records.export(request.user) for key, records in personal_records.items()}
    answer = JsonResponse(
        {"exported_at": timezone.now().isoformat(), "rooms": held},
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    answer["Content-Disposition"] = 'attachment; filename="diapason-account.json"'
    return answer


@signed_in
@require_http_methods(["GET", "POST"])
@reauthentication_required
def erase(request: HttpRequest) -> HttpResponse:
    form = EraseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.erase_account(
                user_id=request.user.pk, confirmation=form.cleaned_data["confirmation"]
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            logout(request)
            messages.success(request, _("Your account is erased. Farewell!"))
            return redirect("account_login")
    return render(request, "directory/erase.html", {"form": form})


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind an invitation's personal link; posting accepts it.

    A first account is signed in at once: the link was as good as a code. An account that exists
    already signs in by its own means, so that a link never goes around a second factor.
    """
    found = queries.invitation_behind(secret)
    if found is None or not (found.is_open or found.accepted_at):
        return render(request, "directory/invitation_closed.html", status=410)
    if found.accepted_at and request.method == "GET":
        return render(request, "directory/invitation_closed.html", {"accepted": True}, status=410)
    form = AcceptanceForm(
        posted(request),
        initial={"language": get_language()},
        known=queries.has_confirmed_account(found.email),
    )
    if request.method == "POST" and form.is_valid():
        try:
            accepted = actions.accept_invitation(secret=secret, **form.answers())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _welcome(request, accepted)
    return render(request, "directory/invitation.html", {"invitation": found, "form": form})


def _welcome(request: HttpRequest, accepted: actions.Acceptance) -> HttpResponse:
    language = accepted.user.language
    if accepted.new_account and not accepted.repeated:
        if request.user.is_authenticated:  # somebody else's session on this machine
            logout(request)
        messages.success(request, _("Welcome! Your invitation is accepted."))
        return perform_login(
            request, Login(user=accepted.user, email=accepted.user.email, signup=False)
        )
    messages.success(request, _("Your invitation is accepted."))
    with override(language if language in dict(settings.LANGUAGES) else get_language()):
        if request.user.is_authenticated and request.user.pk == accepted.user.pk:
            return redirect("directory:account")
        return redirect(f"{reverse('account_login')}?next={reverse('directory:account')}")
