"""What structures lend each other: on one case, and between all of them."""

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
from diapason.desk.contracts import LoanState, Need
from diapason.desk.forms.sharing import HoursForm, LoanFilter, LoanForm, RefuseForm
from diapason.desk.models import Case, Loan
from diapason.desk.queries import cases, sharing
from diapason.desk.views.pages import number_of
from diapason.kernel.clock import today
from diapason.kernel.forms import key_of, refuse
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import Kind
from diapason.kernel.tables import Column, Listing
from diapason.ui.breadcrumb import crumbs

FACES = {
    LoanState.ASKED: "waiting",
    LoanState.AGREED: "good",
    LoanState.REFUSED: "plain",
    LoanState.ENDED: "plain",
}

COLUMNS = (
    Column(
        key="project",
        heading=_lazy("Project"),
        value="case.title",
        sort="case__title",
        link=lambda loan: reverse("desk:lending", args=[loan.case_id]),
    ),
    Column(key="lender", heading=_lazy("Lent by"), value="lender", sort="lender__code"),
    Column(key="borrower", heading=_lazy("Lent to"), value="borrower", sort="borrower__code"),
    Column(
        key="need",
        heading=_lazy("Need"),
        value=lambda loan: Need(loan.need).label,
        sort="need",
    ),
    Column(key="used", heading=_lazy("Hours used"), kind=Kind.NUMBER, sort="used"),
    Column(key="hours", heading=_lazy("Hours lent"), kind=Kind.NUMBER, sort="hours"),
    Column(key="asked_on", heading=_lazy("Asked on"), kind=Kind.DATE, sort="asked_on"),
    Column(
        key="state",
        heading=_lazy("State"),
        kind=Kind.STATUS,
        value=lambda loan: LoanState(loan.state).label,
        tone=lambda loan: FACES[LoanState(loan.state)],
        sort="state",
    ),
)


@requires("desk.follow_cases")
@require_safe
def shared(request: HttpRequest) -> HttpResponseBase:
    """The balance between partners, the skills that nobody has, and every loan."""
    listing = Listing(
        request,
        sharing.visible_loans(request.user),
        COLUMNS,
        name=_("hours lent"),
        filters=LoanFilter,
        default_sort="-asked_on",
    )
    return listing.respond(
        "desk/workspace/sharing.html",
        {
            "balances": sharing.balances(),
            "skills": sharing.skills_to_hire(today()),
            "breadcrumb": crumbs((_("Capacity"), reverse("desk:capacity")), (_("Sharing"), "")),
        },
    )


@requires("desk.follow_cases")
@require_http_methods(["GET", "HEAD", "POST"])
def lending(request: HttpRequest, pk: int) -> HttpResponse:
    """What other structures lend to one case: ask, agree, record hours, end."""
    case = cases.case_of(request.user, pk)
    if case is None:
        raise Http404
    act, chosen = request.POST.get("act", ""), number_of(request, "loan")
    sent = request.POST if request.method == "POST" else None
    bound: dict[str, forms.Form] = {
        "ask": LoanForm(sent if act == "ask" else None, case=case, auto_id="ask_%s"),
    }
    if act == "refuse":
        bound["refuse"] = RefuseForm(sent, auto_id=f"refuse_{chosen}_%s")
    if act == "hours":
        bound["hours"] = HoursForm(sent, auto_id=f"hours_{chosen}_%s")
    if request.method == "POST":
        try:
            if told := _act(request, case, act, bound.get(act)):
                messages.success(request, told)
                visible = cases.case_of(request.user, pk) is not None
                return redirect("desk:lending", pk=pk) if visible else redirect("desk:cases")
        except Refusal as refusal:
            if act in bound:
                refuse(bound[act], refusal)
            else:
                messages.error(request, str(refusal))
    return render(request, "desk/workspace/lending.html", _context(request, case, bound, chosen))


def _context(
    request: HttpRequest, case: Case, bound: dict[str, forms.Form], chosen: int
) -> dict[str, Any]:
    leads, is_open = cases.leads(request.user, case), case.closed_on is None
    used = sharing.hours_of(case)

    def form(name: str, kind: type[forms.Form], loan: Loan) -> forms.Form:
        sent = bound.get(name) if chosen == loan.pk else None
        return sent or kind(auto_id=f"{name}_{loan.pk}_%s")

    loans = [
        {
            "record": one,
            "need": Need(one.need).label,
            "label": LoanState(one.state).label,
            "face": FACES[LoanState(one.state)],
            "uses": used[one.pk],
            "left": one.hours - one.used,  # type: ignore[attr-defined]
            "refusing": form("refuse", RefuseForm, one)
            if one.state == LoanState.ASKED and cases.answers_for(request.user, one.lender_id)
            else None,
            "recording": form("hours", HoursForm, one)
            if one.state == LoanState.AGREED
            and (leads or cases.answers_for(request.user, one.lender_id))
            else None,
        }
        for one in sharing.loans_of(case)
    ]
    return {
        "case": case,
        "loans": loans,
        "asking": bound["ask"] if leads and is_open else None,
        "given": sum((one["record"].used for one in loans), sharing.NOTHING),
        "breadcrumb": crumbs(
            (_("Cases"), reverse("desk:cases")),
            (case.title, reverse("desk:case", args=[case.pk])),
            (_("Hours lent"), ""),
        ),
    }


def _act(request: HttpRequest, case: Case, act: str, form: forms.Form | None) -> str:
    """Do what the form asks; gives the sentence that says so, nothing where the form is wrong."""
    if form is not None and not form.is_valid():
        return ""
    if act not in {"ask", "agree", "refuse", "end", "hours"}:
        raise Refusal(_("Choose what to do with this case."))
    given = form.cleaned_data if form is not None else {}
    by = request.user
    try:
        if act == "ask":
            loan = actions.ask_loan(
                by=by,
                case=case,
                lender_id=given["lender"],
                need=Need(given["need"]),
                hours=given["hours"],
                offer_id=given["offer"],
                request_key=key_of(request),
            )
            return _("Asked: %(structure)s answers on its own day page.") % {
                "structure": loan.lender
            }
        found = Loan.objects.filter(case=case, pk=number_of(request, "loan")).first()
        if found is None:
            raise Http404
        if act == "agree":
            actions.agree_loan(by=by, loan=found)
            return _("Lent: the hours can be recorded as they are given.")
        if act == "refuse":
            actions.refuse_loan(by=by, loan=found, reason=given["reason"])
            return _("Refused: the project may ask another structure.")
        if act == "end":
            actions.end_loan(by=by, loan=found)
            return _("This loan has ended; what was given stays in the balance.")
        actions.record_hours(
            by=by,
            loan=found,
            hours=given["hours"],
            what=given["what"],
            on=given["on"],
            request_key=key_of(request),
        )
    except PermissionDenied as denied:
        raise Refusal(_("Only the two structures of this loan may do this.")) from denied
    return _("The hours are recorded.")
