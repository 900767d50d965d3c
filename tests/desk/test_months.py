"""Demand against capacity, month by month."""

from __future__ import annotations

from datetime import date

import pytest

from diapason.desk.contracts import Need, Stage
from diapason.desk.models import Absence, Case
from diapason.desk.queries.months import Course, ends_of_months, months_full
from diapason.desk.queries.support import pressures
from tests.desk.factories import (
    CaseFactory,
    CaseStageFactory,
    LoanFactory,
    OfferFactory,
    ReferralFactory,
)

DAY = date(2019, 6, 10)


def test_the_last_days_of_months_and_today() -> None:
    assert ends_of_months(date(2019, 3, 31), 4) == [
        date(2018, 12, 31),
        date(2019, 1, 31),
        date(2019, 2, 28),
        date(2019, 3, 31),
    ]
    assert len(ends_of_months(DAY)) == 12


@pytest.mark.django_db
def test_who_waited_and_which_seats_were_taken() -> None:
    offer = OfferFactory(stages=["idea"], needs=["advice", "place"], seats=1, ends=None)
    OfferFactory(stages=["incubation"], needs=["advice"], seats=5, ends=date(2019, 4, 30))
    waits = CaseFactory(needs=["advice", "place"], opened_on=date(2019, 3, 5))
    CaseStageFactory(case=waits, stage="idea", began_on=date(2019, 3, 5), ended_on=date(2019, 5, 2))
    CaseStageFactory(case=waits, stage="incubation", began_on=date(2019, 5, 2))
    helped = CaseFactory(needs=["advice"], opened_on=date(2019, 3, 6))
    CaseStageFactory(case=helped, stage="idea", began_on=date(2019, 3, 6))
    ReferralFactory(
        case=helped,
        offer=offer,
        state="ended",
        proposed_on=date(2019, 4, 1),
        answered_on=date(2019, 4, 1),
        ended_on=date(2019, 5, 31),
    )
    course = Course(DAY, 5)

    def rows(**of: object) -> list[tuple[int, int, int]]:
        return [(one.waiting, one.seats, one.taken) for one in course.of(**of)]  # type: ignore[arg-type]

    # February, March, April, May, 10 June.
    assert rows() == [(0, 6, 0), (2, 6, 0), (1, 6, 1), (2, 1, 0), (2, 1, 0)]
    assert rows(stage=Stage.IDEA) == [(0, 1, 0), (2, 1, 0), (1, 1, 1), (1, 1, 0), (1, 1, 0)]
    assert rows(stage=Stage.INCUBATION)[-1] == (1, 0, 0)
    assert rows(need=Need.PLACE) == [(0, 1, 0), (1, 1, 0), (1, 1, 1), (1, 1, 0), (1, 1, 0)]
    assert months_full(course.of(stage=Stage.IDEA)) == 1
    by_stage, by_need = pressures(DAY, course)
    assert next(one for one in by_stage if one.word == "idea").months_full == 1
    assert next(one for one in by_need if one.word == "place").months_full == 1


@pytest.mark.django_db
def test_a_seat_that_is_promised_fills_a_stage() -> None:
    offer = OfferFactory(stages=["idea"], seats=1)
    ReferralFactory(offer=offer, proposed_on=date(2019, 6, 2))
    row = next(one for one in pressures(DAY)[0] if one.word == "idea")
    assert (row.free, row.full_since) == (0, date(2019, 6, 2))


@pytest.mark.django_db
def test_a_project_with_a_seat_kept_for_it_asks_for_no_other_one() -> None:
    """The board and the month that runs tell the same, whatever holds a seat."""
    offer = OfferFactory(stages=["idea"], needs=["advice"], seats=4)
    asked = date(2019, 3, 5)

    def project(**referral: object) -> Case:
        case = CaseFactory(needs=["advice"], stage="idea", opened_on=asked)
        CaseStageFactory(case=case, stage="idea", began_on=asked)
        if referral:
            ReferralFactory(case=case, offer=offer, proposed_on=date(2019, 4, 1), **referral)
        return case

    project()
    project(state="proposed")
    project(state="declined", answered_on=date(2019, 5, 2))
    helped = project(state="accepted", answered_on=date(2019, 5, 2))
    LoanFactory(
        case=helped,
        offer=offer,
        lender=offer.structure,
        state="agreed",
        answered_on=date(2019, 5, 3),
    )
    course = Course(DAY, 4)
    # March, April, May, 10 June: April's proposals keep three seats, May's loan takes one.
    for of in ({"stage": Stage.IDEA}, {"need": Need.ADVICE}):
        rows = [(one.waiting, one.taken) for one in course.of(**of)]  # type: ignore[arg-type]
        assert rows == [(4, 0), (1, 3), (2, 3), (2, 3)]
    row = next(one for one in pressures(DAY)[0] if one.word == "idea")
    assert (row.asking, row.free) == (2, 1)
    assert (row.asking, row.free) == (course.of(stage=Stage.IDEA)[-1].waiting, 1)


@pytest.mark.django_db
def test_who_is_away_has_no_free_seat_that_month_either() -> None:
    offer = OfferFactory(stages=["idea"], seats=2)
    OfferFactory(stages=["idea"], seats=1)
    Absence.objects.create(
        structure=offer.structure, starts=date(2019, 5, 20), ends=date(2019, 6, 30)
    )
    course = Course(DAY, 3)
    free = [(one.seats, one.taken, one.free) for one in course.of(stage=Stage.IDEA)]
    assert free == [(3, 0, 3), (3, 0, 1), (3, 0, 1)]
    row = next(one for one in pressures(DAY)[0] if one.word == "idea")
    assert (row.seats, row.free) == (3, 1)
