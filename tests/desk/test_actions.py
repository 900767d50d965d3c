"""From the request to what comes of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override
from pghistory.core import event_models

from diapason.desk import actions
from diapason.desk.contracts import Channel, Closing, OutcomeKind, Stage, Verified
from diapason.desk.models import (
    Absence,
    Case,
    CaseStage,
    DeskContact,
    FrontDoor,
    Offer,
    Outcome,
    Referral,
)
from diapason.desk.queries.cases import case_behind
from diapason.desk.queries.support import running
from diapason.directory.contracts import Role
from diapason.kernel.clock import today
from diapason.kernel.refusals import Refusal, SentOtherwise
from tests.desk.factories import (
    CaseFactory,
    CaseStageFactory,
    FrontDoorFactory,
    OfferFactory,
    ReferralFactory,
    request,
)
from tests.directory.factories import MembershipFactory, OrganisationFactory, UserFactory, person
from tests.plan.racing import race


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def door(db: None) -> FrontDoor:
    return FrontDoorFactory()


@pytest.fixture
def manager(db: None) -> Any:
    return person(Role.PROGRAMME_MANAGER)


def advisor_of(organisation: Any) -> Any:
    return MembershipFactory(user=UserFactory(), organisation=organisation, role=Role.ADVISOR).user


def opened(**fields: Any) -> Case:
    case = CaseFactory(**fields)
    CaseStageFactory(case=case, stage=case.stage)
    return case


def test_a_request_becomes_a_case_that_somebody_looks_at(door: FrontDoor) -> None:
    given = request(siret="111 222 333 44455")
    case = actions.ask(**given)
    assert (case.owner, case.next_on) == (door.organisation, today() + timedelta(days=3))
    assert CaseStage.objects.get(case=case).stage == "idea"
    # A number that somebody wrote attaches no enterprise.
    assert case.organisation is None
    secret = actions.personal_secret(given["request_key"])
    assert case_behind(secret) == case
    assert secret not in str(Case.objects.values().get(pk=case.pk))


def test_no_request_is_taken_without_a_front_door(db: None) -> None:
    with pytest.raises(Refusal, match="not open yet"):
        actions.ask(**request())


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"needs": []}, "needs"),
        ({"title": " "}, "title"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"on": date(2999, 1, 1)}, "on"),
    ],
)
def test_what_cannot_be_asked(door: FrontDoor, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.ask(**request(**fields))
    assert refusal.value.field == field
    assert not Case.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_request_sent_ten_times_at_once_is_one_case() -> None:
    FrontDoorFactory()
    given = request()
    results = race(*[lambda: actions.ask(**given).pk] * 10)
    assert set(results) == {Case.objects.get().pk}
    assert CaseStage.objects.count() == 1


def test_a_case_is_proposed_accepted_and_followed(manager: Any) -> None:
    case, offer = opened(), OfferFactory(seats=1)
    advisor = advisor_of(offer.structure)
    referral = actions.propose(by=manager, case=case, offer_id=offer.pk)
    case.refresh_from_db()
    assert case.next_on == referral.answer_by
    actions.accept(by=advisor, referral=referral)
    case.refresh_from_db()
    assert case.owner == offer.structure
    with pytest.raises(Refusal, match="no free seat"):
        actions.propose(by=manager, case=opened(), offer_id=offer.pk)
    actions.end_support(by=advisor, referral=referral)
    assert actions.propose(by=manager, case=opened(), offer_id=offer.pk).pk


def test_only_the_structure_answers_for_itself(manager: Any) -> None:
    referral = ReferralFactory()
    stranger = advisor_of(OfferFactory().structure)
    for deed in (actions.accept, lambda **to: actions.decline(reason="No", **to)):
        with pytest.raises(PermissionDenied):
            deed(by=stranger, referral=referral)
    referral.refresh_from_db()
    assert referral.state == "proposed"


def test_declining_says_why_and_calls_the_front_desk(manager: Any) -> None:
    referral = ReferralFactory()
    advisor = advisor_of(referral.structure)
    with pytest.raises(Refusal) as refusal:
        actions.decline(by=advisor, referral=referral, reason="  ")
    assert refusal.value.field == "reason"
    actions.decline(by=advisor, referral=referral, reason="Not our field.")
    referral.case.refresh_from_db()
    assert referral.case.next_on == today()
    with pytest.raises(Refusal, match="answered meanwhile"):
        actions.accept(by=advisor, referral=referral)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_seat_one_is_told() -> None:
    offer = OfferFactory(seats=2)
    advisor = advisor_of(offer.structure)
    asked = ReferralFactory(offer=offer), ReferralFactory(offer=offer)
    Offer.objects.update(seats=1)
    results = race(*(lambda one=one: actions.accept(by=advisor, referral=one) for one in asked))
    assert sorted(isinstance(result, Referral) for result in results) == [False, True]
    assert sum(isinstance(result, Refusal) for result in results) == 1
    assert Referral.objects.filter(state="accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_proposal_sent_twice_at_once_is_one() -> None:
    manager, case, offer = person(Role.PROGRAMME_MANAGER), opened(), OfferFactory()
    race(*[lambda: actions.propose(by=manager, case=case, offer_id=offer.pk)] * 5)
    assert Referral.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_is_proposed_once() -> None:
    manager, offer = person(Role.PROGRAMME_MANAGER), OfferFactory(seats=1)
    cases = [opened() for _number in range(5)]
    results = race(
        *(lambda one=one: actions.propose(by=manager, case=one, offer_id=offer.pk) for one in cases)
    )
    assert sum(isinstance(result, Refusal) for result in results) == 4
    assert Referral.objects.count() == 1


def test_stages_follow_one_another(manager: Any) -> None:
    case = opened()
    actions.move(by=manager, case=case, stage=Stage.INCUBATION, on=date(2018, 5, 1))
    first, second = CaseStage.objects.order_by("began_on")
    assert (first.ended_on, first.completed, second.stage) == (
        date(2018, 5, 1),
        True,
        "incubation",
    )
    with pytest.raises(Refusal, match="already at this stage"):
        actions.move(by=manager, case=case, stage=Stage.INCUBATION)
    with pytest.raises(Refusal, match="1\u00a0May 2018"):
        actions.move(by=manager, case=case, stage=Stage.ACCELERATION, on=date(2018, 4, 1))


def test_who_comes_second_overwrites_nothing(manager: Any) -> None:
    case = opened()
    day = today() + timedelta(days=2)
    actions.plan_next(by=manager, case=case, version=1, next_on=day, next_step="Call")
    with pytest.raises(Refusal, match="Call"):
        actions.plan_next(by=manager, case=case, version=1, next_on=day, next_step="Write")
    case.refresh_from_db()
    assert (case.next_step, case.version) == ("Call", 2)


def test_the_next_step_is_to_come_and_somebody_s(manager: Any) -> None:
    case = opened()
    with pytest.raises(Refusal) as refusal:
        actions.plan_next(by=manager, case=case, version=1, next_on=date(2018, 1, 1))
    assert refusal.value.field == "next_on"
    # Put off for ever, a project would be lost.
    with pytest.raises(Refusal, match="within a year"):
        actions.plan_next(by=manager, case=case, version=1, next_on=date(9999, 12, 31))
    with pytest.raises(Refusal) as refusal:
        actions.plan_next(
            by=manager, case=case, version=1, next_on=today(), responsible=person(Role.MEMBER)
        )
    assert refusal.value.field == "responsible"


def outcome(by: Any, case: Case, **fields: Any) -> Outcome:
    given = {
        "kind": OutcomeKind.JOBS_CREATED,
        "on": date(2019, 2, 1),
        "evidence": "Contract",
        "verified": Verified.DOCUMENT,
    }
    return actions.record_outcome(by=by, case=case, **(given | fields))


def test_an_outcome_is_recorded_once(manager: Any) -> None:
    case, key = opened(), uuid.uuid4()
    assert outcome(manager, case, request_key=key) == outcome(manager, case, request_key=key)
    with pytest.raises(Refusal, match="recorded already"):
        outcome(manager, case)
    outcome(manager, case, kind=OutcomeKind.BUSINESS_CREATED)
    with pytest.raises(Refusal, match="counts once"):
        outcome(manager, case, kind=OutcomeKind.BUSINESS_CREATED, on=date(2019, 3, 1))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"on": date(2017, 1, 1)}, "on"),
        ({"on": date(2999, 1, 1)}, "on"),
        ({"count": 0}, "count"),
        ({"fte": 2}, "fte"),
        ({"evidence": " "}, "evidence"),
        ({"kind": OutcomeKind.BUSINESS_CREATED, "count": 2}, "count"),
    ],
)
def test_what_did_not_come_of_it(manager: Any, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        outcome(manager, opened(), **fields)
    assert refusal.value.field == field
    assert not Outcome.objects.exists()


def test_a_structure_answers_before_it_moves_or_counts(manager: Any) -> None:
    case, offer = opened(), OfferFactory()
    referral = actions.propose(by=manager, case=case, offer_id=offer.pk)
    advisor = advisor_of(offer.structure)
    with pytest.raises(Refusal, match="not answered yet"):
        actions.move(by=advisor, case=case, stage=Stage.INCUBATION)
    with pytest.raises(Refusal, match="not answered yet"):
        outcome(advisor, case)
    assert not Outcome.objects.exists()
    actions.accept(by=advisor, referral=referral)
    actions.move(by=advisor, case=case, stage=Stage.INCUBATION)
    assert outcome(advisor, case).pk


def test_an_outcome_recorded_by_mistake_is_withdrawn_for_a_reason(manager: Any) -> None:
    case = opened()
    made = outcome(manager, case, kind=OutcomeKind.BUSINESS_CREATED)
    for reason in ("", " "):
        with pytest.raises(Refusal) as refusal:
            actions.withdraw_outcome(by=manager, outcome=made, reason=reason)
        assert refusal.value.field == "why"
    for reason in (" Another project’s ", "Again"):
        made = actions.withdraw_outcome(by=manager, outcome=made, reason=reason)
        assert (made.withdrawn_on, made.withdrawal_reason) == (today(), "Another project’s")
    (events,) = event_models(tracks_model=Outcome)
    assert events.objects.filter(pgh_obj_id=made.pk).count() == 2
    # The same may be recorded again, and counts once more.
    assert outcome(manager, case, kind=OutcomeKind.BUSINESS_CREATED) != made


def test_who_withdraws_an_outcome(manager: Any) -> None:
    case = opened()
    helps = ReferralFactory(case=case, state="accepted").structure
    theirs, other = advisor_of(helps), advisor_of(helps)
    made = outcome(theirs, case)
    with pytest.raises(PermissionDenied):
        actions.withdraw_outcome(by=other, outcome=made, reason="Not ours")
    stranger = advisor_of(OrganisationFactory())
    with pytest.raises(PermissionDenied):
        actions.withdraw_outcome(by=stranger, outcome=made, reason="Not ours")
    actions.close(by=manager, case=case, closing=Closing.STOPPED)
    actions.withdraw_outcome(by=theirs, outcome=made, reason="Hired elsewhere")
    made.refresh_from_db()
    assert made.withdrawn_on is not None


@pytest.mark.django_db(transaction=True)
def test_an_outcome_withdrawn_twice_at_once_is_withdrawn_once(manager: Any) -> None:
    made = outcome(manager, opened())
    reasons = ["One", "Two"]
    race(
        *(
            lambda reason=reason: actions.withdraw_outcome(by=manager, outcome=made, reason=reason)
            for reason in reasons
        )
    )
    made.refresh_from_db()
    assert made.withdrawal_reason in reasons
    (events,) = event_models(tracks_model=Outcome)
    assert events.objects.filter(pgh_obj_id=made.pk).count() == 2


def test_closing_ends_everything_that_ran(manager: Any) -> None:
    case = opened()
    helped, asked = ReferralFactory(case=case, state="accepted"), ReferralFactory(case=case)
    actions.close(by=manager, case=case, closing=Closing.STOPPED)
    for one in (helped, asked, case):
        one.refresh_from_db()
    assert (helped.state, asked.state, case.next_on) == ("ended", "declined", None)
    assert not CaseStage.objects.get(case=case).completed
    with pytest.raises(Refusal, match="is closed"):
        actions.note(by=manager, case=case, text="Too late")


def test_a_case_of_others_is_left_alone(manager: Any) -> None:
    case, stranger = opened(), person(Role.ADVISOR)
    for deed in (
        lambda: actions.note(by=stranger, case=case, text="Hello"),
        lambda: actions.move(by=stranger, case=case, stage=Stage.INCUBATION),
        lambda: actions.close(by=stranger, case=case, closing=Closing.DONE),
        lambda: outcome(stranger, case),
        lambda: actions.propose(by=stranger, case=case, offer_id=OfferFactory().pk),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_contacts_are_recorded_once_and_never_ahead(db: None) -> None:
    advisor, key = person(Role.ADVISOR), uuid.uuid4()
    given = {"by": advisor, "channel": Channel.PHONE, "subject": "A place", "request_key": key}
    assert actions.record_contact(**given) == actions.record_contact(**given)
    assert DeskContact.objects.count() == 1
    for day in (date(2999, 1, 1), date(1989, 12, 31), date(20, 11, 23)):
        with pytest.raises(Refusal) as refusal:
            actions.record_contact(**(given | {"on": day}))
        assert refusal.value.field == "on"
    with pytest.raises(PermissionDenied):
        actions.record_contact(**(given | {"by": person(Role.MEMBER)}))


def test_an_offer_is_changed_by_its_own_people_only(db: None) -> None:
    offer = OfferFactory()
    given = {
        "title": "New",
        "stages": [Stage.IDEA],
        "needs": ["advice"],
        "seats": 2,
        "starts": date(2018, 1, 1),
        "offer": offer,
    }
    own = advisor_of(offer.structure)
    actions.offer_support(by=own, structure_id=offer.structure_id, **given)
    with pytest.raises(Refusal) as refusal:
        actions.offer_support(
            by=own, structure_id=offer.structure_id, **(given | {"starts": date(20, 11, 23)})
        )
    assert refusal.value.field == "starts"
    offer.refresh_from_db()
    assert (offer.title, offer.seats) == ("New", 2)
    stranger = person(Role.ADVISOR)
    theirs = next(iter(stranger.roles()))[1]
    for structure in (offer.structure_id, theirs):
        with pytest.raises(PermissionDenied):
            actions.offer_support(by=stranger, structure_id=structure, **given)


def test_forgetting_leaves_the_project_without_a_name(door: FrontDoor) -> None:
    user = UserFactory(email="ada@example.org")
    case = actions.ask(**request(summary="About Ada", siret="11122233344455"))
    actions.forget_person(user)
    case.refresh_from_db()
    assert case.title == "The paper orchestra"
    kept = str(Case.objects.values().get(pk=case.pk))
    for events in event_models(tracks_model=Case):
        kept += str(list(events.objects.values()))
    for canary in ("ada@example.org", "'Ada'", "About Ada", "11122233344455"):
        assert canary not in kept


def test_cases_closed_long_ago_lose_their_names(db: None) -> None:
    closed = {"next_on": None, "closing": "done"}
    old = CaseFactory(closed_on=date(2018, 2, 1), **closed)
    young = CaseFactory(closed_on=date(2019, 2, 2), **closed)
    assert actions.forget_old_contacts(on=date(2021, 2, 1)) == 1
    assert not Case.objects.get(pk=old.pk).contact_email
    assert Case.objects.get(pk=young.pk).contact_email


def test_a_form_sent_again_with_other_words_is_never_swallowed(manager: Any) -> None:
    """Whoever goes back in their browser sends the same key again."""
    case, key, offer = opened(), uuid.uuid4(), OfferFactory()
    given = {"by": manager, "request_key": key}
    note = given | {"case": case, "text": "One"}
    away = given | {"structure_id": offer.structure_id, "starts": today(), "ends": today()}
    contact = given | {"channel": Channel.PHONE, "subject": "A place"}
    deeds: list[tuple[Any, dict[str, Any], dict[str, Any]]] = [
        (actions.note, note, {"text": "Two"}),
        (actions.declare_absence, away, {"ends": today() + timedelta(days=1)}),
        (actions.record_contact, contact, {"oriented_to_id": offer.structure_id}),
        (partial(outcome, manager, case), {"request_key": key}, {"count": 2}),
    ]
    for deed, said, other in deeds:
        assert deed(**said) == deed(**said)
        with pytest.raises(SentOtherwise):
            deed(**(said | other))


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [(0, 367, "A year at most"), (-9, -1, "over already"), (0, -1, "before it starts")],
)
def test_an_absence_that_can_only_be_a_slip_is_told(
    manager: Any, starts: int, ends: int, told: str
) -> None:
    days = [today() + timedelta(days=each) for each in (starts, ends)]
    with pytest.raises(Refusal, match=told) as refusal:
        actions.declare_absence(
            by=manager, structure_id=OfferFactory().structure_id, starts=days[0], ends=days[1]
        )
    assert refusal.value.field == "ends"


def test_an_absence_is_ended_by_its_own_people(db: None) -> None:
    offer, yesterday = OfferFactory(), today() - timedelta(days=1)
    given = {"structure": offer.structure, "ends": today() + timedelta(days=9)}
    begun = Absence.objects.create(starts=yesterday, **given)
    coming = Absence.objects.create(starts=today(), **given)
    people, others = advisor_of(offer.structure), advisor_of(OrganisationFactory())
    with pytest.raises(PermissionDenied):
        actions.end_absence(by=others, absence=begun)
    assert running(today()).get(pk=offer.pk).away
    for _time in range(2):
        actions.end_absence(by=people, absence=begun)
        actions.end_absence(by=people, absence=coming)
    assert not running(today()).get(pk=offer.pk).away
    assert list(Absence.objects.values_list("ends", flat=True)) == [yesterday]
