"""One indicator: its figure, its story, and the rows that make it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from diapason.directory.api import powers
from diapason.kernel.clock import today
from diapason.kernel.measures import Evidence
from diapason.kernel.pages import kept_while_unchanged
from diapason.kernel.periods import Period
from diapason.kernel.permissions import allowed, public
from diapason.kernel.spreadsheets import FORMATS, Heading, export_response
from diapason.plan.contracts import Figure
from diapason.plan.forms.evidence import EvidenceFilter
from diapason.plan.models import Plan
from diapason.plan.queries import details, figures, presenting
from diapason.plan.queries.evidence import evidence
from diapason.plan.views.portal.around import crumbs_action, plan_or_404, tables

ROWS_PER_PAGE = 50


@public
@require_safe
@kept_while_unchanged(tables, named_by=("period",), reader=powers)
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One figure, its story, and below it what it is made of."""
    plan = plan_or_404()
    at = today()
    found = details.indicator(plan, code)
    if found is None:
        raise Http404
    known = [one for one in figures.figures(plan, at=at) if one.indicator == code]
    period = _period(request, plan, known, at)
    figure = next((one for one in known if one.period.key == period.key), None)
    if figure is None:
        figure = figures.figure(found.indicator, plan, period, at=at)
    whole = evidence(found.indicator, plan, period, at)
    filters, shown = _narrowed(request, whole)
    narrowed = None if shown is whole else shown.number()
    total = figure.evidence_count if narrowed is None else narrowed.rows
    lines = _Lines(shown, request.user, total)
    page = Paginator(lines, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    columns = presenting.evidence_columns(shown, found.indicator)
    address = reverse("plan:indicator", args=[code])
    return render(
        request,
        "plan/indicator.html",
        {
            "plan": plan,
            "at": at,
            "found": found,
            "indicator": found.indicator,
            "figure": figure,
            "period": period,
            "periods": [
                {
                    "label": one.period.label,
                    "url": f"{address}?period={one.period.key}",
                    "active": one.period.key == period.key,
                }
                for one in known
            ],
            "value": presenting.amount(figure.value, figure.unit),
            "of": presenting.goal(figure.aim, figure.unit),
            "state": presenting.face(figure),
            "verdict": presenting.verdict(figure),
            "coverage": presenting.coverage(figure),
            "chart": presenting.trajectory(found.indicator, known, address),
            "counted_how": presenting.counted_how(found.indicator),
            "why": presenting.explain(figure.why),
            "source": presenting.source_words(figure, found.indicator),
            "baseline": presenting.amount(found.indicator.baseline, found.indicator.unit),
            "page": page,
            "columns": columns,
            "rows": [(line, [(one, one.shown(line)) for one in columns]) for line in page],
            "filters": filters,
            "count": presenting.counting_sentence(figure, whole)
            if narrowed is None
            else presenting.narrowed_sentence(figure, narrowed),
            "reset_url": "" if narrowed is None else f"{address}?period={period.key}#evidence",
            "parts": [
                (presenting.by_words(whole, name), strips)
                for name in (*whole.by, *whole.guarded)
                if (strips := presenting.breakdown(whole, name, figure.unit))
            ],
            "targets": [
                (line, presenting.goal(line.goal, found.indicator.unit)) for line in found.targets
            ],
            "may_give": allowed(request.user, "plan.declare_reading"),
            "may_change": allowed(request.user, "plan.change_target"),
            "breadcrumb": crumbs_action(
                found.axis,
                found.action_number,
                found.action_short,
                address=reverse("plan:action", args=[found.action_code]),
            ),
        },
    )


def _narrowed(request: HttpRequest, whole: Evidence) -> tuple[EvidenceFilter | None, Evidence]:
    """The form that narrows the rows, where they may be, and the rows that it leaves; all of them
    where it is empty or its answers are wrong (it then says so)."""
    if not whole.may_be_narrowed:
        return None, whole
    filters = EvidenceFilter(request.GET or None, evidence=whole)
    if not filters.is_bound or not filters.is_valid() or not filters.narrows:
        return filters, whole
    return filters, whole.narrowed(
        filters.dimensions, first=filters.cleaned_data["first"], last=filters.cleaned_data["last"]
    )


class _Lines:
    """Rows of evidence for a paginator: only the page asked for is read."""

    def __init__(self, shown: Any, reader: Any, total: int) -> None:
        self.shown, self.reader, self.total = shown, reader, total

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, wanted: slice) -> list[Any]:
        return self.shown.lines(self.reader, wanted.start, wanted.stop - wanted.start)


def _period(request: HttpRequest, plan: Plan, known: Sequence[Figure], at: date) -> Period:
    """The period that the address names; without one, that of the figure that speaks. A period that
    the plan does not have is not found."""
    key = request.GET.get("period", "")
    if key:
        try:
            return plan.period(key)
        except ValueError as error:
            raise Http404 from error
    reference = figures.reference_period(plan, at)
    figure = figures.speaking(known, reference)
    return figure.period if figure is not None else reference


@public
@require_safe
def evidence_file(request: HttpRequest, code: str, file_format: str) -> HttpResponse:
    """The rows of a figure as a file: all of them, or those that the address narrows them to."""
    plan = plan_or_404()
    at = today()
    found = details.indicator(plan, code)
    if found is None or file_format not in FORMATS:
        raise Http404
    known = [one for one in figures.figures(plan, at=at) if one.indicator == code]
    period = _period(request, plan, known, at)
    _filters, shown = _narrowed(request, evidence(found.indicator, plan, period, at))
    columns = presenting.evidence_columns(shown, found.indicator)
    headings = [Heading(column.heading, column.file_kind) for column in columns]
    rows = ([column.raw(line) for column in columns] for line in shown.every_line(request.user))
    return export_response(
        name=f"{code}-{period.key}", headings=headings, rows=rows, format=file_format
    )
