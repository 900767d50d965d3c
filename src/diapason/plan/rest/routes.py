"""The addresses of the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router

from diapason.kernel.clock import today
from diapason.kernel.permissions import allowed
from diapason.kernel.registries import ApiRouter, api_routers
from diapason.plan.contracts import ReadingState
from diapason.plan.models import Indicator, Plan, Reading
from diapason.plan.queries import details, figures, outline
from diapason.plan.queries.desk.readings import visible_to
from diapason.plan.queries.evidence import evidence
from diapason.plan.rest.shapes import (
    ActionDetailOut,
    ActionOut,
    BudgetOut,
    EvidenceOut,
    FigureOut,
    IndicatorDetailOut,
    IndicatorOut,
    LineOut,
    PlanOut,
    ReadingOut,
    ReadingsOut,
    TaskOut,
    action_out,
    figure_out,
    indicator_out,
    organisation_out,
)

router = Router(tags=["plan"])
api_routers.add("plan.rest", ApiRouter(prefix="", router=router))

LARGEST_PAGE = 1000

Code = Annotated[str, Path(description="Code of the plan file, such as `visits`.", max_length=80)]
Day = Annotated[date | None, Query(description="As known at the end of this day; today if absent.")]
PeriodKey = Annotated[
    str,
    Query(description="`2019`, `2019-Q1`, `2019-2020` or `plan`.", max_length=9),
]
Offset = Annotated[int, Query(ge=0, le=100_000_000)]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]


@router.get("/plan", response=PlanOut, summary="The plan")
def plan(request: HttpRequest) -> Any:
    found = _plan()
    return PlanOut(
        code=found.code,
        title=found.title,
        territory=found.territory,
        summary=found.summary,
        languages=found.languages,
        starts=found.starts,
        ends=found.last_day,
        periods=[period.key for period in found.periods()],
    )


@router.get("/actions", response=list[ActionOut], summary="Its actions")
def actions(request: HttpRequest) -> Any:
    return [
        action_out(line, axis.code) for axis in outline.outline(_plan()) for line in axis.actions
    ]


@router.get("/actions/{code}", response=ActionDetailOut, summary="One action")
def action(request: HttpRequest, code: Code) -> Any:
    found_plan = _plan()
    found = details.action(found_plan, code)
    if found is None:
        raise Http404
    return ActionDetailOut(
        code=found.code,
        number=found.number,
        axis=found.axis[0] if found.axis else None,
        title=found.title,
        short=found.short,
        leaders=[organisation_out(who) for who in found.leaders],
        context=found.context,
        objectives=found.objectives,
        timeframe=found.timeframe,
        funders=[organisation_out(who) for who in found.funders],
        partners=[organisation_out(who) for who in found.partners],
        links=[linked for linked, _number, _short in found.links],
        tasks=[
            TaskOut(
                title=task.title,
                state=task.state.value,
                starts=task.starts,
                due=task.due,
                done_on=task.done_on,
                level=task.level,
            )
            for task in found.tasks
        ],
        budget=[
            BudgetOut(
                label=line.label,
                funder=line.funder,
                year=line.year,
                recurring=line.recurring,
                planned_cents=line.planned,
                planned_high_cents=line.planned_high,
                committed_cents=line.committed,
                spent_cents=line.spent,
            )
            for line in found.money
        ],
        indicators=[
            one.code for one in figures.indicators_of(found_plan) if one.action_id == found.id
        ],
    )


@router.get("/figures", response=list[FigureOut], summary="Every figure, as on the plan’s screen")
def all_figures(request: HttpRequest, at: Day = None, period: PeriodKey = "") -> Any:
    """Of every period, or of one; as known at the end of a day."""
    found = _plan()
    periods = [_period(found, period)] if period else None
    return [figure_out(one) for one in figures.figures(found, at=at or today(), periods=periods)]


@router.get("/indicators", response=list[IndicatorOut], summary="Its indicators")
def indicators(request: HttpRequest) -> Any:
    return [indicator_out(one) for one in figures.indicators_of(_plan())]


@router.get("/indicators/{code}", response=IndicatorDetailOut, summary="One indicator")
def indicator(request: HttpRequest, code: Code, at: Day = None) -> Any:
    """With its figure in each period."""
    found_plan = _plan()
    found = _find_indicator(found_plan, code)
    known = figures.figures(found_plan, at=at or today())
    return {
        **indicator_out(found).dict(),
        "figures": [figure_out(one) for one in known if one.indicator == code],
    }


@router.get("/indicators/{code}/evidence", response=EvidenceOut, summary="What makes up a figure")
def rows(
    request: HttpRequest,
    code: Code,
    period: PeriodKey = "",
    at: Day = None,
    offset: Offset = 0,
    limit: Limit = 100,
) -> Any:
    """The rows of a figure as the caller may see them, oldest first. Without a period, that of the
    day."""
    found_plan = _plan()
    found = _find_indicator(found_plan, code)
    day = at or today()
    wanted = _period(found_plan, period) if period else figures.reference_period(found_plan, day)
    figure = figures.figure(found, found_plan, wanted, at=day)
    shown = evidence(found, found_plan, wanted, day)
    return EvidenceOut(
        figure=figure_out(figure),
        count=figure.evidence_count,
        offset=offset,
        rows=[
            LineOut(
                on=line.on,
                label=line.label,
                named=line.named,
                amount=line.amount,
                denominator=line.denominator,
                dimensions=dict(line.dimensions),
            )
            for line in shown.lines(request.user, offset, limit)
        ],
    )


@router.get("/readings", response=ReadingsOut, summary="Declared figures")
def readings(
    request: HttpRequest,
    indicator: Annotated[str, Query(max_length=80)] = "",
    state: ReadingState | None = None,
    offset: Offset = 0,
    limit: Limit = 100,
) -> Any:
    """Oldest first. Those that were corrected are for staff; those that wait or were returned, for
    whoever declared them and whoever approves."""
    if allowed(request.user, "plan.declare_reading"):
        found = visible_to(request.user)
    else:
        found = Reading.objects.filter(state=ReadingState.APPROVED)
    found = found.filter(indicator__action__plan=_plan()).order_by("on", "pk")
    if indicator:
        found = found.filter(indicator__code=indicator)
    if state is not None:
        found = found.filter(state=state)
    return ReadingsOut(
        count=found.count(),
        offset=offset,
        rows=[
            ReadingOut(
                id=one.pk,
                indicator=one.indicator.code,
                on=one.on,
                value=one.value,
                denominator=one.denominator,
                source=one.source,
                link=one.link,
                state=one.state,
                declared_at=one.declared_at,
            )
            for one in found.select_related("indicator")[offset : offset + limit]
        ],
    )


def _plan() -> Plan:
    found = figures.current_plan()
    if found is None:
        raise Http404
    return found


def _period(plan_: Plan, key: str) -> Any:
    try:
        return plan_.period(key)
    except ValueError as error:
        raise Http404 from error


def _find_indicator(plan_: Plan, code: str) -> Indicator:
    found = details.indicator(plan_, code)
    if found is None:
        raise Http404
    return found.indicator
