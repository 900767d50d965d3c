"""The workspace's cases: the list, one case, its triage and what structures answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from diapason.desk import actions
from diapason.desk.contracts import (
    Need,
    OutcomeKind,
    ReferralState,
    Sector,
    Stage,
    Verified,
)
from diapason.desk.forms import (
    CaseFilter,
    CloseForm,
    DeclineForm,
    MoveForm,
    NextForm,
    NoteForm,
    OutcomeForm,
    WithdrawForm,
)
from diapason.desk.models import Case, CaseStage, Outcome, Referral
from diapason.desk.queries import cases, conversations, presence, support, visits
from diapason.desk.views.deeds import DEEDS
from diapason.desk.views.pages import fact, nobody, number_of, tabs
from diapason.directory.api import powers
from diapason.kernel import audit
from diapason.kernel.clock import today
from diapason.kernel.forms import refuse
from diapason.kernel.pages import kept_while_unchanged
from diapason.kernel.permissions import allowed, requires
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import Kind
from diapason.kernel.tables import Column, Listing
from diapason.ui.breadcrumb import crumbs

FACES = {
    ReferralState.PROPOSED: "waiting",
    ReferralState.ACCEPTED: "good",
    ReferralState.DECLINED: "plain",
    ReferralState.ENDED: "plain",
}


def _state(case: Any) -> tuple[str, str]:
    return _standing(case, late=case.late, helped=case.helped, waits=case.waits)


def _standing(case: Case, *, late: bool, helped: bool, waits: bool) -> tuple[str, str]:
    """Where a case stands: its tone and its word."""
    if case.closed_on is not None:
        return "plain", _("Closed")
    if late:
        return "bad", _("Late")
    if helped:
        return "good", _("Supported")
    return ("waiting", _("Awaits an answer")) if waits else ("warning", _("To be oriented"))


TABLES = (
    "desk_case",
    "desk_frontdoor",
    "desk_loan",
    "desk_casemessage",
    "desk_referral",
    "directory_commune",
    "directory_membership",
    "directory_organisation",
    "directory_user",
)
COLUMNS = (
    Column(
        key="title",
        heading=_lazy("Project"),
        sort="title",
        link=lambda case: reverse("desk:case", args=[case.pk]),
    ),
    Column(
        key="stage",
        heading=_lazy("Stage"),
        value=lambda case: Stage(case.stage).label,
        sort="stage",
    ),
    Column(
        key="sector",
        heading=_lazy("Sector"),
        value=lambda case: Sector(case.sector).label,
        on_page=False,
    ),
    Column(key="commune", heading=_lazy("Commune"), value="commune.name", on_page=False),
    Column(
        key="needs",
        heading=_lazy("Needs"),
        value=lambda case: ", ".join(str(Need(each).label) for each in case.needs),
        on_page=False,
    ),
    Column(
        key="owner",
        heading=_lazy("In charge"),
        value=lambda case: str(case.responsible or case.owner),
        sort="owner__code",
    ),
    Column(key="opened_on", heading=_lazy("Asked on"), kind=Kind.DATE, sort="opened_on"),
    Column(key="next_on", heading=_lazy("Next step on"), kind=Kind.DATE, sort="next_on"),
    Column(
        key="state",
        heading=_lazy("State"),
        kind=Kind.STATUS,
        value=lambda case: _state(case)[1],
        tone=lambda case: _state(case)[0],
    ),
)


@requires("desk.follow_cases")
@require_safe
@kept_while_unchanged(lambda: TABLES, reader=powers, named_by=None)
def listed(request: HttpRequest) -> HttpResponseBase:
    """The person's cases."""
    rows = cases.listed(request.user, today())
    listing = Listing(
        request, rows, COLUMNS, name=_("cases"), filters=CaseFilter, default_sort="next_on"
    )
    return listing.respond(
        "desk/workspace/cases.html",
        {
            "late": rows.filter(late=True).count(),
            "orients": cases.keeps_front_door(request.user),
            "manages": allowed(request.user, "desk.choose_front_door"),
        },
    )


