"""Public pages of the plan: one screen, axis, action, indicator, timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from diapason.kernel.clock import today
from diapason.kernel.pages import kept_while_unchanged
from diapason.kernel.periods import Period
from diapason.kernel.permissions import public
from diapason.kernel.spreadsheets import FORMATS, Heading, export_response
from diapason.kernel.texts import Text
from diapason.plan.contracts import Figure, IndicatorKind, Status
from diapason.plan.models import Indicator, Plan
from diapason.plan.queries import details, figures, outline, presenting
from diapason.plan.queries.evidence import evidence
from diapason.ui import charts

ROWS_PER_PAGE = 50
# An action without any figure yet shows what it promises to count, but no more than this.
PROMISES_SHOWN = 2


def plan_or_404() -> Plan:
    plan = figures.current_plan()
    if plan is None:
        raise Http404
    return plan


def tables() -> set[str]:
    """The tables that the public pages read."""
    return figures.tables() | set(outline.TABLES) | set(details.TABLES)


@dataclass(frozen=True)
class Cell:
    """What one action shows in one period of the plan's screen."""

    period: Period
    bars: Sequence[charts.Bar]


@dataclass(frozen=True)
class ActionRow:
    action: outline.ActionLine
    url: str
    cells: Sequence[Cell]
    status: Status
    state: str


@dataclass(frozen=True)
class AxisBand:
    axis: outline.AxisLine
    url: str
    rows: Sequence[ActionRow]


@public
@require_safe
@kept_while_unchanged(tables)
def screen(request: HttpRequest) -> HttpResponse:
    """The plan on one screen: actions down, periods across, each promise against its target."""
    plan = plan_or_404()
    at = today()
    known = figures.figures(plan, at=at)
    reference = figures.reference_period(plan, at)
    now = [figure for figure in known if figure.period.key == reference.key]
    return render(
        request,
        "plan/screen.html",
        {
            "plan": plan,
            "at": at,
            "periods": plan.periods(),
            "reference": reference,
            "running": at in reference.window,
            "bands": bands(plan, known, reference),
            "summary": presenting.summary(now),
        },
    )


def bands(plan: Plan, known: Sequence[Figure], reference: Period) -> list[AxisBand]:
    """The rows of the plan's screen, axis by axis."""
    names = {indicator.code: indicator for indicator in figures.indicators_of(plan)}
    by_action: dict[str, list[Figure]] = {}
    for figure in known:
        by_action.setdefault(figure.action, []).append(figure)
    return [
        AxisBand(
            axis=axis,
            url=reverse("plan:axis", args=[axis.code]) if axis.code else "",
            rows=[
                _row(action, by_action.get(action.code, []), names, plan, reference)
                for action in axis.actions
            ],
        )
        for axis in outline.outline(plan)
    ]


def _row(
    action: outline.ActionLine,
    known: Sequence[Figure],
    names: dict[str, Indicator],
    plan: Plan,
    reference: Period,
) -> ActionRow:
    shown = [figure for figure in known if _tells_something(figure, names)]
    if not shown:
        promised = [
            figure
            for figure in known
            if figure.period.key == reference.key
            and names[figure.indicator].kind == IndicatorKind.OUTPUT
        ]
        shown = promised[:PROMISES_SHOWN]
    cells = [
        Cell(
            period,
            [
                presenting.small_bar(figure, str(names[figure.indicator].short))
                for figure in shown
                if figure.period.key == period.key
            ],
        )
        for period in plan.periods()
    ]
    now = [figure for figure in known if figure.period.key == reference.key]
    status = figures.worst(figure.status for figure in now)
    speaking = [figure for figure in now if figure.status is status]
    if status is Status.UNKNOWN:
        speaking.sort(key=lambda figure: figure.value is None)
    return ActionRow(
        action=action,
        url=reverse("plan:action", args=[action.code]),
        cells=cells,
        status=status,
        state=presenting.face(speaking[0]) if speaking else Status.UNKNOWN.value,
    )


def _tells_something(figure: Figure, names: dict[str, Indicator]) -> bool:
    """A value, or an output's target: results without figures would only fill the screen."""
    if figure.value is not None:
        return True
    promised = figure.goal is not None and not figure.goal.unknown
    return promised and names[figure.indicator].kind == IndicatorKind.OUTPUT


@public
@require_safe
@kept_while_unchanged(tables)
def axis(request: HttpRequest, code: str) -> HttpResponse:
    """An axis: what it is for, and how its actions do."""
    plan = plan_or_404()
    at = today()
    reference = figures.reference_period(plan, at)
    known = figures.figures(plan, at=at)
    found = [band for band in bands(plan, known, reference) if band.axis.code == code]
    if not found:
        raise Http404
    (band,) = found
    own = {row.action.code for row in band.rows}
    now = [one for one in known if one.period.key == reference.key and one.action in own]
    return render(
        request,
        "plan/axis.html",
        {
            "plan": plan,
            "at": at,
            "band": band,
            "reference": reference,
            "periods": plan.periods(),
            "summary": presenting.summary(now),
            "breadcrumb": [_crumb_plan(), {"label": axis_name(band.axis.number), "url": ""}],
        },
    )


@dataclass(frozen=True)
class IndicatorCard:
    """An indicator as an action's page shows it."""

    indicator: Indicator
    url: str
    figure: Figure
    value: str
    of: str
    note: str
    bar: charts.Bar
    state: str
    verdict: str


