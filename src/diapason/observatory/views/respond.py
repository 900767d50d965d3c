"""The survey as an enterprise sees it, by its personal link, without account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from diapason.kernel import drafts
from diapason.kernel.forms import refuse
from diapason.kernel.permissions import public
from diapason.kernel.refusals import Refusal
from diapason.observatory import actions
from diapason.observatory.contracts import Status
from diapason.observatory.forms import AnswerForm
from diapason.observatory.forms.answers import as_typed, in_words, typed_over
from diapason.observatory.models import Answer, Invitation
from diapason.observatory.queries import surveys


def _behind(secret: str) -> Invitation:
    found = surveys.invitation_behind(secret)
    if found is None:
        raise Http404
    return found


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, secret: str) -> HttpResponse:
    """The questions of a survey, prefilled; posting answers, keeps for later, or ends the
    letters."""
    invitation = _behind(secret)
    survey = invitation.campaign
    found = surveys.answer_of(survey, invitation.organisation_id)
    before = surveys.before(survey, invitation.organisation_id)
    act = request.POST.get("act", "send") if request.method == "POST" else ""
    if act == "stop":
        actions.refuse_letters(invitation=invitation)
        messages.success(request, _("You will get no more letters about this survey."))
        return redirect("observatory:respond", secret=secret)
    if act == "later":
        _keep(invitation, request)
        messages.success(
            request, _("What you typed is kept for 30 days. Come back by the same link.")
        )
        return redirect("observatory:respond", secret=secret)
    kept = drafts.load(actions.draft_owner(invitation), actions.DRAFT)
    form = AnswerForm(
        request.POST if act == "send" else None,
        questions=survey.questions,
        before=before,
        initial=typed_over(_shown(invitation, found, before), kept or {}),
    )
    if act == "send" and form.is_valid():
        try:
            actions.answer(
                invitation=invitation,
                facts=form.facts(),
                language=get_language() or settings.LANGUAGE_CODE,
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Thank you: your answer has arrived."))
            return redirect("observatory:respond", secret=secret)
    verified = found is not None and found.status == Status.VERIFIED
    return render(
        request,
        "observatory/portal/respond.html",
        {
            "invitation": invitation,
            "survey": survey,
            "form": form,
            "secret": secret,
            "answer": found,
            "verified": verified,
            "before": before,
            "resumed": kept is not None and not form.is_bound,
            "may_answer": survey.is_open and not verified,
            "facts": in_words(found, survey.questions) if found else [],
        },
    )


def _shown(invitation: Invitation, found: Answer | None, before: Answer | None) -> dict[str, Any]:
    """What the form shows at first: the answer that was sent, else that of the year before."""
    known = found or (before if before is not None and before.active else None)
    return as_typed(known.facts(), invitation.campaign.questions) if known else {}


def _keep(invitation: Invitation, request: HttpRequest) -> None:
    typed = {
        name: values
        for name, values in request.POST.lists()
        if name in {"active", "ceased_on", *invitation.campaign.questions}
    }
    actions.keep_for_later(invitation=invitation, typed=typed)


@public
@require_POST
def keep(request: HttpRequest, secret: str) -> HttpResponse:
    """Keep what is being typed: 204 once it is kept, an error's code alone otherwise."""
    invitation = _behind(secret)
    if int(request.META.get("CONTENT_LENGTH") or 0) > drafts.MAX_BYTES:
        return HttpResponse(status=413)
    if not drafts.allowed(request, actions.draft_owner(invitation)):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    _keep(invitation, request)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
