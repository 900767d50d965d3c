"""The plan's door."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from diapason.kernel import clock, measures
from diapason.kernel.measures import Line
from diapason.kernel.periods import Period
from diapason.plan import actions
from diapason.plan.contracts import Figure
from diapason.plan.contracts.loads import LoadReport
from diapason.plan.planfile import PlanFile
from diapason.plan.queries import evidence, figures, front
from diapason.plan.queries.front import FrontPage, Headline, PlanCard

__all__ = [
    "FrontPage",
    "Headline",
    "PlanCard",
    "UnknownIndicator",
    "current_plan_card",
    "evaluate",
    "front_page",
    "front_page_tables",
    "headline_figures",
    "load",
    "measures_not_offered",
    "prove",
]


class UnknownIndicator(LookupError):
    """The plan has no indicator of that code; `known` lists those that it has."""

    def __init__(self, code: str, known: list[str]) -> None:
        super().__init__(code)
        self.code, self.known = code, known


def current_plan_card() -> PlanCard | None:
    """The names of the plan that this instance shows; None before one is loaded."""
    return front.card()


def front_page(at: date) -> FrontPage | None:
    """What the home page says of the plan at the end of `at`."""
    return front.front_page(at)


def front_page_tables() -> set[str]:
    """The tables that the home page reads, for the stamp under which it is kept."""
    return front.tables()


def headline_figures(at: date) -> list[Headline]:
    """The few figures that speak first at the end of `at`."""
    return front.headlines(at)


def load(file: PlanFile, *, dry_run: bool = False, reason: str = "") -> LoadReport:
    """Load a plan on behalf of whoever holds the server; `dry_run` only tells the differences.

    Side effects and refusals: those of `actions.load_plan`.
    """
    return actions.load_plan(file=file, dry_run=dry_run, reason=reason)


def evaluate(*, at: date | None = None, all_periods: bool = False) -> list[Figure] | None:
    """The figures of the current plan as known at the end of `at` (today where not given), in the
    plan's order: of the period that the day speaks of, or of every period. None before a plan is
    loaded."""
    plan = figures.current_plan()
    if plan is None:
        return None
    day = at or clock.today()
    periods = None if all_periods else [figures.reference_period(plan, day)]
    return figures.figures(plan, at=day, periods=periods)


def prove(
    code: str, *, period: str = "", at: date | None = None, reader: Any
) -> tuple[Figure, Iterator[Line]] | None:
    """An indicator's figure in a period (by default the one that the day speaks of), and its rows
    as `reader` may see them. None before a plan is loaded.

    Raises `UnknownIndicator`; ValueError for a period of no known form or outside the plan.
    """
    plan = figures.current_plan()
    if plan is None:
        return None
    known = {indicator.code: indicator for indicator in figures.indicators_of(plan)}
    if code not in known:
        raise UnknownIndicator(code, sorted(known))
    day = at or clock.today()
    wanted: Period = plan.period(period) if period else figures.reference_period(plan, day)
    shown = evidence.evidence(known[code], plan, wanted, day)
    return figures.figure(known[code], plan, wanted, at=day), shown.every_line(reader)


def measures_not_offered() -> list[str]:
    """The measures that the current plan names and no installed room offers, in order."""
    plan = figures.current_plan()
    named = {} if plan is None else {each.measure for each in figures.indicators_of(plan)}
    return sorted(key for key in named if key and key not in measures.offered())