@public
@require_safe
@kept_while_unchanged(tables)
def action(request: HttpRequest, code: str) -> HttpResponse:
    """An action: why, what, who, with what money, and how it is doing."""
    plan = plan_or_404()
    at = today()
    found = details.action(plan, code)
    if found is None:
        raise Http404
    reference = figures.reference_period(plan, at)
    known = [one for one in figures.figures(plan, at=at) if one.action == code]
    cards = _cards(plan, known, reference)
    return render(
        request,
        "plan/action.html",
        {
            "plan": plan,
            "at": at,
            "found": found,
            "reference": reference,
            "outputs": [card for card in cards if card.indicator.kind == IndicatorKind.OUTPUT],
            "results": [card for card in cards if card.indicator.kind == IndicatorKind.RESULT],
            "breadcrumb": _crumbs_action(found.axis, found.number, found.short),
        },
    )


def _cards(plan: Plan, known: Sequence[Figure], reference: Period) -> list[IndicatorCard]:
    """One card per indicator: the figure of the reference period, or of the latest that has a
    value where the reference period has none."""
    cards = []
    for indicator in figures.indicators_of(plan):
        own = [one for one in known if one.indicator == indicator.code]
        if not own:
            continue
        now = next((one for one in own if one.period.key == reference.key), own[-1])
        with_value = [one for one in own if one.value is not None and one.period <= reference]
        figure = with_value[-1] if now.value is None and with_value else now
        aim = figure.goal if figure.goal and not figure.goal.unknown else None
        cards.append(
            IndicatorCard(
                indicator=indicator,
                url=reverse("plan:indicator", args=[indicator.code]),
                figure=figure,
                value=presenting.amount(figure.value, figure.unit),
                of=presenting.goal(aim, figure.unit),
                note=_("in %(period)s") % {"period": figure.period.label},
                bar=presenting.small_bar(figure, ""),
                state=presenting.face(figure),
                verdict=presenting.verdict(figure),
            )
        )
    return cards


@public
@require_safe
@kept_while_unchanged(tables)
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
    shown = evidence(found.indicator, plan, period, at)
    lines = _Lines(shown, request.user, figure.evidence_count)
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
            "of": presenting.goal(figure.goal, figure.unit)
            if figure.goal and not figure.goal.unknown
            else "",
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
            "rows": [[(column, column.shown(line)) for column in columns] for line in page],
            "count": presenting.counting_sentence(figure, shown),
            "parts": [
                (presenting.dimension(name), presenting.breakdown(shown, name, figure.unit))
                for name in shown.by
            ],
            "targets": [
                (line, presenting.goal(line.goal, found.indicator.unit)) for line in found.targets
            ],
            "breadcrumb": _crumbs_action(
                found.axis,
                found.action_number,
                found.action_short,
                address=reverse("plan:action", args=[found.action_code]),
            ),
        },
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
    """The period that the address names; without one, the reference period, or the latest before
    it that has a value. A period that the plan does not have is not found."""
    key = request.GET.get("period", "")
    if key:
        try:
            return plan.period(key)
        except ValueError as error:
            raise Http404 from error
    reference = figures.reference_period(plan, at)
    now = next((one for one in known if one.period.key == reference.key), None)
    if now is not None and now.value is None:
        earlier = [one for one in known if one.value is not None and one.period <= reference]
        if earlier:
            return earlier[-1].period
    return reference


@public
@require_safe
def evidence_file(request: HttpRequest, code: str, file_format: str) -> HttpResponse:
    """The rows of a figure as a file, whole."""
    plan = plan_or_404()
    at = today()
    found = details.indicator(plan, code)
    if found is None or file_format not in FORMATS:
        raise Http404
    known = [one for one in figures.figures(plan, at=at) if one.indicator == code]
    period = _period(request, plan, known, at)
    shown = evidence(found.indicator, plan, period, at)
    columns = presenting.evidence_columns(shown, found.indicator)
    headings = [Heading(column.heading, column.file_kind) for column in columns]
    rows = ([column.raw(line) for column in columns] for line in shown.every_line(request.user))
    return export_response(
        name=f"{code}-{period.key}", headings=headings, rows=rows, format=file_format
    )


@public
@require_safe
@kept_while_unchanged(tables)
def timeline(request: HttpRequest) -> HttpResponse:
    """What is done when, over the whole plan."""
    plan = plan_or_404()
    at = today()
    rows = []
    every_task = request.GET.get("tasks") == "all"
    for line in details.timeline(plan):
        if line.level > 1 and not every_task:
            continue
        rows.append(
            charts.Task(
                name=str(line.title),
                starts=line.starts,
                ends=line.ends,
                status=line.state,
                state_label=line.state_label,
                url=reverse("plan:action", args=[line.action]) if line.is_action else "",
                level=line.level,
            )
        )
    return render(
        request,
        "plan/timeline.html",
        {
            "plan": plan,
            "chart": charts.timeline(
                rows, title=_("Timeline"), first=plan.starts, last=plan.last_day, today=at
            ),
            "every_task": every_task,
            "breadcrumb": [_crumb_plan(), {"label": _("Timeline"), "url": ""}],
        },
    )


def axis_name(number: int | None) -> str:
    if number is None:
        return _("Across all axes")
    return _("Axis %(number)s") % {"number": number}


def _crumb_plan() -> dict[str, str]:
    return {"label": _("The plan"), "url": reverse("plan:screen")}


def _crumbs_action(
    axis: tuple[str, int | None] | None, number: int | None, short: Text, *, address: str = ""
) -> list[dict[str, str]]:
    crumbs = [_crumb_plan()]
    if axis is not None:
        crumbs.append({"label": axis_name(axis[1]), "url": reverse("plan:axis", args=[axis[0]])})
    words = str(short)
    name = _("Action %(number)s, %(title)s") % {
        "number": number,
        "title": words[:1].lower() + words[1:],
    }
    crumbs.append({"label": name if number is not None else words, "url": address})
    return crumbs
