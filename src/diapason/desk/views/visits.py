"""Visits to enterprises: the list, the year's programme, one visit, its notes, the trends."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from diapason.desk import actions
from diapason.desk.contracts import Difficulty, FindingKind, Need, Sector, Stage, VisitState
from diapason.desk.forms import NeedCaseForm, VisitFilter, VisitNotesForm, VisitPlanForm
from diapason.desk.models import Visit
from diapason.desk.models.visits import COMING
from diapason.desk.queries import visits as queries
from diapason.desk.views.pages import fact
from diapason.directory.api import survivors
from diapason.kernel import audit, drafts
from diapason.kernel.clock import today
from diapason.kernel.forms import refuse
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import Kind
from diapason.kernel.tables import Column, Listing
from diapason.ui import charts, formats
from diapason.ui.breadcrumb import crumbs

PROPOSED = 12
FACES = {
    VisitState.ACCEPTED: "plain",
    VisitState.PLANNED: "waiting",
    VisitState.DONE: "good",
    VisitState.CANCELLED: "plain",
}

COLUMNS = (
    Column(
        key="organisation",
        heading=_lazy("Enterprise"),
        value=lambda visit: str(visit.organisation),
        sort="organisation__code",
        link=lambda visit: reverse("desk:visit", args=[visit.pk]),
    ),
    Column(
        key="commune", heading=_lazy("Commune"), value="organisation.commune.name", on_page=False
    ),
    Column(
        key="sector",
        heading=_lazy("Sector"),
        value=lambda visit: Sector(visit.sector).label,
        sort="sector",
    ),
    Column(key="planned_on", heading=_lazy("Planned on"), kind=Kind.DATE, sort="planned_on"),
    Column(key="done_on", heading=_lazy("Done on"), kind=Kind.DATE, sort="done_on"),
    Column(
        key="visitor",
        heading=_lazy("Who goes"),
        value=lambda visit: str(visit.visitor) if visit.visitor else "",
        on_page=False,
    ),
    Column(key="needs", heading=_lazy("Needs"), kind=Kind.NUMBER),
    Column(key="difficulties", heading=_lazy("Difficulties"), kind=Kind.NUMBER),
    Column(
        key="state",
        heading=_lazy("State"),
        kind=Kind.STATUS,
        value=lambda visit: VisitState(visit.state).label,
        tone=lambda visit: FACES[VisitState(visit.state)],
        sort="state",
    ),
)


@requires("desk.visit")
@require_safe
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every visit, made or to come."""
    year = today().year
    listing = Listing(
        request,
        queries.listed(request.user),
        COLUMNS,
        name=_("visits"),
        filters=VisitFilter,
        default_sort="-planned_on",
    )
    return listing.respond(
        "desk/workspace/visits.html", {"year": year, "programme": queries.programme(year)}
    )


def _year(written: str) -> int:
    """The year that an address or a form says, else the one that runs."""
    legible = written.isascii() and written.isdigit() and len(written) == 4
    return int(written) if legible and 1990 <= int(written) <= 2100 else today().year


@requires("desk.visit")
@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: HttpRequest) -> HttpResponse:
    """Whom to visit in a year, and why; posting takes the chosen ones into the programme."""
    year = _year(request.POST.get("year", "") or request.GET.get("year", ""))
    proposed = queries.proposed(year, today(), PROPOSED)
    if request.method == "POST" and not request.POST.getlist("organisation"):
        messages.error(request, _("Choose at least one enterprise."))
        return redirect(f"{reverse('desk:visit_programme')}?year={year}")
    if request.method == "POST":
        chosen = set(request.POST.getlist("organisation"))
        why = {
            one.organisation.pk: " · ".join(one.reasons)
            for one in proposed
            if str(one.organisation.pk) in chosen
        }
        made = actions.add_visits(by=request.user, year=year, why=why)
        if made:
            messages.success(
                request,
                ngettext(
                    "%(count)s enterprise is in the programme.",
                    "%(count)s enterprises are in the programme.",
                    len(made),
                )
                % {"count": len(made)},
            )
            if left := len(chosen) - len(made):
                messages.warning(
                    request,
                    ngettext(
                        "%(count)s that you chose is not: it has a visit to come since.",
                        "%(count)s that you chose are not: they have a visit to come since.",
                        left,
                    )
                    % {"count": left},
                )
        else:
            messages.error(request, _("Nothing was added: those chosen have a visit to come."))
        return redirect(f"{reverse('desk:visit_programme')}?year={year}")
    return render(
        request,
        "desk/workspace/programme.html",
        {
            "year": year,
            "programme": queries.programme(year),
            "proposed": proposed,
            "breadcrumb": crumbs((_("Visits"), reverse("desk:visits")), (_("Programme"), "")),
        },
    )


