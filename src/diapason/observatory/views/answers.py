"""One enterprise's answer in the workspace: written down, verified, with its history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from diapason.directory.api import card
from diapason.kernel import audit
from diapason.kernel.forms import key_of, refuse
from diapason.kernel.permissions import allowed, requires
from diapason.kernel.refusals import Refusal
from diapason.observatory import actions
from diapason.observatory.contracts import Origin, Status
from diapason.observatory.forms import RecordForm, VerifyForm
from diapason.observatory.forms.answers import as_typed, in_words
from diapason.observatory.models import Answer, Campaign
from diapason.observatory.queries import surveys
from diapason.observatory.views.pages import survey_or_404, title_of
from diapason.observatory.views.surveys import SURE
from diapason.ui import formats
from diapason.ui.breadcrumb import crumbs


@requires("observatory.record_answers")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int, organisation: int) -> HttpResponse:
    """What an enterprise answered in a survey; posting writes it down or verifies it."""
    survey = survey_or_404(request, pk)
    enterprise = card(organisation)
    if enterprise is None:
        raise Http404
    found = surveys.answer_of(survey, organisation)
    before = surveys.before(survey, organisation)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    record = RecordForm(
        request.POST if act == "record" else None,
        questions=survey.questions,
        before=before,
        initial=_shown(survey, found),
    )
    verify = VerifyForm(
        request.POST if act == "verify" else None,
        initial={"version": found.version if found else 0},
        auto_id="verify_%s",
    )
    if act == "record" and record.is_valid():
        given = record.cleaned_data
        try:
            actions.record(
                by=request.user,
                survey=survey,
                organisation_id=organisation,
                facts=record.facts(),
                status=Status(given["status"]),
                source=given["source"],
                version=given["version"] or 0,
                request_key=key_of(request),
            )
        except actions.Conflict as conflict:
            record.see(conflict.version)
            refuse(record, conflict)
        except Refusal as refusal:
            refuse(record, refusal)
        else:
            messages.success(request, _("The answer is written down."))
            return redirect("observatory:answer", pk=pk, organisation=organisation)
    if act == "verify" and found is not None and verify.is_valid():
        try:
            actions.verify(by=request.user, answer=found, **verify.cleaned_data)
        except Refusal as refusal:
            refuse(verify, refusal)
        else:
            messages.success(request, _("The answer is verified."))
            return redirect("observatory:answer", pk=pk, organisation=organisation)
    invitation = surveys.invitation_of(survey, organisation)
    return render(
        request,
        "observatory/workspace/answer.html",
        {
            "survey": survey,
            "enterprise": enterprise,
            "answer": found,
            "status": (SURE[Status(found.status)], found.status_label) if found else None,
            "facts": in_words(found, survey.questions) if found else [],
            "about": _about(found) if found else [],
            "record": record,
            "verify": verify,
            "invitation": invitation,
            "address": surveys.address_of(invitation) if invitation else "",
            "link": actions.link_of(invitation)
            if invitation and survey.is_open and allowed(request.user, "observatory.run_surveys")
            else "",
            "history": audit.history(found)[::-1] if found else [],
            "breadcrumb": crumbs(
                (_("Surveys"), reverse("observatory:surveys")),
                (title_of(survey), reverse("observatory:survey", args=[survey.pk])),
                (enterprise.name, ""),
            ),
        },
    )


def _shown(survey: Campaign, found: Answer | None) -> dict[str, Any]:
    if found is None:
        return {"version": 0}
    return as_typed(found.facts(), survey.questions) | {
        "version": found.version,
        "status": Status.ESTIMATED if found.status == Status.ESTIMATED else Status.DECLARED,
        "source": found.source,
    }


def _about(found: Answer) -> list[dict[str, Any]]:
    told = [
        (_("Answered on"), formats.date_long(found.answered_on)),
        (_("Came by"), Origin(found.origin).label),
    ]
    if found.answered_by:
        told.append((_("Written down by"), found.answered_by))
    if found.source:
        told.append((_("What it rests on"), found.source))
    if found.verified_on:
        told.append((_("Verified on"), formats.date_long(found.verified_on)))
        told.append((_("Verified with"), found.verified_with))
    return [{"label": label, "value": value, "url": ""} for label, value in told]


@requires("observatory.record_answers")
@require_safe
def found(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of an answer that a figure counts."""
    answer = Answer.objects.filter(pk=pk).first()
    if answer is None:
        raise Http404
    return redirect(
        "observatory:answer", pk=answer.campaign_id, organisation=answer.organisation_id
    )
