"""What the API answers with. Texts are by language, money is in cents, unknown is null."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import PlainSerializer

from diapason.plan.contracts import Figure, Part
from diapason.plan.models import Indicator
from diapason.plan.queries import outline

Text = dict[str, str]


# A column of the database writes 86 as 86.000000; readers get "86".
Number = Annotated[Decimal, PlainSerializer(lambda value: f"{value.normalize():f}", str)]


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
    low: Number | None
    high: Number | None
    exact: bool
    per_event: bool
    unknown: bool


class FigureOut(Schema):
    """One indicator in one period. A value that nobody knows is null, never 0."""

    action: str
    indicator: str
    period: str
    unit: str
    value: Number | None
    target: GoalOut | None
    status: str
    why: str = Field(description="Why the status is unknown; empty otherwise.")
    expected: Number | None
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
    baseline: Number | None


class IndicatorDetailOut(IndicatorOut):
    figures: list[FigureOut]


class LineOut(Schema):
    """A row behind a figure. A row that the caller may not open counts without its name."""

    on: date | None
    label: str
    named: bool
    amount: Number | None
    denominator: Number | None
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
    value: Number
    denominator: Number | None
    source: str
    link: str
    state: str
    declared_at: datetime


class ReadingsOut(Schema):
    count: int
    offset: int
    rows: list[ReadingOut]


def organisation_out(who: outline.Member) -> OrganisationOut:
    return OrganisationOut(code=who.code, name=who.name, part=who.part)


def action_out(line: outline.ActionLine, axis: str) -> ActionOut:
    return ActionOut(
        code=line.code,
        number=line.number,
        axis=axis or None,
        title=line.title,
        short=line.short,
        leaders=[organisation_out(who) for who in line.leaders],
    )


def indicator_out(found: Indicator) -> IndicatorOut:
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


def figure_out(one: Figure) -> FigureOut:
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
