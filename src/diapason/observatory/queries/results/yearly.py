"""What a year's survey may tell: its sums and shares, in all, by sector and by commune."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from diapason.directory.api import surviving
from diapason.observatory.contracts import Question, Status
from diapason.observatory.models import Answer, Campaign, Invitation
from diapason.observatory.queries.disclosure import LEAST, Published, publishable


def in_reader_words(field_name: str) -> Coalesce:
    """A text kept per language, in the reader's or else in any that has words; empty for none."""
    first = (get_language() or "").split("-")[0]
    codes = [first, *(code for code in ("fr", "en") if code != first)]
    nothing = Value("", output_field=TextField())
    texts = [NullIf(KeyTextTransform(code, field_name), nothing) for code in codes if code]
    return Coalesce(*texts, nothing)


def with_places(rows: QuerySet[Answer]) -> QuerySet[Answer]:
    """The answers with `sector` and `commune` of their enterprise, empty where nobody said, and
    the `enterprise` that they are of: a merged pair is one."""
    return rows.annotate(
        enterprise=surviving("organisation"),
        sector=in_reader_words("organisation__activity__label"),
        commune=Coalesce(F("organisation__commune__name"), Value("")),
    )


@dataclass(frozen=True)
class Series:
    """What is told of a year: the sum of a field, or a share of two sums."""

    key: str
    amount: Question
    over: Question | None = None


# Jobs are told as full-time equivalents here: the plan's own figures tell heads, and two tables of
# one thing could be taken from each other.
SERIES = (
    Series("turnover", Question.TURNOVER),
    Series("abroad", Question.ABROAD, Question.TURNOVER),
    Series("training", Question.TRAINING, Question.TURNOVER),
    Series("fte", Question.FTE),
)


@dataclass(frozen=True)
class Cell:
    """A number with how many enterprises it is of; None where it may not be told."""

    part: str
    value: Decimal | None
    enterprises: int | None


@dataclass(frozen=True)
class Table:
    """One series of one year: the total, and its parts by sector and by commune."""

    series: Series
    year: int
    total: Cell
    sectors: list[Cell]
    communes: list[Cell]


@dataclass(frozen=True)
class YearResults:
    """A year: who was asked, who answered, and what may be told; nothing yet while `is_open`."""

    year: int
    is_open: bool
    asked: int
    answered: int
    statuses: Mapping[str, int]
    tables: Mapping[str, Table]
    headcount: Cell


Row = dict[str, Any]


def every_answer(years: Iterable[int] | None = None) -> dict[int, dict[int, Row]]:
    """Every answer of closed surveys by year and enterprise, of these years where some are given,
    in one query."""
    fields = [one.value for one in Question]
    fields += ["status", "active", "ceased_on", "enterprise"]
    asked = Answer.objects.filter(campaign__closed_on__isnull=False).order_by()
    if years is not None:
        asked = asked.filter(campaign__year__in=set(years))
    rows = with_places(asked).values(*fields, "sector", "commune", year=F("campaign__year"))
    found: dict[int, dict[int, Row]] = defaultdict(dict)
    for row in rows:
        found[row["year"]][row["enterprise"]] = row
    return found


def year_results(answers: Mapping[int, Mapping[int, Row]]) -> list[YearResults]:
    """Every year that a survey asked about, the latest first."""
    asked: dict[int, set[int]] = defaultdict(set)
    invited = Invitation.objects.annotate(enterprise=surviving("organisation"))
    for year, organisation in invited.values_list("campaign__year", "enterprise"):
        asked[year].add(organisation)
    statuses: dict[int, dict[int, str]] = defaultdict(dict)
    told = Answer.objects.annotate(enterprise=surviving("organisation"))
    for year, organisation, status in told.values_list("campaign__year", "enterprise", "status"):
        statuses[year][organisation] = status
    found = []
    for year, closed_on in Campaign.objects.order_by("-year").values_list("year", "closed_on"):
        rows = answers.get(year, {})
        heads = {who: row for who, row in rows.items() if row["headcount"] is not None}
        known = list(statuses[year].values())
        found.append(
            YearResults(
                year=year,
                is_open=closed_on is None,
                asked=len(asked[year] | statuses[year].keys()),
                answered=len(known),
                statuses={one.value: known.count(one.value) for one in Status},
                tables={one.key: table(one, year, rows) for one in SERIES},
                headcount=_cell("", heads, Series("headcount", Question.HEADCOUNT), LEAST),
            )
        )
    return found


def who_told(series: Series, rows: Mapping[int, Row]) -> dict[int, Row]:
    """The enterprises that said what the series needs."""
    needed = [one.value for one in (series.amount, series.over) if one is not None]
    return {who: row for who, row in rows.items() if all(row[name] is not None for name in needed)}


def published(rows: Mapping[int, Row]) -> Published:
    return publishable({who: (row["sector"], row["commune"]) for who, row in rows.items()})


def table(series: Series, year: int, rows: Mapping[int, Row]) -> Table:
    """One series of one year, with nothing in it that must not be told."""
    inside = who_told(series, rows)
    shown = published(inside)

    def parts(dimension: str, visible: Iterable[str]) -> list[Cell]:
        groups: dict[str, dict[int, Row]] = defaultdict(dict)
        for who, row in inside.items():
            groups[row[dimension]][who] = row
        told_of = set(visible)
        return [
            _cell(part, groups[part], series, 0) if part in told_of else Cell(part, None, None)
            for part in sorted(groups, key=lambda name: (not name, name.casefold()))
        ]

    return Table(
        series=series,
        year=year,
        total=_cell("", inside, series, LEAST),
        sectors=parts("sector", shown.sectors),
        communes=parts("commune", shown.communes),
    )


def _cell(part: str, rows: Mapping[int, Row], series: Series, least: int) -> Cell:
    if len(rows) < least:
        return Cell(part, None, None)
    total = sum((Decimal(row[series.amount] or 0) for row in rows.values()), Decimal(0))
    if series.over is not None:
        below = sum((Decimal(row[series.over] or 0) for row in rows.values()), Decimal(0))
        return Cell(part, total / below if below else None, len(rows))
    return Cell(part, total, len(rows))
