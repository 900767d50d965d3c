"""Two structures that turn out to be one: one open proposal of each case stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from diapason.desk import actions
from diapason.desk.contracts import ReferralState
from diapason.desk.models import Case, Referral
from diapason.directory.actions import merge_organisations, unmerge_organisation
from diapason.directory.contracts import Role
from diapason.kernel import clock, measures
from diapason.kernel.periods import Window
from diapason.kernel.refusals import Refusal
from tests.desk.factories import CaseFactory, CaseStageFactory, OfferFactory, ReferralFactory
from tests.directory.factories import OrganisationFactory, person
from tests.plan.racing import race

PROPOSED, ACCEPTED = ReferralState.PROPOSED, ReferralState.ACCEPTED
DECLINED, ENDED = ReferralState.DECLINED, ReferralState.ENDED


@pytest.fixture
def manager(db: None) -> Any:
    return person(Role.PROGRAMME_MANAGER)


@pytest.fixture
def pair(db: None) -> list[Any]:
    return OrganisationFactory.create_batch(2)


def proposed(case: Case, structure: Any, state: ReferralState, day: int = 2) -> Referral:
    return ReferralFactory(
        case=case,
        offer=OfferFactory(structure=structure),
        state=state,
        proposed_on=date(2018, 1, day),
    )


@pytest.mark.parametrize(
    ("of_kept", "of_duplicate", "after"),
    [
        # The one proposed first stays…
        (PROPOSED, PROPOSED, (PROPOSED, DECLINED)),
        # … unless the other was accepted.
        (PROPOSED, ACCEPTED, (DECLINED, ACCEPTED)),
        (ACCEPTED, PROPOSED, (ACCEPTED, DECLINED)),
        (ACCEPTED, ACCEPTED, (ACCEPTED, ENDED)),
        # What is over is left alone.
        (DECLINED, PROPOSED, (DECLINED, PROPOSED)),
        (ENDED, ACCEPTED, (ENDED, ACCEPTED)),
    ],
)
def test_the_proposal_that_went_further_stays(
    manager: Any, pair: list[Any], of_kept: Any, of_duplicate: Any, after: Any
) -> None:
    kept, duplicate = pair
    case = CaseFactory()
    first, second = proposed(case, kept, of_kept, 2), proposed(case, duplicate, of_duplicate, 3)
    elsewhere = proposed(CaseFactory(), duplicate, PROPOSED)
    merge_organisations(by=manager, kept=kept, duplicate=duplicate)
    for referral in (first, second, elsewhere):
        referral.refresh_from_db()
    assert (first.state, second.state) == after
    assert elsewhere.state == PROPOSED
    # Each still names the structure to which it was made.
    assert (first.structure, second.structure) == (kept, duplicate)


def test_what_is_closed_says_why_and_when(manager: Any, pair: list[Any]) -> None:
    case = CaseFactory()
    proposed(case, pair[0], PROPOSED)
    second = proposed(case, pair[1], PROPOSED, 3)
    merge_organisations(by=manager, kept=pair[0], duplicate=pair[1])
    second.refresh_from_db()
    assert second.reason
    assert second.answered_on == clock.today()
    unmerge_organisation(by=manager, duplicate=pair[1])
    second.refresh_from_db()
    assert second.state == DECLINED


def test_a_chain_of_merges_is_one_structure(manager: Any) -> None:
    one, two, three = OrganisationFactory.create_batch(3)
    case = CaseFactory()
    made = [proposed(case, each, PROPOSED, day) for each, day in ((one, 2), (two, 3), (three, 4))]
    merge_organisations(by=manager, kept=two, duplicate=one)
    merge_organisations(by=manager, kept=three, duplicate=two)
    states = [Referral.objects.get(pk=each.pk).state for each in made]
    assert states == [PROPOSED, DECLINED, DECLINED]


def test_a_merged_structure_is_not_proposed_the_case_again(manager: Any, pair: list[Any]) -> None:
    kept, duplicate = pair
    case = CaseFactory()
    CaseStageFactory(case=case)
    proposed(case, duplicate, PROPOSED)
    merge_organisations(by=manager, kept=kept, duplicate=duplicate)
    with pytest.raises(Refusal):
        actions.propose(by=manager, case=case, offer_id=OfferFactory(structure=kept).pk)


@pytest.mark.django_db(transaction=True)
def test_merging_while_somebody_accepts_leaves_one_open() -> None:
    manager = person(Role.PROGRAMME_MANAGER)
    kept, duplicate = OrganisationFactory.create_batch(2)
    case = CaseFactory()
    first, second = proposed(case, kept, PROPOSED), proposed(case, duplicate, PROPOSED, 3)
    results = race(
        lambda: merge_organisations(by=manager, kept=kept, duplicate=duplicate),
        lambda: actions.accept(by=manager, referral=first),
        lambda: actions.accept(by=manager, referral=second),
    )
    assert all(not isinstance(one, Exception) or isinstance(one, Refusal) for one in results)
    assert Referral.objects.filter(state__in=[PROPOSED, ACCEPTED]).count() == 1


def test_a_merged_pair_of_enterprises_counts_once(manager: Any, pair: list[Any]) -> None:
    kept, duplicate = pair
    for enterprise in pair:
        case = CaseFactory(organisation=enterprise)
        CaseStageFactory(case=case, stage="incubation", began_on=date(2019, 2, 1))
        ReferralFactory(case=case, state=ACCEPTED, answered_on=date(2019, 3, 1))
    year = Window(date(2019, 1, 1), date(2020, 1, 1))

    def counts() -> list[Any]:
        keys = ("desk.enterprises_incubated", "desk.enterprises_supported")
        return [measures.find(key).evidence(year).number().value for key in keys]

    assert counts() == [2, 2]
    merge_organisations(by=manager, kept=kept, duplicate=duplicate)
    assert counts() == [1, 1]
    unmerge_organisation(by=manager, duplicate=duplicate)
    assert counts() == [2, 2]
