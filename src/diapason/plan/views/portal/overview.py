"""The plan on one screen, one axis, the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from diapason.kernel.clock import today
from diapason.kernel.pages import kept_while_unchanged
from diapason.kernel.periods import Period
from diapason.kernel.permissions import public
from diapason.plan.contracts import Figure, IndicatorKind, Status
from diapason.plan.models import Indicator, Plan
from diapason.plan.queries import details, figures, outline, presenting
from diapason.plan.views.portal.around import axis_name, crumb_plan, plan_or_404, tables
from diapason.ui import charts

# An action without any figure yet shows what it promises to count, but no more than this.
PROMISES_SHOWN = 2


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
@kept_while_unchanged(tables, same_for_all=True)
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
    addresses = {
        figure.indicator: reverse("plan:indicator", args=[figure.indicator]) for figure in shown
    }
    cells = [
        Cell(
            period,
            [
                presenting.small_bar(
                    figure,
                    str(names[figure.indicator].short),
                    f"{addresses[figure.indicator]}?period={period.key}",
                )
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
        # A promise that nobody can measure yet speaks before what is counted without a promise.
        speaking.sort(key=lambda figure: (figure.aim is None, figure.value is None))
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
    return figure.aim is not None and names[figure.indicator].kind == IndicatorKind.OUTPUT


@public
@require_safe
@kept_while_unchanged(tables, same_for_all=True)
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
            "breadcrumb": [crumb_plan(), {"label": axis_name(band.axis.number), "url": ""}],
        },
    )


@public
@require_safe
@kept_while_unchanged(tables, same_for_all=True)
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
            "breadcrumb": [crumb_plan(), {"label": _("Timeline"), "url": ""}],
        },
    )
