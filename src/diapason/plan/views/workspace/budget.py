"""Money: the budget lines with what was committed and spent, and the entries of one line."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from diapason.directory.api import powers
from diapason.kernel.pages import kept_while_unchanged
from diapason.kernel.permissions import allowed, requires
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import Kind
from diapason.kernel.tables import Column, Listing, in_language, leads_to
from diapason.plan import actions
from diapason.plan.forms.filters import BudgetFilter
from diapason.plan.forms.work import EntryForm
from diapason.plan.models import BudgetLine
from diapason.plan.queries.desk import readings as desk_readings
from diapason.plan.queries.desk import work as desk
from diapason.plan.queries.figures import STRUCTURE
from diapason.plan.views.workspace.pages import crumbs, key_of, nobody, plan_or_404, refuse, sent
from diapason.ui import formats


def planned_in_words(line: BudgetLine) -> str:
    """ "30 000 €", "10 000 € to 15 000 €", "to be set"."""
    if line.planned_cents is None:
        return _("to be set")
    low = formats.money(line.planned_cents, settings.CURRENCY)
    if line.planned_high_cents is None:
        return low
    high = formats.money(line.planned_high_cents, settings.CURRENCY)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def when_in_words(line: BudgetLine) -> str:
    if line.recurring:
        return _("each year")
    return str(line.year) if line.year else _("whole plan")


TABLES = (*STRUCTURE, "directory_organisation", "plan_budgetline", "plan_budgetentry")
COLUMNS = (
    Column(
        key="label",
        heading=_lazy("Budget line"),
        value=lambda line: str(line.label),
        sort=in_language("label"),
        link=leads_to("plan:budget_line"),
    ),
    Column(
        key="action",
        heading=_lazy("Action"),
        value=lambda line: str(line.action.short or line.action.title),
        sort=in_language("action__short"),
    ),
    Column(
        key="funder",
        heading=_lazy("Funder"),
        value=lambda line: str(line.funder) if line.funder else "",
        sort=in_language("funder__name"),
    ),
    Column(key="year", heading=_lazy("Year"), value=when_in_words, sort=lambda: F("year")),
    Column(
        key="planned_shown",
        heading=_lazy("Planned"),
        value=planned_in_words,
        sort=lambda: F("planned_cents"),
        in_export=False,
    ),
    Column(
        key="planned",
        heading=_lazy("Planned"),
        value="planned_cents",
        kind=Kind.MONEY,
        on_page=False,
    ),
    Column(
        key="planned_high",
        heading=_lazy("Planned, at most"),
        value="planned_high_cents",
        kind=Kind.MONEY,
        on_page=False,
    ),
    Column(key="committed", heading=_lazy("Committed"), kind=Kind.MONEY, sort="committed"),
    Column(key="spent", heading=_lazy("Spent"), kind=Kind.MONEY, sort="spent"),
)


@requires("plan.see_budget_entries")
@require_safe
@kept_while_unchanged(lambda: TABLES, reader=powers, named_by=None)
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every budget line, and the sums of those shown by funder and by year."""
    plan = plan_or_404()
    listing = Listing(
        request,
        desk.budget(plan),
        COLUMNS,
        name=_("budget"),
        filters=partial(
            BudgetFilter,
            plan=plan,
            choices=desk_readings.actions(plan),
            funders=desk.funders(plan),
        ),
    )
    return listing.respond(
        "plan/workspace/budget.html", {"totals": desk.totals(plan, list(listing.queryset))}
    )


@requires("plan.see_budget_entries")
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """A budget line with its entries; those who may record money add one."""
    plan = plan_or_404()
    found = desk.budget(plan).filter(pk=pk).first()
    if found is None:
        raise Http404
    records = allowed(request.user, "plan.record_spending")
    form = EntryForm(sent(request)[0])
    if request.method == "POST":
        if not records:
            raise PermissionDenied("plan.record_spending")
        if form.is_valid():
            try:
                messages.success(request, _recorded(request, found, form))
            except Refusal as refusal:
                refuse(form, refusal)
            else:
                return redirect("plan:budget_line", pk=pk)
    return render(
        request,
        "plan/workspace/budget_line.html",
        {
            "line": found,
            "planned": planned_in_words(found),
            "facts": [
                {
                    "label": _("Action"),
                    "value": found.action.short or found.action.title,
                    "url": reverse("plan:action", args=[found.action.code]),
                },
                {"label": _("Funder"), "value": found.funder or _("not specified"), "url": ""},
                {"label": _("Year"), "value": when_in_words(found), "url": ""},
            ],
            "entries": [
                (entry, nobody(entry.recorded_by)) for entry in desk.entries(request.user, found)
            ],
            "form": form if records else None,
            "breadcrumb": crumbs((_("Budget"), reverse("plan:budget")), (str(found.label), "")),
        },
    )


def _recorded(request: HttpRequest, found: BudgetLine, form: EntryForm) -> Any:
    given = form.cleaned_data
    _entry, held = actions.record_budget_entry(
        by=request.user,
        line=found,
        kind=given["kind"],
        amount_cents=form.cents(),
        on=given["on"],
        source=given["source"],
        reason=given["reason"],
        request_key=key_of(request),
    )
    if held.over_cents:
        return _("Recorded. This line is now %(amount)s over what was planned.") % {
            "amount": formats.money(held.over_cents, settings.CURRENCY)
        }
    return _("Recorded.")