@requires("desk.visit")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, organisation: int) -> HttpResponse:
    """Take one enterprise into this year's programme, from its own page."""
    if not survivors([organisation]):
        raise Http404
    if request.method == "POST":
        made = actions.add_visits(
            by=request.user, year=today().year, why={organisation: _("Added by hand")}
        )
        if made:
            messages.success(request, _("The enterprise is in the programme."))
            return redirect("desk:visit", pk=made[0].pk)
        messages.error(request, _("Nothing was added: those chosen have a visit to come."))
    return redirect("directory:organisation", pk=organisation)


@requires("desk.visit")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A visit: why, when, what it found; posting plans it, cancels it, or opens a case."""
    visit = queries.visit_of(request.user, pk)
    if visit is None:
        raise Http404
    act = request.POST.get("act", "")
    plan = VisitPlanForm(request.POST if act == "plan" else None, visit=visit)
    if act:
        try:
            if told := _act(request, visit, act, plan):
                messages.success(request, told)
                return redirect("desk:visit", pk=pk)
        except Refusal as refusal:
            if act == "plan":
                refuse(plan, refusal)
            else:
                messages.error(request, str(refusal))
    findings = queries.findings_of(visit)
    return render(
        request,
        "desk/workspace/visit.html",
        {
            "visit": visit,
            "enterprise": str(visit.organisation),
            "face": FACES[VisitState(visit.state)],
            "state_label": VisitState(visit.state).label,
            "is_done": visit.state == VisitState.DONE,
            "to_come": visit.state in COMING,
            "plan": plan,
            "reasons": [word for word in visit.why.split(" · ") if word],
            "needs": [one for one in findings if one.kind == FindingKind.NEED],
            "difficulties": [one for one in findings if one.kind == FindingKind.DIFFICULTY],
            "case_form": NeedCaseForm(),
            "facts": _facts(visit),
            "history": audit.history(visit)[::-1][:20],
            "breadcrumb": crumbs(
                (_("Visits"), reverse("desk:visits")), (str(visit.organisation), "")
            ),
        },
    )


def _facts(visit: Visit) -> list[dict[str, Any]]:
    place = visit.organisation.commune
    facts = [
        fact(
            _("Enterprise"),
            visit.organisation,
            reverse("directory:organisation", args=[visit.organisation_id]),
        ),
        fact(_("Sector"), Sector(visit.sector).label),
        fact(_("Programme of"), visit.year),
    ]
    if place is not None:
        facts.append(fact(_("Commune"), place.name))
    if visit.done_on:
        facts.append(fact(_("Done on"), formats.date_long(visit.done_on)))
    elif visit.planned_on:
        facts.append(fact(_("Planned on"), formats.date_long(visit.planned_on)))
    return [
        *facts,
        fact(_("Who went") if visit.done_on else _("Who goes"), visit.visitor or _("Nobody yet")),
    ]


def _act(request: HttpRequest, visit: Visit, act: str, plan: VisitPlanForm) -> str:
    if act == "plan":
        if not plan.is_valid():
            return ""
        given, people = plan.cleaned_data, get_user_model()._default_manager
        actions.plan_visit(
            by=request.user,
            visit=visit,
            version=given["version"],
            planned_on=given["planned_on"],
            visitor=people.filter(pk=given["visitor"]).first() if given["visitor"] else None,
        )
        return _("The visit is planned.")
    if act == "cancel":
        actions.cancel_visit(by=request.user, visit=visit)
        return _("The visit is out of the programme.")
    if act == "case":
        written, form = request.POST.get("finding", ""), NeedCaseForm(request.POST)
        found = [one for one in queries.findings_of(visit) if str(one.pk) == written]
        if not found or not form.is_valid():
            raise Refusal(_("Choose a need of this visit, and a stage."))
        actions.open_case(
            by=request.user, finding=found[0], stage=Stage(form.cleaned_data["stage"])
        )
        return _("The need is now a case, in your charge.")
    raise Refusal(_("Choose what to do with this visit."))


@requires("desk.visit")
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a visit found; "keep" puts it aside without sending it, script or not."""
    visit = queries.visit_of(request.user, pk)
    if visit is None or visit.state == VisitState.CANCELLED:
        raise Http404
    draft = drafts.of(request, f"desk.visit:{visit.pk}")
    conflict = None
    if request.method == "POST" and request.POST.get("act") == "keep":
        try:
            drafts.save(f"account:{request.user.pk}", draft.form, request.POST)
        except drafts.TooManyDrafts:
            messages.error(request, _("Too many forms are kept for you: finish another one first."))
        else:
            messages.success(request, _("Your notes are kept: come back when you can."))
        return redirect("desk:visit_notes", pk=pk)
    if request.method == "POST":
        form = VisitNotesForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                actions.write_visit(
                    by=request.user,
                    visit=visit,
                    version=given["version"],
                    done_on=given["done_on"],
                    sector=Sector(given["sector"]),
                    needs=[Need(each) for each in given["needs"]],
                    difficulties=[Difficulty(each) for each in given["difficulties"]],
                    notes=given["notes"],
                    notes_key=given["request_key"],
                )
            except Refusal as refusal:
                refuse(form, refusal)
                current = Visit.objects.get(pk=pk)
                if current.version != given["version"]:
                    form.see(current.version)
                    conflict = current
            else:
                draft.discard()
                messages.success(request, _("The visit is written down, and counts."))
                return redirect("desk:visit", pk=pk)
    else:
        form = VisitNotesForm(initial=draft.initial(VisitNotesForm, _written(visit)))
    return render(
        request,
        "desk/workspace/visit_notes.html",
        {
            "visit": visit,
            "form": form,
            "draft": draft,
            "theirs": conflict,
            "their_findings": queries.findings_of(visit) if conflict else [],
            "breadcrumb": crumbs(
                (_("Visits"), reverse("desk:visits")),
                (str(visit.organisation), reverse("desk:visit", args=[pk])),
                (_("Notes"), ""),
            ),
        },
    )


