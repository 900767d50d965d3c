"""The results of the territory's enterprises, year by year, as everybody may read them.

Everything published here goes through `disclosure.publishable`; nothing else leaves this package.
An answer counts once its survey is closed: whoever looked at a total that grows by one enterprise
after the other would know each of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import get_language

from diapason.kernel import changes, clock
from diapason.kernel.money import units
from diapason.kernel.registries import CohortKind
from diapason.observatory.contracts import Question
from diapason.observatory.queries import cohorts
from diapason.observatory.queries.results.helped import (
    Growth,
    Surviving,
    curve,
    followed,
    groups_told,
    growth,
    growth_tells_nobody,
)
from diapason.observatory.queries.results.yearly import (
    SERIES,
    Cell,
    Series,
    YearResults,
    every_answer,
    published,
    with_places,
    year_results,
)

__all__ = [
    "SERIES",
    "TABLES",
    "Cell",
    "Growth",
    "Line",
    "Results",
    "Series",
    "Surviving",
    "YearResults",
    "curve",
    "every_answer",
    "followed",
    "groups_told",
    "growth_tells_nobody",
    "lines",
    "published",
    "results",
    "tables",
    "with_places",
]

TABLES = (
    "observatory_campaign",
    "observatory_invitation",
    "observatory_answer",
    "directory_organisation",
    "directory_commune",
    "directory_activity",
)


def tables() -> tuple[str, ...]:
    """What the results are read from."""
    return (*TABLES, *cohorts.tables(CohortKind.SUPPORT))


@dataclass(frozen=True)
class Results:
    """All that the observatory publishes."""

    years: list[YearResults]
    growth: list[Growth]
    surviving: list[Surviving]
    helped: int


def results() -> Results:
    """All that the observatory publishes, in the reader's language; kept while the records are the
    same, since anybody may ask for the file and the API as often as they like."""
    name = f"observatory.results:{clock.today()}:{get_language()}"
    return changes.kept(name, tables(), _results)


def _results() -> Results:
    """In a few queries, whatever the number of records."""
    entries = cohorts.entered_before(CohortKind.SUPPORT, clock.today() + timedelta(days=1))
    answers = every_answer()
    return Results(
        years=year_results(answers),
        growth=growth(entries, answers),
        surviving=curve(followed(entries, answers)),
        helped=len(entries),
    )


@dataclass(frozen=True)
class Line:
    """One published number in plain words of a file: amounts in units of currency, shares from 0
    to 1, nothing where it may not be told."""

    year: int
    figure: str
    split: str
    part: str
    value: Decimal | None
    enterprises: int | None
    asked: int
    answered: int


def lines(years: Iterable[YearResults]) -> list[Line]:
    """Every published number of these years: what the page shows, for files and programs."""
    found = []
    for one in years:
        if one.is_open:
            continue
        told: list[tuple[str, str, Cell]] = [("headcount", "total", one.headcount)]
        for table_ in one.tables.values():
            told.append((table_.series.key, "total", table_.total))
            told += [(table_.series.key, "sector", cell) for cell in table_.sectors]
            told += [(table_.series.key, "commune", cell) for cell in table_.communes]
        for figure, split, cell in told:
            value = cell.value
            if figure == Question.TURNOVER and value is not None:
                value = units(int(value))
            found.append(
                Line(
                    one.year,
                    figure,
                    split,
                    cell.part,
                    value,
                    cell.enterprises,
                    one.asked,
                    one.answered,
                )
            )
    return found
