"""Surveys in the workspace: the list, one with whom it asks, opening one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from diapason.kernel import drafts
from diapason.kernel.clock import today
from diapason.kernel.forms import key_of, refuse
from diapason.kernel.permissions import allowed, demand, requires
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import Kind
from diapason.kernel.tables import Column, Listing, in_language, leads_to
from diapason.observatory import actions
from diapason.observatory.contracts import Question, Standing, Status
from diapason.observatory.forms import (
    AskedFilter,
    ChangeForm,
    CloseForm,
    InviteForm,
    SurveyForm,
)
from diapason.observatory.models import Campaign
from diapason.observatory.queries import surveys
from diapason.observatory.views.pages import survey_or_404, title_of
from diapason.ui import charts, formats
from diapason.ui.breadcrumb import crumbs

TONES = {
    Standing.ANSWERED: "good",
    Standing.WAITING: "waiting",
    Standing.LATE: "bad",
    Standing.SILENT: "plain",
    Standing.UNREACHABLE: "warning",
    Standing.REFUSED: "plain",
}
SURE = {Status.DECLARED: "waiting", Status.ESTIMATED: "warning", Status.VERIFIED: "good"}


def _state(survey: Campaign) -> str:
    if survey.closed_on:
        return _("Closed survey")
    return _("Past its last day") if survey.closes_on < today() else _("Open survey")


SURVEYS = (
    Column(
        key="year",
        heading=_lazy("Year"),
        value=title_of,
        sort=lambda: F("year"),
        link=leads_to("observatory:survey"),
    ),
    Column(
        key="state",
        heading=_lazy("State"),
        kind=Kind.STATUS,
        value=_state,
        tone=lambda one: "plain" if one.closed_on else "waiting",
    ),
    Column(key="closes_on", heading=_lazy("Last day"), kind=Kind.DATE, sort="closes_on"),
    Column(key="asked", heading=_lazy("Asked"), kind=Kind.NUMBER, sort="asked"),
    Column(key="answered", heading=_lazy("Answers"), kind=Kind.NUMBER, sort="answered"),
    Column(key="verified", heading=_lazy("Of them verified"), kind=Kind.NUMBER, sort="verified"),
)


@requires("observatory.record_answers")
@require_safe
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every survey."""
    listing = Listing(
        request,
        surveys.surveys(request.user),
        SURVEYS,
        name=_("surveys"),
        default_sort="-year",
    )
    runs = allowed(request.user, "observatory.run_surveys")
    return listing.respond("observatory/workspace/surveys.html", {"runs": runs})


