"""The plan over HTTP, for programs: the same figures as the pages, from the same functions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Field, Path, Query, Router, Schema

from diapason.kernel.clock import today
from diapason.kernel.permissions import allowed
from diapason.kernel.registries import ApiRouter, api_routers
from diapason.plan.contracts import Figure, Part, ReadingState
from diapason.plan.models import Indicator, Plan, Reading
from diapason.plan.queries import details, figures, outline
from diapason.plan.queries.evidence import evidence

router = Router(tags=["plan"])
api_routers.add("plan.rest", ApiRouter(prefix="", router=router))

LARGEST_PAGE = 1000
Text = dict[str, str]
Code = Annotated[str, Path(description="Code of the plan file, such as `visits`.", max_length=80)]
Day = Annotated[date | None, Query(description="As known at the end of this day; today if absent.")]
PeriodKey = Annotated[
    str,
    Query(description="`2019`, `2019-Q1`, `2019-2020` or `plan`.", max_length=9),
]
Offset = Annotated[int, Query(ge=0, le=100_000_000)]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]


class PlanOut(Schema):
    """A plan; texts are by language, `ends` is the last day."""

    code: str
    title: Text
    territory: Text
    summary: Text
    languages: list[str]
    starts: date
    ends: date
    periods: list[str]


class OrganisationOut(Schema):
    code: str
    name: Text
    part: Part


class ActionOut(Schema):
    code: str
    number: int | None
    axis: str | None
    title: Text
    short: Text
    leaders: list[OrganisationOut]


class TaskOut(Schema):
    title: Text
    state: str
    starts: date | None
    due: date | None
    done_on: date | None
    level: int = Field(description="How deep it stands under its parents.")


class BudgetOut(Schema):
    """A budget line, in cents; `planned_cents` is null where the plan leaves it to be set."""

    label: Text
    funder: Text
    year: int | None
    recurring: bool
    planned_cents: int | None
    planned_high_cents: int | None
    committed_cents: int
    spent_cents: int


class ActionDetailOut(ActionOut):
    context: Text
    objectives: list[Text]
    timeframe: Text
    funders: list[OrganisationOut]
    partners: list[OrganisationOut]
    links: list[str]
    tasks: list[TaskOut]
    budget: list[BudgetOut]
    indicators: list[str]


class GoalOut(Schema):
    low: Decimal | None
    high: Decimal | None
    exact: bool
    per_event: bool
    unknown: bool


class FigureOut(Schema):
    """One indicator in one period. A value that nobody knows is null, never 0."""

    action: str
    indicator: str
    period: str
    unit: str
    value: Decimal | None
    target: GoalOut | None
    status: str
    why: str = Field(description="Why the status is unknown; empty otherwise.")
    expected: Decimal | None
    coverage: float | None
    evidence_count: int
    declared: bool
    running: bool


class IndicatorOut(Schema):
    code: str
    action: str
    kind: str
    title: Text
    definition: Text
    unit: str
    aggregation: str
    direction: str
    measure: str
    baseline: Decimal | None


class IndicatorDetailOut(IndicatorOut):
    figures: list[FigureOut]


class LineOut(Schema):
    """A row behind a figure. A row that the caller may not open counts without its name."""

    on: date | None
    label: str
    named: bool
    amount: Decimal | None
    denominator: Decimal | None
    dimensions: dict[str, Any]


class EvidenceOut(Schema):
    figure: FigureOut
    count: int
    offset: int
    rows: list[LineOut]


class ReadingOut(Schema):
    """A declared figure. Without the right to approve or declare, approved ones only."""

    id: int
    indicator: str
    on: date
    value: Decimal
    denominator: Decimal | None
    source: str
    link: str
    state: str
    declared_at: datetime


class ReadingsOut(Schema):
    count: int
    offset: int
    rows: list[ReadingOut]


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
    return [_action(line, axis.code) for axis in outline.outline(_plan()) for line in axis.actions]


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
        leaders=[_organisation(who) for who in found.leaders],
        context=found.context,
        objectives=found.objectives,
        timeframe=found.timeframe,
        funders=[_organisation(who) for who in found.funders],
        partners=[_organisation(who) for who in found.partners],
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


@router.get("/figures", response=list[FigureOut], summary="Every figure, as on the plan's screen")
def all_figures(request: HttpRequest, at: Day = None, period: PeriodKey = "") -> Any:
    """Of every period, or of one; as known at the end of a day."""
    found = _plan()
    periods = [_period(found, period)] if period else None
    return [_figure(one) for one in figures.figures(found, at=at or today(), periods=periods)]


@router.get("/indicators", response=list[IndicatorOut], summary="Its indicators")
def indicators(request: HttpRequest) -> Any:
    return [_indicator(one) for one in figures.indicators_of(_plan())]


@router.get("/indicators/{code}", response=IndicatorDetailOut, summary="One indicator")
def indicator(request: HttpRequest, code: Code, at: Day = None) -> Any:
    """With its figure in each period."""
    found_plan = _plan()
    found = _find_indicator(found_plan, code)
    known = figures.figures(found_plan, at=at or today())
    return {
        **_indicator(found).dict(),
        "figures": [_figure(one) for one in known if one.indicator == code],
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
        figure=_figure(figure),
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
    """Oldest first. Those that wait, were returned or corrected are for staff."""
    found = Reading.objects.filter(indicator__action__plan=_plan()).order_by("on", "pk")
    if not allowed(request.user, "plan.declare_reading"):
        found = found.filter(state=ReadingState.APPROVED)
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


def _organisation(who: outline.Member) -> OrganisationOut:
    return OrganisationOut(code=who.code, name=who.name, part=who.part)


def _action(line: outline.ActionLine, axis: str) -> ActionOut:
    return ActionOut(
        code=line.code,
        number=line.number,
        axis=axis or None,
        title=line.title,
        short=line.short,
        leaders=[_organisation(who) for who in line.leaders],
    )


def _indicator(found: Indicator) -> IndicatorOut:
    return IndicatorOut(
        code=found.code,
        action=found.action.code,
        kind=found.kind,
        title=found.title,
        definition=found.definition,
        unit=found.unit,
        aggregation=found.aggregation,
        direction=found.direction,
        measure=found.measure,
        baseline=found.baseline,
    )


def _figure(one: Figure) -> FigureOut:
    return FigureOut(
        action=one.action,
        indicator=one.indicator,
        period=one.period.key,
        unit=one.unit.value,
        value=one.value,
        target=GoalOut(
            low=one.goal.low,
            high=one.goal.high,
            exact=one.goal.exact,
            per_event=one.goal.per_event,
            unknown=one.goal.unknown,
        )
        if one.goal
        else None,
        status=one.status.value,
        why=one.why.value,
        expected=one.expected,
        coverage=one.coverage,
        evidence_count=one.evidence_count,
        declared=one.declared,
        running=one.running,
    )
