"""What everybody may read: right, and nothing of a few, however it is taken apart."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from diapason.kernel import measures
from diapason.kernel.periods import Window
from diapason.observatory.models import Answer
from diapason.observatory.queries import results
from diapason.observatory.queries.disclosure import LEAST
from tests.directory.factories import ActivityFactory, CommuneFactory, OrganisationFactory
from tests.observatory.factories import AnswerFactory, InvitationFactory, entered, survey

pytestmark = pytest.mark.django_db


def territory(seed: int) -> None:
    """Enterprises of three sectors in three communes, three years, some silent each year."""
    dice = Random(seed)
    communes = [CommuneFactory(name=f"Commune {letter}") for letter in "ABC"]
    sectors = [ActivityFactory(label={"fr": f"S{n}", "en": f"S{n}"}) for n in range(3)]
    people = [
        OrganisationFactory(
            commune=dice.choices(communes, (6, 3, 1))[0],
            activity=dice.choices(sectors, (5, 4, 1))[0],
        )
        for _number in range(dice.randint(18, 36))
    ]
    for year in (2017, 2018, 2019):
        for one in people:
            if dice.random() < 0.8:
                turnover = dice.randint(1, 10**7) * 100
                AnswerFactory(
                    campaign=survey(year),
                    organisation=one,
                    turnover=turnover,
                    abroad=None if dice.random() < 0.2 else turnover // 5,
                    fte=None if dice.random() < 0.2 else dice.randint(1, 30),
                )


def told(year: int, series: str) -> list[tuple[set[int], Decimal]]:
    """The published sums of a year: the enterprises of each cell, as anybody may know them, and the
    number, read from the file that everybody may take."""
    with override("en"):
        answer = Client().get("/en/observatory/results.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    base = {
        row["enterprise"]: row
        for row in results.with_places(Answer.objects.filter(campaign__year=year)).values(
            "enterprise", "sector", "commune", "turnover", "fte"
        )
        if row[series] is not None
    }
    found = []
    for row in rows:
        if (row["Year"], row["Figure"]) != (str(year), series) or not row["Value"]:
            continue
        inside = {
            who
            for who, one in base.items()
            if row["Split"] == "total" or one[row["Split"]] == row["Part"]
        }
        value = Decimal(row["Value"].replace(",", ".")) * (100 if series == "turnover" else 1)
        assert value == sum(Decimal(base[who][series]) for who in inside)
        assert int(row["Enterprises"]) == len(inside) >= LEAST
        found.append((inside, value))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_subtracting_published_cells_leaves_nobody_alone(seed: int) -> None:
    territory(seed)
    for year in (2017, 2018, 2019):
        for series in ("turnover", "fte"):
            cells = [inside for inside, _value in told(year, series)]
            if not cells:
                continue
            groups = list(cells)
            # Any cell less another inside it, and the whole less any disjoint parts.
            for one, other in combinations(cells, 2):
                groups += [one - other] if other <= one else []
                groups += [other - one] if one <= other else []
                groups += [max(cells, key=len) - one - other] if not one & other else []
            groups.append(_rest(cells))
            assert not [group for group in groups if 0 < len(group) < LEAST]


def _rest(cells: list[set[int]]) -> set[int]:
    whole = max(cells, key=len)
    rest = set(whole)
    for cell in sorted(cells, key=len):
        if cell != whole and cell <= rest:
            rest -= cell
    return rest


def test_coverage_is_always_there() -> None:
    answered = AnswerFactory()
    InvitationFactory(campaign=answered.campaign, organisation=answered.organisation)
    InvitationFactory.create_batch(2, campaign=answered.campaign)
    (year,) = results.results().years
    assert (year.asked, year.answered) == (3, 1)
    assert year.statuses == {"declared": 1, "estimated": 0, "verified": 0}
    assert year.tables["turnover"].total.value is None
    assert year.headcount.value is None


def test_the_share_abroad_is_a_ratio_of_sums() -> None:
    AnswerFactory.create_batch(4, campaign=survey(2019), turnover=100_00, abroad=0)
    AnswerFactory(campaign=survey(2019), turnover=600_00, abroad=500_00)
    AnswerFactory(campaign=survey(2019), turnover=900_00, abroad=None)
    (year,) = results.results().years
    assert year.tables["abroad"].total.value == Decimal("0.5")
    assert year.tables["turnover"].total.enterprises == 6


def test_growth_and_survival_of_those_helped() -> None:
    people = OrganisationFactory.create_batch(6)
    others = OrganisationFactory.create_batch(6)
    for one in people:
        AnswerFactory(campaign=survey(2017), organisation=one, turnover=100_00, abroad=0)
        AnswerFactory(campaign=survey(2018), organisation=one, turnover=120_00, abroad=0)
    for one in others:
        AnswerFactory(campaign=survey(2018), organisation=one)
    with entered(dict.fromkeys(people, date(2017, 1, 1))):
        found = results.results()
    one_year = next(one for one in found.growth if one.years == 1)
    assert (one_year.entered, one_year.known, one_year.value) == (2017, 6, Decimal("0.2"))
    assert found.helped == 6
    shares = [one.share for one in found.surviving]
    assert shares == [1, None, None, None, None]  # followed until the end of 2018


def test_who_stopped_is_counted_from_the_day_it_stopped() -> None:
    people = OrganisationFactory.create_batch(10)
    entry = date(2015, 1, 1)
    for place, one in enumerate(people):
        if place < 3:
            stopped = entry + timedelta(days=400 + place)
            AnswerFactory(campaign=survey(2016), organisation=one, active=False, ceased_on=stopped)
        else:
            AnswerFactory(campaign=survey(2019), organisation=one)
    answers = results.every_answer()
    followed = results.followed({one.pk: entry for one in people}, answers)
    shown = results.curve(followed)
    assert [one.share for one in shown[:4]] == [1, Decimal("0.7"), Decimal("0.7"), Decimal("0.7")]


def test_growth_tells_nobody_only_where_no_few_are_left() -> None:
    both, more = {1, 2, 3, 4, 5}, {1, 2, 3, 4, 5, 6}
    assert results.growth_tells_nobody(both, [more], [more])
    assert not results.growth_tells_nobody(both, [both], [more])
    assert not results.growth_tells_nobody(both, [more], [both])
    assert results.growth_tells_nobody(both, [both], [both])
    assert results.growth_tells_nobody(both, [both], [set(range(1, 11))])


def test_the_program_reads_what_the_page_shows(client: Any) -> None:
    territory(1)
    told_to_programs = client.get("/api/observatory").json()
    lines = results.lines(results.results().years)
    assert [(one["year"], one["figure"], one["part"]) for one in told_to_programs["years"]] == [
        (one.year, one.figure, one.part) for one in lines
    ]
    assert sum(one["value"] is None for one in told_to_programs["years"]) == sum(
        one.value is None for one in lines
    )


@pytest.mark.parametrize("seed", range(2))
def test_the_plan_splits_no_figure_that_the_page_withholds(seed: int) -> None:
    territory(seed)
    for year in (2018, 2019):
        window = Window(date(year, 1, 1), date(year + 1, 1, 1))
        found = measures.find("observatory.international_share").evidence(window)
        (page,) = [one for one in results.results().years if one.year == year]
        table = page.tables["abroad"]
        for dimension, cells in (("sector", table.sectors), ("commune", table.communes)):
            shown = {cell.part for cell in cells if cell.enterprises is not None}
            split = {part for part, number in found.split(dimension) if number.value is not None}
            assert split <= shown


def test_nothing_is_told_while_a_survey_is_open(client: Any) -> None:
    running = survey(2019)
    running.closed_on = None
    running.save()
    AnswerFactory.create_batch(9, campaign=running)
    (year,) = results.results().years
    assert (year.answered, year.is_open) == (9, True)
    assert year.tables["turnover"].total.value is None
    assert not results.lines([year])
    window = Window(date(2019, 1, 1), date(2020, 1, 1))
    found = measures.find("observatory.international_share")
    assert found.evidence(window).number().rows == 0
    shown = client.get("/en/observatory/").content.decode()
    assert "9 enterprises of 9 answered." in shown
    assert "still open" in shown
    running.closed_on = date(2020, 6, 1)
    running.save()
    assert found.evidence(window).number().value == 10


def test_results_are_made_once_until_a_record_changes(django_assert_num_queries: Any) -> None:
    territory(3)
    first = results.results()
    with django_assert_num_queries(1):
        assert results.results() == first
    AnswerFactory(campaign=survey(2019), turnover=10**9)
    assert results.results() != first
