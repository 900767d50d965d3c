"""The plan's door."""

from __future__ import annotations

from datetime import date

from diapason.plan.queries import front
from diapason.plan.queries.front import FrontPage, Headline, PlanCard

__all__ = [
    "FrontPage",
    "Headline",
    "PlanCard",
    "current_plan_card",
    "front_page",
    "front_page_tables",
    "headline_figures",
]


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