def _written(visit: Visit) -> dict[str, Any]:
    findings = queries.findings_of(visit)
    return {
        # A visit written down before its day is made today.
        "done_on": visit.done_on or min(visit.planned_on or today(), today()),
        "sector": visit.sector,
        "notes": visit.notes,
        "needs": [one.topic for one in findings if one.kind == FindingKind.NEED],
        "difficulties": [one.topic for one in findings if one.kind == FindingKind.DIFFICULTY],
        "version": visit.version,
    }


@requires("desk.visit")
@require_safe
def difficulties(request: HttpRequest) -> HttpResponse:
    """What enterprises struggle with, by sector, beside the year before."""
    years = queries.years_visited()
    asked = _year(request.GET.get("year", ""))
    year = asked if asked in years or not years else years[0]
    trends = queries.trends(year)
    parts = [
        charts.Part(
            str(row.difficulty.label), row.total, formats.number(row.total), status="at_risk"
        )
        for row in trends.rows
        if row.total
    ]
    return render(
        request,
        "desk/workspace/difficulties.html",
        {
            "year": year,
            "before": year - 1,
            "trends": trends,
            "bars": charts.bars(parts),
            "tabs": [
                {"label": each, "url": f"?year={each}", "active": each == year} for each in years
            ],
            "breadcrumb": crumbs((_("Visits"), reverse("desk:visits")), (_("Difficulties"), "")),
        },
    )
