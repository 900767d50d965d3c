"""Two structures become one: whoever works for either follows what both left, and the front desk
treats them as one, until they are taken apart again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import override

from diapason.desk import actions
from diapason.desk.contracts import Need, ReferralState, Stage
from diapason.desk.models import Absence, FrontDoor, Offer, Referral
from diapason.desk.queries import cases, conversations, support
from diapason.desk.queries.waiting import late_for
from diapason.directory.actions import merge_organisations, unmerge_organisation
from diapason.directory.api import staff_of
from diapason.directory.contracts import Role
from diapason.directory.models import Organisation, User
from diapason.kernel.clock import today
from tests.desk.factories import CaseFactory, CaseStageFactory, OfferFactory, ReferralFactory
from tests.desk.factories import request as a_request
from tests.directory.factories import MembershipFactory, OrganisationFactory, person
from tests.trust.world import client_of


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def manager(db: None) -> Any:
    return person(Role.PROGRAMME_MANAGER)


@pytest.fixture
def pair(db: None) -> list[Any]:
    """The one that stays, the one that is absorbed."""
    return OrganisationFactory.create_batch(2)


def advisor_of(structure: Any) -> Any:
    return MembershipFactory(organisation=structure, role=Role.ADVISOR).user


def again(user: Any) -> Any:
    """The same person at their next request: what they hold is read once a request."""
    return User.objects.get(pk=user.pk)


def case_of(structure: Any, state: ReferralState = ReferralState.PROPOSED) -> Referral:
    case = CaseFactory()
    CaseStageFactory(case=case)
    return ReferralFactory(case=case, offer=OfferFactory(structure=structure), state=state)


@pytest.mark.parametrize("of", ["kept", "absorbed"])
def test_an_advisor_of_either_follows_what_both_left(
    manager: Any, pair: list[Any], of: str
) -> None:
    kept, absorbed = pair
    advisor = advisor_of(kept if of == "kept" else absorbed)
    others = absorbed if of == "kept" else kept
    theirs = case_of(others)
    in_charge = CaseFactory(owner=others)
    CaseStageFactory(case=in_charge)
    assert not cases.visible_to(advisor).exists()
    with pytest.raises(PermissionDenied):
        actions.accept(by=advisor, referral=theirs)

    merge_organisations(by=manager, kept=kept, duplicate=absorbed)
    advisor = again(advisor)
    seen = set(cases.visible_to(advisor).values_list("pk", flat=True))
    assert seen == {theirs.case_id, in_charge.pk}
    assert [one.pk for one in cases.waiting(advisor, today()).to_answer] == [theirs.pk]
    assert theirs.case.title in " ".join(late_for(advisor, today()).lines)
    assert cases.leads(advisor, in_charge)
    page = client_of(advisor).get(reverse("desk:case", args=[theirs.case_id]))
    assert f'value="{theirs.pk}"' in page.content.decode()  # it is theirs to answer
    actions.accept(by=advisor, referral=theirs)
    theirs.refresh_from_db()
    assert theirs.state == ReferralState.ACCEPTED
    assert theirs.case in conversations.conversations_of(advisor)
    assert set(support.offers_of(advisor)) == set(Offer.objects.filter(structure__in=pair))

    unmerge_organisation(by=manager, duplicate=absorbed)
    assert not cases.visible_to(again(advisor)).exists()


def test_letters_go_to_the_staff_of_both(manager: Any, pair: list[Any]) -> None:
    first, second = advisor_of(pair[0]), advisor_of(pair[1])
    advisor_of(OrganisationFactory())
    merge_organisations(by=manager, kept=pair[0], duplicate=pair[1])
    for structure in pair:
        assert {one.id for one in staff_of([structure.pk])} == {first.pk, second.pk}
    unmerge_organisation(by=manager, duplicate=pair[1])
    assert {one.id for one in staff_of([pair[1].pk])} == {second.pk}


def test_a_chain_of_merges_is_one_organisation(manager: Any) -> None:
    first, second, third, fourth = OrganisationFactory.create_batch(4)
    for kept, absorbed in ((second, first), (third, second), (third, fourth)):
        merge_organisations(by=manager, kept=kept, duplicate=absorbed)
    apart = OrganisationFactory()
    whole = frozenset(one.pk for one in (first, second, third, fourth))
    assert Organisation.families([first.pk, fourth.pk, apart.pk]) == {
        first.pk: whole,
        fourth.pk: whole,
        apart.pk: frozenset([apart.pk]),
    }
    assert {where for _role, where in advisor_of(first).roles()} == whole


def test_roles_cost_one_query_where_nothing_was_merged(
    pair: list[Any], django_assert_num_queries: Any
) -> None:
    advisor = again(advisor_of(pair[0]))
    # One that asks whether a role or a merge was written, one that asks for the roles.
    with django_assert_num_queries(2):
        assert advisor.roles() == {(Role.ADVISOR, pair[0].pk)}


def test_the_front_desk_proposes_them_as_one(manager: Any, pair: list[Any]) -> None:
    kept, absorbed = pair
    for structure in pair:
        OfferFactory(structure=structure)
    case = CaseFactory()
    CaseStageFactory(case=case)
    assert len(support.proposals(case, today())) == 2
    merge_organisations(by=manager, kept=kept, duplicate=absorbed)
    (one,) = support.proposals(case, today())
    assert one.offer.structure == kept
    # What either declined is not proposed to the other name…
    referral = actions.propose(by=manager, case=case, offer_id=Offer.objects.earliest("pk").pk)
    actions.decline(by=manager, referral=referral, reason="Not ours")
    assert support.proposals(case, today()) == []
    # … and when either is away, both are.
    other = CaseFactory()
    CaseStageFactory(case=other)
    Absence.objects.create(structure=absorbed, starts=today(), ends=today())
    assert support.proposals(other, today()) == []
    assert [offer.away for offer in support.running(today())] == [True, True]


def test_the_front_door_is_kept_by_the_one_that_stands(manager: Any, pair: list[Any]) -> None:
    kept, absorbed = pair
    FrontDoor.objects.create(organisation=absorbed)
    OfferFactory(structure=absorbed, title="Studio")
    merge_organisations(by=manager, kept=kept, duplicate=absorbed)
    assert cases.keeps_front_door(advisor_of(kept))
    assert actions.ask(**a_request()).owner == kept
    page = client_of(None).get(reverse("desk:support")).content.decode()
    assert kept.code in page
    assert absorbed.code not in page


def test_who_changes_an_offer_does_so_in_the_name_that_stands(
    manager: Any, pair: list[Any]
) -> None:
    kept, absorbed = pair
    offer = OfferFactory(structure=absorbed)
    advisor = advisor_of(absorbed)
    merge_organisations(by=manager, kept=kept, duplicate=absorbed)
    advisor = again(advisor)
    page = client_of(advisor).get(reverse("desk:offer", args=[offer.pk])).content.decode()
    assert f'<option value="{kept.pk}" selected' in page
    changed = actions.offer_support(
        by=advisor,
        offer=offer,
        structure_id=kept.pk,
        title="Studio",
        stages=[Stage.IDEA],
        needs=[Need.PLACE],
        seats=2,
        starts=date(2015, 1, 1),
    )
    assert changed.structure == kept
    # A need found on a visit is opened in that name too.
    assert cases.own_name(advisor) == kept.pk
