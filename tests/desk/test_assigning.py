"""Assigning the backlog: what it would do, and doing it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils.translation import override

from diapason.desk import actions
from diapason.desk.models import Absence, Assignment, Case, Offer, Referral
from diapason.desk.queries import backlog
from diapason.directory.contracts import Role
from diapason.kernel.clock import today
from diapason.kernel.refusals import Refusal
from tests.desk.factories import CaseFactory, FrontDoorFactory, OfferFactory, ReferralFactory
from tests.directory.factories import MembershipFactory, OrganisationFactory, person
from tests.plan.racing import race

PAGE = "/en/workspace/cases/backlog/"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def manager(db: None) -> Any:
    return person(Role.PROGRAMME_MANAGER)


@pytest.fixture
def client(manager: Any) -> Client:
    made = Client(headers={"accept-language": "en"})
    made.force_login(manager)
    return made


def pairs_of(plan: backlog.Plan) -> list[tuple[int, int]]:
    return [(line.case.pk, line.offer.pk) for line in plan.lines]


def assign(by: Any, pairs: list[tuple[int, int]], key: uuid.UUID | None = None) -> Assignment:
    return actions.assign(by=by, pairs=pairs, request_key=key or uuid.uuid4())


def test_nobody_is_sent_a_project_whose_owner_left(manager: Any, client: Client) -> None:
    OfferFactory(seats=5)
    case, reached = CaseFactory(), CaseFactory()
    visited = CaseFactory(contact_name="", contact_email="", organisation=OrganisationFactory())
    actions.forget_contact(case=case)
    plan = backlog.plan(manager, today())
    assert {line.case for line in plan.lines} == {reached, visited}
    [(left, why)] = plan.left
    assert (left, "erased" in why) == (case, True)
    told = "write to this project’s owner any more"
    assert told in client.get(f"/en/workspace/cases/{case.pk}/").content.decode()
    for other in (reached, visited):
        assert told not in client.get(f"/en/workspace/cases/{other.pk}/").content.decode()


def test_who_waits(manager: Any) -> None:
    old, new = CaseFactory(opened_on=date(2018, 5, 1)), CaseFactory(opened_on=date(2018, 6, 1))
    for state in ("proposed", "accepted"):
        ReferralFactory(state=state)
    CaseFactory(closed_on=date(2018, 7, 1), closing="done", next_on=None)
    declined = ReferralFactory(state="declined").case
    # Whoever was helped until lately has waited since then.
    helped = ReferralFactory(state="ended", ended_on=date(2018, 9, 1)).case
    found = list(backlog.waiting(manager))
    assert found == [declined, old, new, helped]
    assert found[-1].since == date(2018, 9, 1)


def test_each_assigns_what_is_in_their_charge(manager: Any) -> None:
    house, mine, _other = OrganisationFactory(), CaseFactory(), CaseFactory()
    advisor = MembershipFactory(organisation=house, role=Role.ADVISOR).user
    Case.objects.filter(pk=mine.pk).update(owner=house)
    assert list(backlog.waiting(advisor)) == [mine]
    assert not backlog.waiting(person(Role.MEMBER)).exists()
    FrontDoorFactory(organisation=house)
    assert backlog.waiting(advisor).count() == 2


def test_the_plan_says_why_and_what_is_lacking(manager: Any) -> None:
    house = OrganisationFactory(name={"en": "The Hive"})
    OfferFactory(structure=house, needs=["advice", "place"], stages=["idea"], seats=1)
    away = OfferFactory(needs=["place"])
    Absence.objects.create(structure=away.structure, starts=today(), ends=today())
    first = CaseFactory(needs=["advice"], opened_on=today() - timedelta(days=40))
    second = CaseFactory(needs=["place"], opened_on=today() - timedelta(days=2))
    third = CaseFactory(needs=["legal", "place"], opened_on=today())
    alone = CaseFactory(needs=["legal"], opened_on=today())
    plan = backlog.plan(manager, today())
    assert [(line.case, str(line.offer.structure)) for line in plan.lines] == [(first, "The Hive")]
    assert list(plan.lines[0].reasons) == [
        "Answers: Advice on the project",
        "Takes projects at this stage",
        "Has waited for 40 days",
        "1 free seat of 1",
    ]
    others = "The free seats go to projects that have waited longer or fit better."
    assert plan.left == [
        (second, others),
        (third, others),
        (alone, "No structure answers any of these needs."),
    ]
    lacking = {one.need: (one.projects, one.seats, one.free, one.remaining) for one in plan.lacking}
    assert lacking == {"place": (2, 4, 1, 0), "legal": (2, 0, 0, 0)}
    assert not Referral.objects.exists()


def test_thirty_are_proposed_in_one_go(manager: Any) -> None:
    for seats in (12, 10, 8):
        OfferFactory(seats=seats)
    cases = [CaseFactory() for _number in range(30)]
    found = backlog.plan(manager, today())
    made = assign(manager, pairs_of(found))
    assert Referral.objects.filter(assignment=made, case__in=cases).count() == 30
    case = Case.objects.get(pk=cases[0].pk)
    assert (case.next_on, case.version) == (today() + timedelta(days=7), 2)
    assert not backlog.waiting(manager).exists()


@pytest.mark.django_db(transaction=True)
def test_confirmed_many_times_at_once_it_happens_once() -> None:
    manager, offer = person(Role.PROGRAMME_MANAGER), OfferFactory(seats=9)
    pairs = [(CaseFactory().pk, offer.pk) for _number in range(5)]
    key = uuid.uuid4()
    results = race(*[lambda: assign(manager, pairs, key).pk] * 6)
    assert set(results) == {Assignment.objects.get().pk}
    assert Referral.objects.count() == 5
    with pytest.raises(Refusal, match="already sent"):
        assign(manager, pairs[:2], key)


@pytest.mark.django_db(transaction=True)
def test_of_several_assignments_at_once_nothing_is_over_capacity() -> None:
    manager, offers = person(Role.PROGRAMME_MANAGER), [OfferFactory(seats=2) for _number in "abc"]
    cases = [CaseFactory() for _number in range(12)]
    deeds = []
    for place in range(4):
        mine = cases[3 * place : 3 * place + 3]
        # Each names the offers in another order: nobody waits for ever.
        pairs = [(case.pk, offers[(place + n) % 3].pk) for n, case in enumerate(mine)]
        deeds.append(lambda pairs=pairs: assign(manager, pairs))
    results = race(*deeds)
    assert sum(isinstance(result, Assignment) for result in results) == 2
    assert sum(isinstance(result, actions.Outdated) for result in results) == 2
    assert [Referral.objects.filter(offer=offer).count() for offer in offers] == [2, 2, 2]


@pytest.mark.parametrize(
    ("meanwhile", "words"),
    [
        (lambda case, offer: Offer.objects.update(seats=1), "1 seat is left here and 2 lines"),
        (lambda case, offer: Offer.objects.update(ends=today() - timedelta(days=1)), "no project"),
        (
            lambda case, offer: Absence.objects.create(
                structure=offer.structure, starts=today(), ends=today()
            ),
            "no project",
        ),
        (lambda case, offer: ReferralFactory(case=case), "proposed to a structure meanwhile"),
        (
            lambda case, offer: ReferralFactory(case=case, offer=offer, state="declined"),
            "has declined this project",
        ),
        (
            lambda case, offer: Case.objects.filter(pk=case.pk).update(
                closed_on=today(), closing="done"
            ),
            "closed meanwhile",
        ),
        (lambda case, offer: Offer.objects.update(needs=["legal"]), "none of the project"),
    ],
)
def test_what_changed_meanwhile_is_told_and_nothing_is_done(
    manager: Any, meanwhile: Any, words: str
) -> None:
    offer, case, other = OfferFactory(seats=2), CaseFactory(), CaseFactory()
    meanwhile(case, offer)
    before = Referral.objects.count()
    with pytest.raises(actions.Outdated, match="Nothing was proposed") as refusal:
        assign(manager, [(case.pk, offer.pk), (other.pk, offer.pk)])
    assert words in refusal.value.faults[case.pk, offer.pk]
    assert (Referral.objects.count(), Assignment.objects.count()) == (before, 0)


def test_nobody_assigns_what_is_not_theirs(manager: Any) -> None:
    case, offer = CaseFactory(), OfferFactory()
    for stranger in (person(Role.ADVISOR), person(Role.MEMBER)):
        with pytest.raises(PermissionDenied):
            assign(stranger, [(case.pk, offer.pk)])
    with pytest.raises(Refusal, match="at least one"):
        assign(manager, [])
    with pytest.raises(Refusal, match="one structure at a time"):
        assign(manager, [(case.pk, offer.pk), (case.pk, OfferFactory().pk)])


def test_from_the_page_a_line_is_struck_out_and_the_rest_confirmed(client: Client) -> None:
    OfferFactory(seats=2)
    cases = [CaseFactory(title=f"Project {name}") for name in ("A", "B")]
    assert "2 projects wait for a structure" in client.get(PAGE).content.decode()
    page = client.get(f"{PAGE}?plan=1").content.decode()
    lines = re.findall(r'name="line" value="(\d+:\d+)"', page)
    key = re.search(r'name="request_key" value="([^"]+)"', page)
    assert len(lines) == 2
    assert key
    # Before the lines, how many each structure would get.
    assert re.search(rf"How many each.*{Offer.objects.get().structure.code}.*<b>2</b>", page, re.S)
    kept = next(line for line in lines if line.startswith(f"{cases[0].pk}:"))
    sent = {"seen": lines, "line": [kept], "request_key": key[1]}
    for _time in range(2):
        told = client.post(PAGE, sent, follow=True).content.decode()
        assert "1 project is proposed" in told
    assert Referral.objects.get().case == cases[0]


def test_what_was_struck_out_stays_so_when_the_page_comes_back(client: Client) -> None:
    offer = OfferFactory(seats=2)
    cases = [CaseFactory() for _number in range(3)]
    Offer.objects.update(seats=1)
    lines = [f"{case.pk}:{offer.pk}" for case in cases]
    sent = {"seen": [*lines, "9:x", ""], "line": lines[:2], "request_key": str(uuid.uuid4())}
    page = client.post(PAGE, sent).content.decode()
    assert "Nothing was proposed: 2 lines cannot be kept" in page
    assert page.count("strike some out") == 2
    assert re.search(rf'value="{lines[0]}" id="line-1" checked', page)
    assert not re.search(rf'value="{lines[2]}" id="line-3" checked', page)
    # The same form, mended, is taken.
    client.post(PAGE, sent | {"line": lines[2:]})
    assert Referral.objects.get().case == cases[2]


def test_another_s_case_is_not_found_from_the_page(client: Client) -> None:
    FrontDoorFactory()
    advisor = Client()
    advisor.force_login(person(Role.ADVISOR))
    line = f"{CaseFactory().pk}:{OfferFactory().pk}"
    assert advisor.post(PAGE, {"seen": line, "line": line}).status_code == 404
    assert client.post(PAGE, {"line": "8:99999"}).status_code == 404
    assert "at least one line" in client.post(PAGE, {}).content.decode()


def test_an_empty_backlog_says_so(client: Client) -> None:
    assert "Everybody has somebody to talk to" in client.get(PAGE).content.decode()
    assert "Nothing can be assigned" in client.get(f"{PAGE}?plan=1").content.decode()
