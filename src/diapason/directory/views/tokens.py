"""Keys of the API, for programme managers and operators."""

from __future__ import annotations

from datetime import datetime, time

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diapason.directory import actions, queries
from diapason.directory.contracts import Role
from diapason.directory.forms import TokenForm
from diapason.directory.views.accounts import posted
from diapason.kernel.forms import refuse
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal


@requires("directory.manage_tokens")
@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    return render(
        request, "directory/tokens.html", {"tokens": queries.tokens_visible_to(request.user)}
    )


@requires("directory.manage_tokens")
@require_http_methods(["GET", "POST"])
@never_cache
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a key; the answer to the form is the only page that ever shows it."""
    only = (
        None if request.user.holds(Role.OPERATOR) else queries.managed_organisations(request.user)
    )
    form = TokenForm(posted(request), only=only)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        expires = given["expires"] and timezone.make_aware(
            datetime.combine(given["expires"], time.min)
        )
        try:
            token, raw = actions.create_token(
                organisation_id=given["organisation"],
                name=given["name"],
                expires_at=expires,
                by=request.user,
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return render(request, "directory/token_made.html", {"token": token, "raw": raw})
    return render(request, "directory/token_new.html", {"form": form})


@requires("directory.manage_tokens")
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    if not queries.tokens_visible_to(request.user).filter(pk=pk).exists():
        raise Http404
    actions.revoke_token(token_id=pk, by=request.user)
    messages.success(request, _("The token is revoked: it opens nothing any more."))
    return redirect("directory:tokens")
