"""What the home page and *my day* show of the plan, ready to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from diapason.kernel import changes
from diapason.kernel.periods import ONE_DAY
from diapason.kernel.texts import Text
from diapason.plan.contracts import Figure, IndicatorKind, Status
from diapason.plan.models import Indicator
from diapason.plan.queries import figures, outline, presenting
from diapason.ui import charts

HEADLINES = 3


@dataclass(frozen=True)
class PlanCard:
    """The plan's names and days, both ends included."""

    code: str
    title: Text
    territory: Text
    summary: Text
    starts: date
    last_day: date


@dataclass(frozen=True)
class Headline:
    """One figure as a card shows it."""

    title: Text
    url: str
    value: str
    of: str
    period: str
    bar: charts.Bar
    state: str
    verdict: str


@dataclass(frozen=True)
class AxisCard:
    """An axis, its actions, and how its indicators do."""

    number: int | None
    title: Text
    summary: Text
    url: str
    actions: Sequence[tuple[int | None, Text, str]]
    summary_of_figures: presenting.Summary


@dataclass(frozen=True)
class FrontPage:
    """The home page."""

    card: PlanCard
    axes: Sequence[AxisCard]
    headlines: Sequence[Headline]
    summary: presenting.Summary
    period: str
    actions: int


def card() -> PlanCard | None:
    """The current plan's names; None before one is loaded. Kept: they stand on every page."""
    return changes.kept("plan.card", ("plan_plan",), _card)


def _card() -> PlanCard | None:
    names = ("code", "title", "territory", "summary", "starts", "ends")
    found = figures.loaded_plans().values_list(*names).first()
    if found is None:
        return None
    code, title, territory, summary, starts, ends = found
    return PlanCard(code, title, territory, summary, starts, ends - ONE_DAY)


def front_page(at: date) -> FrontPage | None:
    """What the home page says of the plan; None before one is loaded."""
    plan, named = figures.current_plan(), card()
    if plan is None or named is None:
        return None
    reference = figures.reference_period(plan, at)
    known = figures.figures(plan, at=at)
    now = [one for one in known if one.period.key == reference.key]
    axes = []
    for axis in outline.outline(plan):
        own = {line.code for line in axis.actions}
        axes.append(
            AxisCard(
                number=axis.number,
                title=axis.title,
                summary=axis.summary,
                url=reverse("plan:axis", args=[axis.code]) if axis.code else "",
                actions=[
                    (line.number, line.short, reverse("plan:action", args=[line.code]))
                    for line in axis.actions
                ],
                summary_of_figures=presenting.summary(one for one in now if one.action in own),
            )
        )
    return FrontPage(
        card=named,
        axes=axes,
        headlines=headlines(at),
        summary=presenting.summary(now),
        period=reference.label,
        actions=sum(len(axis.actions) for axis in axes),
    )


def headlines(at: date, count: int = HEADLINES) -> list[Headline]:
    """The figures that speak first: outputs with a target and a value now, from as many actions
    as there are cards."""
    plan = figures.current_plan()
    if plan is None:
        return []
    names = {indicator.code: indicator for indicator in figures.indicators_of(plan)}
    reference = figures.reference_period(plan, at)
    chosen: dict[str, Figure] = {}
    for figure in figures.figures(plan, at=at):
        speaks = (
            figure.period.key == reference.key
            and figure.status is not Status.UNKNOWN
            and names[figure.indicator].kind == IndicatorKind.OUTPUT
        )
        if speaks:
            chosen.setdefault(figure.action, figure)
    return [headline(names[one.indicator], one) for one in list(chosen.values())[:count]]


def headline(indicator: Indicator, figure: Figure) -> Headline:
    """One figure as a card."""
    return Headline(
        title=indicator.title,
        url=reverse("plan:indicator", args=[indicator.code]),
        value=presenting.amount(figure.value, figure.unit),
        of=presenting.goal(figure.aim, figure.unit),
        period=figure.period.label,
        bar=presenting.small_bar(figure, ""),
        state=presenting.face(figure),
        verdict=presenting.verdict(figure),
    )


def tables() -> set[str]:
    """The tables that the home page reads."""
    return figures.tables() | set(outline.TABLES)
