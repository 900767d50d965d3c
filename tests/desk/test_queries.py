"""Who sees which case, and who is proposed to whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils.translation import override

from diapason.desk.contracts import Need
from diapason.desk.models import Absence
from diapason.desk.queries.cases import visible_to
from diapason.desk.queries.support import at_hand, pressures, proposals
from diapason.directory.contracts import Role
from tests.desk.factories import CaseFactory, FrontDoorFactory, OfferFactory, ReferralFactory
from tests.directory.factories import MembershipFactory, OrganisationFactory, person

pytestmark = pytest.mark.django_db
DAY = date(2019, 6, 30)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def test_each_sees_what_is_theirs() -> None:
    case = CaseFactory()
    CaseFactory()
    assert visible_to(person(Role.PROGRAMME_MANAGER)).count() == 2
    assert not visible_to(person(Role.MEMBER)).exists()
    assert not visible_to(person(Role.ADVISOR)).exists()
    house = OrganisationFactory()
    advisor = MembershipFactory(organisation=house, role=Role.ADVISOR).user
    referral = ReferralFactory(case=case, offer=OfferFactory(structure=house))
    assert list(visible_to(advisor)) == [case]
    referral.state, referral.reason, referral.answered_on = "declined", "No", DAY
    referral.save()
    assert not visible_to(advisor).exists()
    FrontDoorFactory(organisation=house)
    assert visible_to(advisor).count() == 2


def test_a_member_of_a_structure_is_not_its_advisor() -> None:
    referral = ReferralFactory()
    member = MembershipFactory(organisation=referral.structure, role=Role.MEMBER).user
    assert not visible_to(member).exists()


def test_what_is_at_hand_is_counted_once_for_each_need() -> None:
    house = OrganisationFactory()
    OfferFactory(structure=house, needs=["advice", "place"], seats=2)
    ReferralFactory(offer=OfferFactory(structure=house, needs=["advice"], seats=1))
    away = OfferFactory(needs=["advice"], seats=5)
    Absence.objects.create(structure=away.structure, starts=DAY, ends=DAY)
    OfferFactory(needs=["funding"], ends=date(2019, 1, 1))
    full = ReferralFactory(offer=OfferFactory(needs=["network"], seats=1)).offer
    found = at_hand(DAY)
    assert {str(found[need]) for need in (Need.ADVICE, Need.PLACE)} == {
        "2 structures, 2 free seats",
        "1 structure, 2 free seats",
    }
    assert str(found[Need.FUNDING]) == "Not on offer yet: ask all the same"
    assert full.needs == ["network"]
    assert str(found[Need.NETWORK]) == "1 structure, full for now"


def test_the_best_fit_comes_first_with_its_reasons() -> None:
    case = CaseFactory(stage="incubation", needs=["advice", "place"])
    one_need = OfferFactory(needs=["advice"], stages=["incubation"])
    best = OfferFactory(needs=["advice", "place"], stages=["incubation"], seats=2)
    elsewhere = OfferFactory(needs=["advice", "place"], stages=["idea"])
    OfferFactory(needs=["funding"], stages=["incubation"])
    found = proposals(case, DAY)
    assert [one.offer for one in found] == [best, one_need, elsewhere]
    assert list(found[0].reasons) == [
        "Answers: Advice on the project, A place to work",
        "Takes projects at this stage",
        "2 free seats of 2",
        "Nobody waits there",
    ]
    assert "Usually takes projects at another stage" in found[2].reasons


def test_nobody_without_capacity_is_proposed() -> None:
    case = CaseFactory()
    full = OfferFactory(seats=1)
    ReferralFactory(offer=full, state="accepted")
    OfferFactory(seats=0)
    OfferFactory(ends=date(2019, 6, 29))
    OfferFactory(starts=date(2019, 7, 1))
    away = OfferFactory()
    Absence.objects.create(structure=away.structure, starts=DAY, ends=DAY)
    ReferralFactory(case=case, offer=OfferFactory())
    ReferralFactory(case=case, offer=OfferFactory(), state="declined")
    assert proposals(case, DAY) == []
    # The day after, the one who was away is back.
    back = [one.offer for one in proposals(case, date(2019, 7, 1))]
    assert away in back
    assert full not in back


def test_the_last_days_of_an_offer_count() -> None:
    case = CaseFactory()
    offer = OfferFactory(starts=DAY, ends=DAY)
    assert [one.offer for one in proposals(case, DAY)] == [offer]


def test_one_structure_is_proposed_once() -> None:
    house = OrganisationFactory()
    OfferFactory(structure=house, seats=1)
    OfferFactory(structure=house, seats=5)
    assert len(proposals(CaseFactory(), DAY)) == 1


def test_the_board_tells_since_when_a_stage_is_full() -> None:
    offer = OfferFactory(stages=["incubation"], seats=1)
    ReferralFactory(offer=offer, state="accepted", answered_on=date(2019, 3, 2))
    CaseFactory(stage="incubation")
    by_stage, by_need = pressures(DAY)
    row = next(one for one in by_stage if one.word == "incubation")
    assert (row.seats, row.free, row.asking, row.full_since) == (1, 0, 1, date(2019, 3, 2))
    assert (row.face, row.verdict) == ("bad", "Full")
    idea = next(one for one in by_stage if one.word == "idea")
    assert (idea.seats, idea.verdict) == (0, "Nobody offers this")
    advice = next(one for one in by_need if one.word == "advice")
    assert (advice.free, advice.asking) == (0, 1)


def test_an_enterprise_enters_support_on_the_first_day_of_the_window() -> None:
    from datetime import date

    from diapason.desk.queries.cohorts import supported
    from diapason.kernel.periods import Window
    from tests.desk.factories import CaseFactory, ReferralFactory
    from tests.directory.factories import OrganisationFactory

    enterprise = OrganisationFactory()
    for day in (date(2018, 5, 5), date(2018, 2, 2), date(2019, 1, 1)):
        ReferralFactory(
            case=CaseFactory(organisation=enterprise), state="accepted", answered_on=day
        )
    ReferralFactory(state="accepted", answered_on=date(2018, 1, 5))
    ReferralFactory(case=CaseFactory(organisation=enterprise), state="declined")
    (entry,) = supported(Window(date(2018, 1, 1), date(2019, 1, 1)))
    assert (entry.entity, entry.entered_on) == (enterprise.pk, date(2018, 2, 2))
