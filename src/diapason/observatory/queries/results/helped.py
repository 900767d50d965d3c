"""What became of the enterprises that were helped: their growth, and how many are still active."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from diapason.observatory.queries.disclosure import LEAST
from diapason.observatory.queries.results.yearly import SERIES, Row, published, who_told
from diapason.observatory.queries.survival import Followed, at, survival

SURVIVAL_YEARS = 5
FOLLOWED_YEARS = (1, 2, 3)
YEAR = timedelta(days=365)


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
