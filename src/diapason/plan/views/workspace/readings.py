"""Readings: the list, and one with its decision."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from diapason.directory.api import powers
from diapason.kernel import audit
from diapason.kernel.clock import today
from diapason.kernel.pages import kept_while_unchanged
from diapason.kernel.permissions import allowed, requires
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import Kind
from diapason.kernel.tables import Column, Listing, in_language, leads_to
from diapason.plan import actions
from diapason.plan.contracts import ReadingState
from diapason.plan.forms.filters import ReadingFilter
from diapason.plan.forms.readings import ReturnForm
from diapason.plan.models import Plan, Reading
from diapason.plan.queries import presenting
from diapason.plan.queries.desk import readings as desk
from diapason.plan.queries.figures import STRUCTURE
from diapason.plan.views.workspace.pages import crumbs, nobody, plan_or_404, refuse

FACES = {
    ReadingState.DECLARED: "waiting",
    ReadingState.APPROVED: "good",
    ReadingState.RETURNED: "warning",
    ReadingState.CORRECTED: "plain",
    ReadingState.WITHDRAWN: "plain",
}
# What a person whose turn it is does with a reading, by its rank in the list.
ACTS = {0: _lazy("Approve or return"), 1: _lazy("Mend")}


def value_in_words(reading: Reading) -> str:
    """ "3", "12 000 €", "12 out of 40"."""
    if reading.denominator is None:
        return presenting.amount(reading.value, reading.indicator.unit)
    return _("%(part)s out of %(whole)s") % {
        "part": presenting.amount(reading.value, "count"),
        "whole": presenting.amount(reading.denominator, "count"),
    }


def author(reading: Reading) -> str:
    return _("the plan itself") if reading.from_plan else nobody(reading.declared_by)


TABLES = (*STRUCTURE, "directory_user", "plan_reading")
COLUMNS = (
    Column(
        key="indicator",
        heading=_lazy("Indicator"),
        value=lambda reading: str(reading.indicator.title),
        sort=in_language("indicator__title"),
        link=leads_to("plan:reading"),
    ),
    Column(
        key="action",
        heading=_lazy("Action"),
        value=lambda reading: str(reading.indicator.action.short or reading.indicator.action.title),
        sort=lambda: F("indicator__action__place"),
        on_page=False,
    ),
    Column(key="shown", heading=_lazy("Value"), value=value_in_words, in_export=False),
    Column(key="value", heading=_lazy("Value"), kind=Kind.NUMBER, on_page=False),
    Column(key="denominator", heading=_lazy("Out of"), kind=Kind.NUMBER, on_page=False),
    Column(
        key="unit",
        heading=_lazy("Unit"),
        value=lambda reading: reading.indicator.get_unit_display(),
        on_page=False,
    ),
    Column(key="on", heading=_lazy("Date of the figure"), kind=Kind.DATE, sort="on"),
    Column(key="source", heading=_lazy("Source"), on_page=False),
    Column(key="link", heading=_lazy("Link"), on_page=False),
    Column(key="note", heading=_lazy("Note"), on_page=False),
    Column(
        key="declared_by",
        heading=_lazy("Declared by"),
        value=author,
        sort="declared_by__name",
    ),
    Column(
        key="declared_at",
        heading=_lazy("Declared"),
        kind=Kind.MOMENT,
        sort="declared_at",
        on_page=False,
    ),
    Column(
        key="state",
        heading=_lazy("State"),
        value=lambda reading: ReadingState(reading.state).label,
        kind=Kind.STATUS,
        tone=lambda reading: FACES[ReadingState(reading.state)],
        sort="state",
    ),
    Column(
        key="act",
        heading=_lazy("To do"),
        value=lambda reading: ACTS.get(reading.rank, _("Open")),
        link=leads_to("plan:reading"),
        in_export=False,
    ),
)


@requires("plan.declare_reading")
@require_safe
@kept_while_unchanged(lambda: TABLES, reader=powers, named_by=None)
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every reading that the person may see, what waits for them first."""
    plan = plan_or_404()
    listing = Listing(
        request,
        desk.listed(request.user, plan),
        COLUMNS,
        name=_("figures declared"),
        filters=partial(ReadingFilter, plan=plan, choices=desk.named(plan)),
    )
    return listing.respond(
        "plan/workspace/readings.html",
        {
            "waiting": desk.to_approve(request.user).count(),
            "approves": allowed(request.user, "plan.approve_reading"),
        },
    )


