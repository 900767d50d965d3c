"""The numbers that the survey gives to the plan: right, proven by their rows, confidential."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from diapason.directory.contracts import Role
from diapason.kernel import measures
from diapason.kernel.measures import Evidence, fold
from diapason.kernel.periods import Window
from diapason.kernel.registries import CohortKind
from tests.directory.factories import (
    ActivityFactory,
    CommuneFactory,
    OrganisationFactory,
    UserFactory,
    person,
)
from tests.observatory.factories import AnswerFactory, InvitationFactory, entered, survey

pytestmark = pytest.mark.django_db

YEAR = Window(date(2019, 1, 1), date(2020, 1, 1))
ENTRY = date(2017, 6, 15)
SHARES = ["observatory.international_share", "observatory.training_share"]
COHORTS = [
    "observatory.turnover_growth",
    "observatory.turnover_growth_shown",
    "observatory.new_clients_shown",
    "observatory.new_markets_shown",
    "observatory.survival_five_years",
]


def evidence(key: str, window: Window = YEAR, **more: Any) -> Evidence:
    return measures.find(f"observatory.{key}").evidence(window, **more)


def enterprises(count: int, **fields: Any) -> list[Any]:
    return OrganisationFactory.create_batch(count, **fields)


def years(organisations: list[Any], **by_year: Any) -> None:
    """Answers: `_2018={"turnover": 1}` for each enterprise."""
    for name, fields in by_year.items():
        for one in organisations:
            AnswerFactory(campaign=survey(int(name[1:])), organisation=one, **fields)


def proven(found: Evidence, *, staff: bool = True) -> Decimal | None:
    """The number, once its rows add up to it."""
    reader = person(Role.ADVISOR) if staff else UserFactory()
    number = found.number()
    lines = found.lines(reader)
    assert len(lines) == number.rows
    if staff and number.value is not None:
        told = fold(found.value, lines)
        assert told is not None
        assert abs(told - number.value) < Decimal("0.0001")
    return number.value


@pytest.mark.parametrize(("language", "name"), [("fr", "Les Sons 0"), ("en", "The Sounds 0")])
def test_a_row_bears_the_name_of_its_enterprise(language: str, name: str) -> None:
    for number in range(5):
        named = {"fr": f"Les Sons {number}", "en": f"The Sounds {number}"}
        years([OrganisationFactory(name=named)], _2019={"turnover": 100_00, "abroad": 0})
    with override(language):
        labels = {
            line.label for line in evidence("international_share").lines(person(Role.ADVISOR))
        }
    assert name in labels
    assert len(labels) == 5


def test_rows_tell_money_in_units_not_in_cents() -> None:
    staff = person(Role.ADVISOR)
    asked = enterprises(5)
    years(asked, _2018={"turnover": 40_000_00}, _2019={"turnover": 51_500_50, "abroad": 500_00})
    for line in evidence("international_share").lines(staff):
        assert (line.amount, line.denominator) == (Decimal(500), Decimal("51500.50"))
    with entered(dict.fromkeys(asked, date(2018, 6, 15))):
        window = Window(date(2018, 1, 1), date(2019, 1, 1))
        grown = evidence("turnover_growth", window, lag_years=1, at=date(2020, 6, 1))
        lines = grown.lines(staff)
    assert len(lines) == 5
    for line in lines:
        assert (line.amount, line.denominator) == (Decimal("11500.50"), Decimal(40000))


@pytest.mark.parametrize("key", SHARES)
def test_a_share_is_a_sum_over_a_sum(key: str) -> None:
    field = "abroad" if "international" in key else "training"
    years(enterprises(5), _2019={"turnover": 100_00, "abroad": None, "training": None} | {field: 0})
    years(
        enterprises(1),
        _2019={"turnover": 500_00, "abroad": None, "training": None} | {field: 250_00},
    )
    years(enterprises(1), _2019={"turnover": None, "abroad": None, "training": None})
    InvitationFactory(campaign=survey(2019))  # who never answered
    found = measures.find(key).evidence(YEAR)
    assert proven(found) == 25
    assert (found.number().rows, found.number().expected) == (6, 8)


@pytest.mark.parametrize("key", SHARES)
def test_a_share_of_nothing_is_unknown_and_of_few_is_withheld(key: str) -> None:
    assert measures.find(key).evidence(YEAR).number().value is None
    years(enterprises(4), _2019={})
    number = measures.find(key).evidence(YEAR).number()
    assert (number.value, number.withheld, number.rows) == (None, True, 4)


def test_only_the_years_that_end_in_the_window_count() -> None:
    people = enterprises(5)
    years(people, _2018={"abroad": 0}, _2019={"abroad": 1_000_000}, _2020={"abroad": 0})
    assert proven(evidence("international_share")) == 10
    running = Window(date(2019, 1, 1), date(2019, 12, 31))
    assert evidence("international_share", running).number().rows == 0


def test_parts_that_would_tell_a_few_are_withheld() -> None:
    here, there = CommuneFactory(name="Here"), CommuneFactory(name="There")
    music = ActivityFactory(label={"fr": "Musique", "en": "Music"})
    image = ActivityFactory(label={"fr": "Image", "en": "Image"})
    for commune, activity, count in ((here, music, 5), (here, image, 1), (there, image, 8)):
        years(enterprises(count, commune=commune, activity=activity), _2019={})
    found = evidence("international_share")
    shown = {
        (dimension, part)
        for dimension in ("sector", "commune")
        for part, number in found.split(dimension)
        if number.value is not None
    }
    # Six here less five musicians: one.
    assert not {("commune", "Here"), ("sector", "Musique")} <= shown
    assert found.number().value is not None


def test_jobs_are_those_of_the_year_less_those_before_in_whom_was_helped() -> None:
    helped, other = enterprises(6), enterprises(6)
    late = enterprises(1)[0]
    years(helped, _2018={"headcount": 2}, _2019={"headcount": 3})
    years(other, _2018={"headcount": 2}, _2019={"headcount": 9})
    years([late], _2018={"headcount": 0}, _2019={"headcount": 50})
    entries = dict.fromkeys(helped, date(2018, 3, 3)) | {late: date(2020, 1, 1)}
    with entered(entries):
        found = evidence("jobs_created")
        assert proven(found) == 6
        assert proven(found, staff=False) == 6


def test_jobs_lost_count_too() -> None:
    helped = enterprises(5)
    years(helped, _2018={"headcount": 3}, _2019={"headcount": 1})
    with entered(dict.fromkeys(helped, date(2018, 3, 3))):
        assert proven(evidence("jobs_created")) == -10


def test_jobs_that_would_tell_the_few_left_out_are_sealed() -> None:
    helped, alone = enterprises(6), enterprises(1)
    years(helped + alone, _2018={}, _2019={})
    with entered(dict.fromkeys(helped, date(2018, 3, 3))):
        # All jobs of 2018 and 2019 are published: the change of six would tell the seventh's.
        number = evidence("jobs_created").number()
    assert (number.value, number.withheld) == (None, True)


def growth(lag: int = 1, at: date = date(2021, 6, 1), key: str = "turnover_growth") -> Evidence:
    entry = Window(date(2017, 1, 1), date(2018, 1, 1))
    return evidence(key, entry, lag_years=lag, at=at)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("turnover_growth", CohortKind.SUPPORT),
        ("turnover_growth_shown", CohortKind.EVENT),
    ],
)
def test_growth_compares_the_same_enterprises(key: str, kind: CohortKind) -> None:
    people, others = enterprises(6), enterprises(6)
    years(people, _2017={"turnover": 100_00, "abroad": 0}, _2019={"turnover": 150_00, "abroad": 0})
    years(others, _2017={"turnover": 900_00, "abroad": 0}, _2019={"turnover": 1_00, "abroad": 0})
    silent = enterprises(1)
    years(silent, _2017={"turnover": 100_00, "abroad": 0})
    with entered(dict.fromkeys(people + silent, ENTRY), kind):
        found = growth(2, key=key)
        assert proven(found) == 50
        assert (found.number().rows, found.number().expected) == (6, 7)
        # Not before that year is over.
        assert growth(2, date(2019, 12, 30), key).number().rows == 0
        assert growth(1, key=key).number().value is None


def test_growth_that_would_give_a_few_away_is_sealed() -> None:
    people, newcomer = enterprises(6), enterprises(1)
    years(people, _2017={}, _2018={})
    years(newcomer, _2018={})
    with entered(dict.fromkeys(people, ENTRY)):
        # The sums of both years are published: the growth of the six would tell the newcomer's.
        assert growth().number().withheld


def test_who_was_helped_twice_entered_the_first_time() -> None:
    people = enterprises(5)
    years(people, _2017={}, _2018={})
    with entered(dict.fromkeys(people, date(2016, 5, 5))):
        assert growth().number().rows == 0


@pytest.mark.parametrize(("key", "field"), [("clients", "clients"), ("markets", "markets")])
def test_clients_and_markets_won_after_an_event(key: str, field: str) -> None:
    people = enterprises(5)
    years(people, _2017={field: 100}, _2018={field: 2}, _2019={field: 3})
    with entered(dict.fromkeys(people, ENTRY), CohortKind.EVENT):
        found = growth(2, key=f"new_{key}_shown")
        assert proven(found) == 15


def test_survival_counts_whose_fate_is_known() -> None:
    alive, gone, recovered, lost, young = (enterprises(count) for count in (4, 1, 1, 2, 3))
    years(alive, _2018={}, _2022={})
    years(gone, _2018={}, _2020={"active": False, "ceased_on": date(2020, 4, 1)})
    years(recovered, _2023={"active": False, "ceased_on": date(2023, 4, 1)})
    years(lost, _2018={})
    years(young, _2022={})
    entries = dict.fromkeys(alive + gone + recovered + lost, ENTRY)
    entries |= dict.fromkeys(young, date(2017, 12, 1))
    entry = Window(date(2017, 1, 1), date(2018, 1, 1))
    with entered(entries):
        found = evidence("survival_five_years", entry, lag_years=5, at=date(2022, 11, 1))
        number = found.number()
        assert (number.rows, number.expected) == (6, 8)
        assert proven(found) == Decimal(500) / 6
        early = evidence("survival_five_years", entry, lag_years=5, at=date(2022, 1, 1))
        assert early.number().rows == 0


@pytest.mark.parametrize("key", COHORTS)
def test_an_empty_cohort_is_unknown_not_zero(key: str) -> None:
    with entered({}), entered({}, CohortKind.EVENT):
        number = measures.find(key).evidence(YEAR, lag_years=1, at=date(2021, 1, 1)).number()
    assert (number.value, number.rows, number.withheld) == (None, 0, False)


@pytest.mark.parametrize("key", [*SHARES, "observatory.jobs_created"])
def test_nobody_without_right_reads_names_or_amounts(key: str) -> None:
    helped = enterprises(5)
    years(helped, _2018={}, _2019={})
    with entered(dict.fromkeys(helped, date(2018, 3, 3))):
        found = measures.find(key).evidence(YEAR)
        told = found.lines(UserFactory())
        for line in told:
            assert (line.label, line.url, line.amount, line.denominator) == ("", "", None, None)
            assert not any(line.dimensions.values())
        opened = [line.url for line in found.lines(person(Role.ADVISOR))]
        assert (len(told), len(opened)) == (5, 5)
        assert all(opened)


def test_a_merged_pair_is_one_enterprise() -> None:
    people = enterprises(4)
    twin = OrganisationFactory(merged_into=people[0])
    years([*people, twin], _2019={})
    assert evidence("international_share").number().withheld


def test_figures_change_when_a_room_above_says_who_was_helped() -> None:
    tables = measures.find("observatory.turnover_growth").tables
    assert {"observatory_answer", "desk_referral", "desk_case"} <= set(tables)
