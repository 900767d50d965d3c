"""The results of the territory's enterprises, year by year, as everybody may read them.

Everything published here goes through `disclosure.publishable`; nothing else leaves this module.
An answer counts once its survey is closed: whoever looked at a total that grows by one enterprise
after the other would know each of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from diapason.directory.api import surviving
from diapason.kernel import changes, clock
from diapason.kernel.money import units
from diapason.kernel.registries import CohortKind
from diapason.observatory.contracts import Question, Status
from diapason.observatory.models import Answer, Campaign, Invitation
from diapason.observatory.queries import cohorts
from diapason.observatory.queries.disclosure import LEAST, Published, publishable
from diapason.observatory.queries.survival import Followed, at, survival

TABLES = (
    "observatory_campaign",
    "observatory_invitation",
    "observatory_answer",
    "directory_organisation",
    "directory_commune",
    "directory_activity",
)
SURVIVAL_YEARS = 5
FOLLOWED_YEARS = (1, 2, 3)
YEAR = timedelta(days=365)


def tables() -> tuple[str, ...]:
    """What the results are read from."""
    return (*TABLES, *cohorts.tables(CohortKind.SUPPORT))


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


# ------------------------------------------------------------------- what became of whom was helped


@dataclass(frozen=True)
class Growth:
    """How the turnover changed between the year of the first support and some years later, as a
    share; None where it may not be told or is not known. `known` of `members` gave both years."""

    entered: int
    years: int
    members: int
    known: int | None
    value: Decimal | None


def growth_tells_nobody(
    both: set[int], base: Sequence[set[int]], later: Sequence[set[int]], least: int = LEAST
) -> bool:
    """Whether the growth of these enterprises tells nothing of a few others.

    With a published sum over exactly these enterprises in one of the two years, it gives their sum
    in the other; a published sum there over them and a few more would then give those few.
    `base` and `later` are the groups whose sums are published, of each year.
    """
    known = [group for group in (*base, *later) if group == both]
    if not known:
        return True
    return not any(both < group and len(group - both) < least for group in (*base, *later))


def groups_told(rows: Mapping[int, Row]) -> list[set[int]]:
    """The groups of enterprises whose turnover is published in a year."""
    inside = who_told(SERIES[0], rows)
    shown = published(inside)
    groups = [set(inside)] if shown.total else []
    for dimension, visible in (("sector", shown.sectors), ("commune", shown.communes)):
        for part in visible:
            groups.append({who for who, row in inside.items() if row[dimension] == part})
        hidden = {who for who, row in inside.items() if row[dimension] not in visible}
        if hidden and shown.total:
            groups.append(hidden)
    return groups


def growth(entries: Mapping[int, date], answers: Mapping[int, Mapping[int, Row]]) -> list[Growth]:
    """The change of turnover of each year's newly helped enterprises, one to three years later."""
    found = []
    for entered in sorted({day.year for day in entries.values()}, reverse=True):
        members = {who for who, day in entries.items() if day.year == entered}
        base = who_told(SERIES[0], answers.get(entered, {}))
        for years in FOLLOWED_YEARS:
            later = who_told(SERIES[0], answers.get(entered + years, {}))
            both = {
                who for who in members if who in base and who in later and base[who]["turnover"] > 0
            }
            if not answers.get(entered + years):
                found.append(Growth(entered, years, len(members), 0, None))
                continue
            value = None
            may = len(both) >= LEAST and growth_tells_nobody(
                both, groups_told(answers.get(entered, {})), groups_told(answers[entered + years])
            )
            if may:
                before = sum(base[who]["turnover"] for who in both)
                after = sum(later[who]["turnover"] for who in both)
                value = Decimal(after - before) / Decimal(before)
            found.append(Growth(entered, years, len(members), len(both) if may else None, value))
    return found


@dataclass(frozen=True)
class Surviving:
    """The share still active some years after the first support, and how many were followed that
    long; None where too few were."""

    years: int
    share: Decimal | None
    followed: int | None


def followed(
    entries: Mapping[int, date], answers: Mapping[int, Mapping[int, Row]]
) -> list[Followed]:
    """How long each enterprise was followed from its first support, and whether it stopped. One
    that never answered was followed for no day."""
    found = []
    for who, entered in entries.items():
        end, last = None, entered
        for year, rows in answers.items():
            row = rows.get(who)
            if row is None:
                continue
            if row["ceased_on"] is not None:
                end = min(row["ceased_on"], end or date.max)
            elif row["active"]:
                last = max(last, date(year, 12, 31))
        if end is not None:
            found.append(Followed(max(0, (end - entered).days), ended=True))
        else:
            found.append(Followed((last - entered).days, ended=False))
    return found


def curve(people: Sequence[Followed]) -> list[Surviving]:
    """The survival curve at each year, as far as at least `LEAST` enterprises were followed."""
    steps = survival(people)
    found = []
    for years in range(1, SURVIVAL_YEARS + 1):
        share, count = at(steps, (YEAR * years).days, len(people))
        if count < LEAST:
            found.append(Surviving(years, None, None))
        else:
            exact = Decimal(share.numerator) / Decimal(share.denominator)
            found.append(Surviving(years, exact, count))
    return found


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