@requires("plan.declare_reading")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A reading: what it says, what it does to its figure, and the decision that it waits for."""
    plan = plan_or_404()
    reading = desk.one(request.user, pk)
    if reading is None or reading.indicator.action.plan_id != plan.pk:
        raise Http404
    form = ReturnForm(request.POST if request.POST.get("act") == "return" else None)
    problem = ""
    if request.method == "POST":
        reading.declared_at = _seen(request) or reading.declared_at
        try:
            if told := _act(request, reading, plan, form):
                messages.success(request, told)
                return redirect("plan:reading", pk=pk)
        except Refusal as refusal:
            if form.is_bound and refusal.field == "reason":
                refuse(form, refusal)
            else:
                problem = str(refusal)
            reading = desk.one(request.user, pk) or reading
    return render(
        request, "plan/workspace/reading.html", _shown(request, reading, plan, form, problem)
    )


def _seen(request: HttpRequest) -> datetime | None:
    """When the figure that the person read had been declared; None where the form does not say."""
    try:
        return datetime.fromisoformat(request.POST.get("declared_at", ""))
    except ValueError:
        return None


def _act(request: HttpRequest, reading: Reading, plan: Plan, form: ReturnForm) -> str:
    """Do what the form asks; gives the sentence that says so, nothing where the form is wrong."""
    match request.POST.get("act"):
        case "approve":
            effect = desk.effect(reading, plan, today())
            actions.approve_reading(by=request.user, reading=reading)
            return " ".join(filter(None, [_("Approved."), effect_in_words(reading, effect)]))
        case "return":
            if not form.is_valid():
                return ""
            actions.return_reading(
                by=request.user, reading=reading, reason=form.cleaned_data["reason"]
            )
            return _("Returned to %(person)s, with your words.") % {"person": author(reading)}
        case "withdraw":
            actions.withdraw_reading(by=request.user, reading=reading)
            return _("Taken back: this figure waits for nobody any more.")
    raise Refusal(_("Choose what to do with this figure."))


def effect_in_words(reading: Reading, effect: desk.Effect) -> str:
    """ "The figure of 2020 goes from 3 to 4, for a target of 5."."""
    if effect.before is None or effect.after is None or effect.period is None:
        return ""
    unit = reading.indicator.unit
    aim = effect.before.aim
    after = presenting.amount(effect.after, unit)
    told = {
        "period": effect.period.label,
        "before": presenting.amount(effect.before.value, unit),
        "after": after,
    }
    if aim is not None:
        told["after"] = _("%(value)s, for a target of %(goal)s") % {
            "value": after,
            "goal": presenting.goal(aim, unit),
        }
    if effect.before.value is None:
        return _("The figure of %(period)s, unknown so far, becomes %(after)s.") % told
    if effect.before.value == effect.after:
        return _("The figure of %(period)s stays at %(after)s.") % told
    return _("The figure of %(period)s goes from %(before)s to %(after)s.") % told


def _shown(
    request: HttpRequest, reading: Reading, plan: Plan, form: ReturnForm, problem: str
) -> dict[str, Any]:
    user, state = request.user, ReadingState(reading.state)
    own = reading.declared_by_id == user.pk
    decides = state is ReadingState.DECLARED and allowed(user, "plan.approve_reading")
    waits = state in {ReadingState.DECLARED, ReadingState.RETURNED}
    effect = desk.effect(reading, plan, today()) if waits else None
    correction = desk.correction_of(reading)
    following = desk.to_approve(user).exclude(pk=reading.pk).order_by("declared_at", "pk").first()
    return {
        "reading": reading,
        "indicator": reading.indicator,
        "value": value_in_words(reading),
        "unit": reading.indicator.get_unit_display(),
        "author": author(reading),
        "state": state,
        "face": FACES[state],
        "effect": effect_in_words(reading, effect) if effect else "",
        "measured": effect is not None and effect.measured,
        "may_decide": decides and not own,
        "own_decision": decides and own,
        "may_mend": own and state is ReadingState.RETURNED,
        "may_correct": state is ReadingState.APPROVED and correction is None,
        "may_withdraw": own and waits,
        "correction": correction,
        "may_see_correction": correction is not None
        and (desk.visible_to(user).filter(pk=correction.pk).exists()),
        "following": following if following and not (decides and not own) else None,
        "form": form,
        "problem": problem,
        "history": audit.history(reading)[::-1],
        "breadcrumb": crumbs(
            (_("Figures"), reverse("plan:readings")), (str(reading.indicator.title), "")
        ),
    }