@requires("desk.follow_cases")
@require_safe
def found(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The case of one of its records, from the evidence of a figure."""
    models = {"stage": CaseStage, "referral": Referral, "outcome": Outcome}
    record = models[kind].objects.filter(pk=pk).first() if kind in models else None
    if record is None or cases.case_of(request.user, record.case_id) is None:
        raise Http404
    return redirect("desk:case", pk=record.case_id)


@requires("desk.follow_cases")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A case: its facts, who could help, who helps, what came of it."""
    case = cases.case_of(request.user, pk)
    if case is None:
        raise Http404
    act = request.POST.get("act", "")

    def typed(name: str) -> Any:
        return request.POST if act == name else None

    bound: dict[str, forms.Form] = {
        "next": NextForm(typed("next"), case=case, auto_id="next_%s"),
        "move": MoveForm(
            typed("move"), initial={"stage": Stage(case.stage).following}, auto_id="move_%s"
        ),
        "note": NoteForm(typed("note"), auto_id="note_%s"),
        "outcome": OutcomeForm(typed("outcome"), auto_id="outcome_%s"),
        "withdraw": WithdrawForm(
            typed("withdraw"), auto_id=_withdraws(number_of(request, "outcome"))
        ),
        "close": CloseForm(typed("close"), auto_id="close_%s"),
        "decline": DeclineForm(
            typed("decline"), auto_id=_declines(str(number_of(request, "referral")))
        ),
    }
    if request.method == "POST":
        try:
            if told := _act(request, case, act, bound):
                messages.success(request, told)
                visible = cases.case_of(request.user, pk) is not None
                return redirect("desk:case", pk=pk) if visible else redirect("desk:cases")
        except Refusal as refusal:
            if act == "next":
                bound["next"].see(Case.objects.get(pk=pk).version)  # type: ignore[attr-defined]
            if act in bound:
                refuse(bound[act], refusal)
            else:
                messages.error(request, str(refusal))
    actions.be_present(by=request.user, case=case)
    return render(request, "desk/workspace/case.html", _context(request, case, bound))


def _declines(referral: str) -> str:
    """The identifiers of the form that declines one proposal: a page may show several."""
    return f"decline_{referral}_%s"


def _withdraws(outcome: int) -> str:
    return f"withdraw_{outcome}_%s"


def _context(request: HttpRequest, case: Case, bound: dict[str, forms.Form]) -> dict[str, Any]:
    at, user = today(), request.user
    leads, is_open = cases.leads(user, case), case.closed_on is None
    late = is_open and case.next_on < at
    referrals = cases.referrals_of(case)
    talks = conversations.conversations_of(user).filter(pk=case.pk).exists()
    return {
        "tabs": tabs(case, "case") if talks else [],
        **presence.told_on(case, user),
        "case": case,
        "is_open": is_open,
        "leads": leads,
        "helps": talks,
        "forms": bound,
        "standing": _standing(
            case,
            late=late,
            helped=any(one.state == ReferralState.ACCEPTED for one in referrals),
            waits=any(one.state == ReferralState.PROPOSED for one in referrals),
        ),
        "facts": _facts(case),
        "proposals": support.proposals(case, at) if is_open and leads else [],
        "referrals": [
            {
                "record": one,
                "label": ReferralState(one.state).label,
                "form": bound["decline"]
                if bound["decline"].is_bound and number_of(request, "referral") == one.pk
                else DeclineForm(auto_id=_declines(str(one.pk))),
                "face": FACES[ReferralState(one.state)],
                "answers": is_open
                and one.state == ReferralState.PROPOSED
                and cases.answers_for(user, one.structure_id),
                "ends": is_open
                and one.state == ReferralState.ACCEPTED
                and (leads or cases.answers_for(user, one.structure_id)),
            }
            for one in referrals
        ],
        "stages": [
            (Stage(one.stage).label, one.began_on, one.ended_on) for one in cases.stages_of(case)
        ],
        "outcomes": [
            {
                "record": one,
                "label": OutcomeKind(one.kind).label,
                "verified": Verified(one.verified).label,
                "form": _to_withdraw(request, one, bound["withdraw"], leads=leads),
            }
            for one in cases.outcomes_of(case)
        ],
        "notes": [(one.text, one.written_at, nobody(one.author)) for one in cases.notes_of(case)],
        "resembling": cases.resembling(case) if leads else [],
        "unreachable": is_open and cases.is_unreachable(case),
        "history": audit.history(case)[::-1][:20],
        "breadcrumb": crumbs((_("Cases"), reverse("desk:cases")), (case.title, "")),
    }


def _to_withdraw(
    request: HttpRequest, outcome: Outcome, sent: forms.Form, *, leads: bool
) -> forms.Form | None:
    """The form that withdraws an outcome, to whoever may."""
    if outcome.withdrawn_on is not None:
        return None
    if not cases.may_withdraw(request.user, outcome, leads=leads):
        return None
    if sent.is_bound and number_of(request, "outcome") == outcome.pk:
        return sent
    return WithdrawForm(auto_id=_withdraws(outcome.pk))


def _facts(case: Case) -> list[dict[str, Any]]:
    facts = [
        fact(_("Stage"), Stage(case.stage).label),
        fact(_("Needs"), ", ".join(str(Need(each).label) for each in case.needs)),
        fact(_("Sector"), Sector(case.sector).label),
    ]
    if case.commune is not None:
        facts.append(fact(_("Commune"), case.commune.name))
    if case.student:
        facts.append(fact(_("Project of"), _("a student or student entrepreneur")))
    facts.append(
        fact(
            _("Enterprise"),
            case.organisation or _("not said yet"),
            reverse("desk:enterprise", args=[case.pk]),
        )
    )
    if case.siret:
        facts.append(fact(_("SIRET number, as given"), case.siret))
    if (visit := visits.behind(case)) is not None:
        facts.append(fact(_("Found on"), _("a visit"), reverse("desk:visit", args=[visit.pk])))
    else:
        facts.append(fact(_("Asked by"), case.contact_name or _("a name that was erased")))
    if case.contact_email:
        facts.append(fact(_("E-mail address"), case.contact_email, f"mailto:{case.contact_email}"))
    if case.contact_phone:
        facts.append(fact(_("Phone"), case.contact_phone))
    return [*facts, fact(_("In charge"), case.responsible or case.owner)]


def _act(request: HttpRequest, case: Case, act: str, bound: dict[str, forms.Form]) -> str:
    """Do what the form asks; gives the sentence that says so, nothing where the form is wrong."""
    form = bound.get(act)
    if form is not None and not form.is_valid():
        return ""
    if act not in DEEDS:
        raise Refusal(_("Choose what to do with this case."))
    try:
        return DEEDS[act](request, case, form.cleaned_data if form is not None else {})
    except PermissionDenied as denied:
        # Whoever sees the case may not do everything with it: nothing more is told.
        raise Refusal(_("Only those in charge of this case may do this.")) from denied
