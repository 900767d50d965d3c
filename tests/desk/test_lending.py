"""Hours and seats that structures lend each other, their balance, and what nobody has."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.translation import override

from diapason.desk import actions
from diapason.desk.contracts import Closing, Need
from diapason.desk.models import Case, HoursUsed, Loan, Offer
from diapason.desk.offers import loans_asked
from diapason.desk.queries import sharing
from diapason.desk.queries.cases import visible_to
from diapason.desk.queries.support import running
from diapason.directory.contracts import Role
from diapason.kernel.clock import today
from diapason.kernel.refusals import Refusal
from tests.desk.factories import (
    CaseFactory,
    CaseStageFactory,
    HoursUsedFactory,
    LoanFactory,
    OfferFactory,
    ReferralFactory,
)
from tests.directory.factories import MembershipFactory, OrganisationFactory, person
from tests.plan.racing import race


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def advisor_of(organisation: Any) -> Any:
    return MembershipFactory(organisation=organisation, role=Role.ADVISOR).user


def opened() -> Case:
    case = CaseFactory()
    CaseStageFactory(case=case)
    return case


def signed_in(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def ask(by: Any, case: Case, lender: Any, **fields: Any) -> Loan:
    given = {"need": Need.LEGAL, "hours": Decimal(10), "request_key": uuid.uuid4()}
    return actions.ask_loan(by=by, case=case, lender_id=lender.pk, **given | fields)


def record(by: Any, loan: Loan, hours: str = "2.5", **fields: Any) -> HoursUsed:
    given = {"what": "Read the lease", "on": today(), "request_key": uuid.uuid4()}
    return actions.record_hours(by=by, loan=loan, hours=Decimal(hours), **given | fields)


@pytest.mark.django_db
def test_hours_are_asked_for_lent_and_used() -> None:
    case, lender = opened(), OrganisationFactory()
    leader, helper = advisor_of(case.owner), advisor_of(lender)
    assert not visible_to(helper).exists()
    loan = ask(leader, case, lender)
    assert (loan.borrower, loan.state) == (case.owner, "asked")
    # The lender sees the case from then on, and what it has to answer.
    assert list(visible_to(helper)) == [case]
    assert [item.title for item in loans_asked(helper)] == [f"Lend hours to “{case.title}”?"]
    with pytest.raises(PermissionDenied):
        actions.agree_loan(by=leader, loan=loan)
    actions.agree_loan(by=helper, loan=loan)
    assert list(loans_asked(helper)) == []
    record(helper, loan)
    record(leader, loan, "7.5")
    with pytest.raises(Refusal, match="0 hours are left of the 10") as refusal:
        record(helper, loan, "0.25")
    assert refusal.value.field == "hours"
    actions.end_loan(by=leader, loan=loan)
    with pytest.raises(Refusal, match="has ended"):
        record(helper, loan)


@pytest.mark.django_db
def test_what_cannot_be_asked_or_recorded() -> None:
    case, lender = opened(), OrganisationFactory()
    leader, helper = advisor_of(case.owner), advisor_of(lender)
    with pytest.raises(Refusal, match="leads the project"):
        ask(leader, case, case.owner)
    with pytest.raises(Refusal, match="another structure"):
        ask(leader, case, lender, offer_id=OfferFactory().pk)
    with pytest.raises(Refusal, match="quarter of an hour"):
        ask(leader, case, lender, hours=Decimal(0))
    with pytest.raises(PermissionDenied):
        ask(helper, case, lender)
    loan = ask(leader, case, lender)
    with pytest.raises(Refusal, match="already asked"):
        ask(leader, case, lender)
    with pytest.raises(Refusal, match="meanwhile"):
        record(helper, loan)
    with pytest.raises(Refusal, match="Say why"):
        actions.refuse_loan(by=helper, loan=loan, reason=" ")
    actions.agree_loan(by=helper, loan=loan)
    for on, words in ((today() + timedelta(days=1), "future"), (date(2018, 1, 1), "were lent on")):
        with pytest.raises(Refusal, match=words):
            record(helper, loan, on=on)
    with pytest.raises(Refusal, match="meanwhile"):
        actions.refuse_loan(by=helper, loan=loan, reason="No time.")


@pytest.mark.django_db
def test_a_refused_case_is_gone_for_the_lender() -> None:
    case, lender = opened(), OrganisationFactory()
    helper = advisor_of(lender)
    loan = ask(advisor_of(case.owner), case, lender)
    actions.refuse_loan(by=helper, loan=loan, reason="No time.")
    assert not visible_to(helper).exists()


@pytest.mark.django_db
def test_a_seat_that_is_lent_is_taken() -> None:
    case, offer = opened(), OfferFactory(seats=1)
    leader, helper = advisor_of(case.owner), advisor_of(offer.structure)
    loan = ask(leader, case, offer.structure, offer_id=offer.pk)
    assert running(today()).get().free == 1
    actions.agree_loan(by=helper, loan=loan)
    assert running(today()).get().free == 0
    manager = person(Role.PROGRAMME_MANAGER)
    with pytest.raises(Refusal, match="no free seat"):
        actions.propose(by=manager, case=opened(), offer_id=offer.pk)
    other = ask(manager, opened(), offer.structure, offer_id=offer.pk)
    with pytest.raises(Refusal, match="No seat is free"):
        actions.agree_loan(by=helper, loan=other)
    # Closing the case gives it back, and withdraws what awaits an answer.
    waits = ask(leader, case, OrganisationFactory())
    actions.close(by=manager, case=case, closing=Closing.DONE)
    assert running(today()).get().free == 1
    waits.refresh_from_db()
    assert waits.state == "refused"


@pytest.mark.django_db
def test_the_database_refuses_a_seat_too_many_and_hours_that_were_not_lent() -> None:
    offer = OfferFactory(seats=1)
    proposed = ReferralFactory(offer=offer)
    loan = LoanFactory(state="asked", offer=offer, lender=offer.structure, hours=3)
    agree = "UPDATE desk_loan SET state = 'agreed', answered_on = now() WHERE id = %s"
    refused = [(agree, loan.pk)]
    Loan.objects.update(offer=None)
    plain = LoanFactory(hours=3)
    use = HoursUsedFactory(loan=plain, hours=2)
    refused += [
        ("UPDATE desk_hoursused SET hours = 3.25 WHERE id = %s", use.pk),
        ("UPDATE desk_hoursused SET hours = 0 WHERE id = %s", use.pk),
        ("UPDATE desk_hoursused SET what = '' WHERE id = %s", use.pk),
        ("UPDATE desk_loan SET lender_id = borrower_id WHERE id = %s", plain.pk),
        ("UPDATE desk_loan SET hours = 0 WHERE id = %s", plain.pk),
        ("UPDATE desk_loan SET answered_on = NULL WHERE id = %s", plain.pk),
        ("UPDATE desk_loan SET state = 'refused' WHERE id = %s", plain.pk),
        ("UPDATE desk_loan SET state = 'lost' WHERE id = %s", plain.pk),
    ]
    Loan.objects.filter(pk=loan.pk).update(offer=offer)
    for sql, key in refused:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [key])
    Offer.objects.update(seats=2)
    with connection.cursor() as cursor:
        cursor.execute(agree, [loan.pk])
    # The lent seat counts for projects too.
    Offer.objects.update(seats=1)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE desk_referral SET state = 'accepted', answered_on = now() WHERE id = %s",
            [proposed.pk],
        )


@pytest.mark.django_db(transaction=True)
def test_hours_recorded_at_once_never_exceed_what_is_lent() -> None:
    loan = LoanFactory(hours=5)
    helper = advisor_of(loan.lender)
    results = race(*[lambda: record(helper, loan, "2") for _number in range(6)])
    assert sum(isinstance(result, HoursUsed) for result in results) == 2
    key = uuid.uuid4()
    same = race(*[lambda: record(helper, loan, "1", request_key=key).pk] * 4)
    assert len(set(same)) == 1


@pytest.mark.django_db
def test_the_balance_between_two_partners() -> None:
    hive, forge = (
        OrganisationFactory(name={"en": "Hive"}),
        OrganisationFactory(name={"en": "Forge"}),
    )
    given = LoanFactory(case=CaseFactory(owner=forge), lender=hive, hours=20)
    back = LoanFactory(case=CaseFactory(owner=hive), lender=forge, hours=6, state="agreed")
    HoursUsedFactory(loan=given, hours=12)
    HoursUsedFactory(loan=back, hours=4)
    Loan.objects.filter(pk=back.pk).update(state="ended", ended_on=date(2018, 9, 1))
    LoanFactory(lender=hive, case=CaseFactory(owner=forge), state="asked")
    found = sharing.balances()
    assert [(one.giver, one.taker, one.given, one.returned, one.promised) for one in found] == [
        ("Hive", "Forge", 12, 4, 8)
    ]
    assert found[0].difference == 8


@pytest.mark.django_db
def test_of_two_who_gave_as_much_who_promises_more_stands_first() -> None:
    older, younger = (OrganisationFactory(name={"en": name}) for name in ("Older", "Younger"))
    LoanFactory(case=CaseFactory(owner=older), lender=younger, hours=3)
    [found] = sharing.balances()
    assert (found.giver, found.taker, found.promised) == ("Younger", "Older", 3)


@pytest.mark.django_db
def test_skills_that_nobody_has() -> None:
    offer = OfferFactory(stages=["idea"], needs=["advice"])
    CaseFactory(stage="idea", needs=["advice", "legal"], opened_on=date(2018, 3, 1))
    CaseFactory(stage="incubation", needs=["legal", "advice"], opened_on=date(2018, 2, 1))
    ReferralFactory(case=CaseFactory(needs=["funding"]), offer=offer, state="accepted")
    LoanFactory(need="legal", case=CaseFactory(needs=["advice"]))
    found = {one.need: one for one in sharing.skills_to_hire(today())}
    assert set(found) == {"legal", "advice"}
    legal, advice = found["legal"], found["advice"]
    assert (legal.projects, legal.since, legal.nowhere, legal.lent) == (
        2,
        date(2018, 2, 1),
        True,
        True,
    )
    assert (advice.projects, advice.nowhere, [str(one) for one in advice.stages]) == (
        1,
        False,
        ["Incubation"],
    )


@pytest.mark.django_db
def test_from_the_pages_of_both_structures() -> None:
    case, lender = opened(), OrganisationFactory(name={"en": "The Hive"})
    leader, helper = signed_in(advisor_of(case.owner)), signed_in(advisor_of(lender))
    page = f"/en/workspace/cases/{case.pk}/lending/"
    assert helper.get(page).status_code == 404
    wrong = leader.post(page, {"act": "ask", "lender": lender.pk, "need": "legal", "hours": "x"})
    assert "Enter a number" in wrong.content.decode()
    for hours in ("0", "-3", "99999"):
        given = {"act": "ask", "lender": lender.pk, "need": "legal", "hours": hours}
        [told] = leader.post(page, given).context["asking"].errors["hours"]
        assert told == "From a quarter of an hour to 2,000 hours."
    asked = {"act": "ask", "lender": lender.pk, "need": "legal", "hours": "3"}
    key = str(uuid.uuid4())
    for _time in range(2):
        leader.post(page, asked | {"request_key": key})
    loan = Loan.objects.get()
    refused = helper.post(page, {"act": "refuse", "loan": loan.pk, "reason": ""})
    assert "Say why" in refused.content.decode()
    assert (
        "Only the two structures"
        in leader.post(page, {"act": "agree", "loan": loan.pk}).content.decode()
    )
    helper.post(page, {"act": "agree", "loan": loan.pk})
    used = {"act": "hours", "loan": loan.pk, "what": "A contract", "on": today().isoformat()}
    too_many = helper.post(page, used | {"hours": "4"}).content.decode()
    assert "3 hours are left of the 3" in too_many
    assert 'value="A contract"' in too_many
    helper.post(page, used | {"hours": "1.5"})
    shown = leader.get(page).content.decode()
    assert "1.5 of 3 h used" in re.sub(r"\s+", " ", shown)
    helper.post(page, {"act": "end", "loan": loan.pk})
    assert leader.post(page, {"act": "odd", "loan": "9" * 30}).status_code in {200, 404}
    board = leader.get("/en/workspace/capacity/sharing/").content.decode()
    assert "The Hive" in board
    assert case.title in board
    stranger = signed_in(advisor_of(OrganisationFactory()))
    assert case.title not in stranger.get("/en/workspace/capacity/sharing/").content.decode()