@requires("observatory.run_surveys")
@require_http_methods(["GET", "HEAD", "POST"])
def survey_new(request: HttpRequest) -> HttpResponse:
    """Open the survey about a year."""
    draft = drafts.of(request, "observatory.survey")
    usual = {"year": surveys.year_to_ask(today()), "reminder_days": [14, 3]}
    form = (
        SurveyForm(request.POST)
        if request.method == "POST"
        else SurveyForm(initial=draft.initial(SurveyForm, usual))
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.open_survey(
                by=request.user,
                year=given["year"],
                questions=[Question(one) for one in given["questions"]],
                closes_on=given["closes_on"],
                reminder_days=given["reminder_days"],
                request_key=key_of(request),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            draft.discard()
            messages.success(request, _("The survey is open. Now choose whom to ask."))
            return redirect("observatory:survey", pk=made.pk)
    return render(
        request,
        "observatory/workspace/form.html",
        {
            "form": form,
            "draft": draft,
            "heading": _("Open a survey"),
            "lead": _("One survey for each year that is over. Nobody is written to yet."),
            "act": _("Open this survey"),
            "breadcrumb": crumbs(
                (_("Surveys"), reverse("observatory:surveys")), (_("Open a survey"), "")
            ),
        },
    )


def _columns(survey: Campaign) -> tuple[Column, ...]:
    def page(one: Any) -> str:
        return reverse("observatory:answer", args=[survey.pk, one.organisation_id])

    return (
        Column(
            key="organisation",
            heading=_("Enterprise"),
            value=lambda one: str(one.organisation),
            sort=in_language("organisation__name"),
            link=page,
        ),
        Column(
            key="standing",
            heading=_("Where it stands"),
            kind=Kind.STATUS,
            value=lambda one: Standing(one.standing).label,
            tone=lambda one: TONES[Standing(one.standing)],
            sort="standing",
        ),
        Column(
            key="status",
            heading=_("How sure"),
            value=lambda one: Status(one.status).label if one.status else "",
        ),
        Column(key="turnover", heading=_("Turnover"), kind=Kind.MONEY, sort="turnover"),
        Column(key="headcount", heading=_("Jobs"), kind=Kind.NUMBER, sort="headcount"),
        Column(
            key="sent_on",
            heading=_("Written to"),
            kind=Kind.DATE,
            sort="sent_on",
            on_page=False,
        ),
        Column(key="reminded_on", heading=_("Reminded"), kind=Kind.DATE, sort="reminded_on"),
        Column(key="answered_on", heading=_("Answered on"), kind=Kind.DATE, sort="answered_on"),
    )


@requires("observatory.record_answers")
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Whom a survey asks and what came back; posting asks enterprises, moves the last day, or
    closes it."""
    found = survey_or_404(request, pk)
    act = ""
    if request.method == "POST":
        demand(request.user, "observatory.run_surveys")
        act = request.POST.get("act", "")
    forms: dict[str, Any] = {
        "invite": InviteForm(request.POST if act == "invite" else None),
        "change": ChangeForm(
            request.POST if act == "change" else None,
            initial={
                "closes_on": found.closes_on,
                "reminder_days": found.reminder_days,
                "version": found.version,
            },
        ),
        "close": CloseForm(request.POST if act == "close" else None),
    }
    if act in forms:
        form = forms[act]
        if form.is_valid():
            try:
                messages.success(request, _DOES[act](request, found, form))
                return redirect("observatory:survey", pk=pk)
            except Refusal as refusal:
                refuse(form, refusal)
    listing = Listing(
        request,
        surveys.asked_in(found, today()),
        _columns(found),
        name=title_of(found),
        filters=AskedFilter,
        default_sort="organisation",
    )
    coverage = surveys.coverage(found)
    return listing.respond(
        "observatory/workspace/survey.html",
        {
            "survey": found,
            "heading": title_of(found),
            "state": _state(found),
            "forms": forms,
            "runs": allowed(request.user, "observatory.run_surveys"),
            "coverage": coverage,
            "share": _share(coverage),
            "facts": _facts(found),
            "breadcrumb": crumbs(
                (_("Surveys"), reverse("observatory:surveys")), (title_of(found), "")
            ),
        },
    )


def _share(coverage: surveys.Coverage) -> Any:
    parts = [
        charts.Part(str(one.label), count, formats.number(count), SURE[one])
        for one in (Status.VERIFIED, Status.DECLARED, Status.ESTIMATED)
        if (count := getattr(coverage, one.value))
    ]
    if coverage.missing:
        silent = formats.number(coverage.missing)
        parts.append(charts.Part(_("No answer yet"), coverage.missing, silent, "plain"))
    return charts.share(parts)


def _facts(survey: Campaign) -> list[dict[str, Any]]:
    days = [_("%(days)s days before") % {"days": one} for one in survey.reminder_days]
    told = [
        (_("Opened on"), formats.date_long(survey.opened_on)),
        (_("Last day to answer"), formats.date_long(survey.closes_on)),
        (_("Reminders"), ", ".join(days) or _("none")),
        (_("Questions"), ", ".join(str(Question(one).label) for one in survey.questions)),
    ]
    if survey.closed_on:
        told.insert(1, (_("Closed on"), formats.date_long(survey.closed_on)))
    return [{"label": label, "value": value, "url": ""} for label, value in told]


def _invite(request: HttpRequest, survey: Campaign, form: Any) -> str:
    made = actions.invite(
        by=request.user,
        survey=survey,
        organisations=form.organisations(),
        language=form.cleaned_data["language"],
    )
    return ngettext(
        "%(count)s more enterprise is asked.", "%(count)s more enterprises are asked.", len(made)
    ) % {"count": len(made)}


def _change(request: HttpRequest, survey: Campaign, form: Any) -> str:
    actions.change_survey(by=request.user, survey=survey, **form.cleaned_data)
    return _("The survey now ends on %(day)s.") % {
        "day": formats.date_long(form.cleaned_data["closes_on"])
    }


def _close(request: HttpRequest, survey: Campaign, form: Any) -> str:
    actions.close_survey(by=request.user, survey=survey)
    return _("The survey is closed: its links take no answer any more.")


_DOES = {"invite": _invite, "change": _change, "close": _close}
