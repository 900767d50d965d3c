"""The front desk's letters: once for each event, in the reader's language, while they hold."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from diapason.desk import actions
from diapason.desk.actions import write_letter
from diapason.desk.contracts import Closing, Rhythm, Satisfied
from diapason.desk.models import Case, FrontDoor, LetterChoice, Referral
from diapason.desk.tasks import digests, remind
from diapason.directory.contracts import Role
from diapason.directory.models import Membership
from diapason.kernel import clock, jobs
from diapason.kernel.clock import today
from diapason.kernel.refusals import Refusal
from tests.desk.factories import (
    CaseFactory,
    CaseStageFactory,
    FrontDoorFactory,
    OfferFactory,
    ReferralFactory,
)
from tests.desk.factories import (
    request as a_request,
)
from tests.directory.factories import MembershipFactory, UserFactory, person
from tests.plan.racing import race


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def no_jobs(request: Any) -> None:
    """The queue's tables are not emptied between tests that commit."""
    request.getfixturevalue("transactional_db" if _commits(request) else "db")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def _commits(request: Any) -> bool:
    mark = request.node.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction"))


def advisor_of(organisation: Any, **fields: Any) -> Any:
    user = UserFactory(**{"language": "en", **fields})
    return MembershipFactory(user=user, organisation=organisation, role=Role.ADVISOR).user


def asked_for(kind: str) -> list[dict[str, Any]]:
    jobs_ = ProcrastinateJob.objects.filter(task_name="desk.write_letter").order_by("id")
    return [one.args for one in jobs_ if one.args["kind"] == kind]


def leave(kind: str) -> list[Any]:
    """The letters of a kind, as they leave when their jobs run."""
    outbox.outbox.clear()
    for arguments in asked_for(kind):
        write_letter(**arguments)
    return list(outbox.outbox)


def opened(**fields: Any) -> Case:
    case = CaseFactory(**({"next_on": today()} | fields))
    CaseStageFactory(case=case)
    return case


def test_who_asks_gets_their_personal_link_in_their_language() -> None:
    FrontDoorFactory()
    case = actions.ask(**a_request(language="fr"))
    (letter,) = leave("asked")
    assert letter.to == ["ada@example.org"]
    assert letter.subject == "Votre demande «\xa0The paper orchestra\xa0» est arrivée"
    link = re.search(r"http\S+/project/\w+/", letter.body)
    assert link is not None
    path = "/" + link[0].split("//", 1)[1].partition("/")[2]
    assert "The paper orchestra" in Client().get(path).content.decode()
    assert actions.personal_secret(case.request_key) in link[0]
    # Neither the queue nor its table holds the link or the address.
    kept = ProcrastinateJob.objects.filter(task_name="desk.write_letter")
    held = str(list(kept.values_list("args", flat=True)))
    assert actions.personal_secret(case.request_key) not in held
    assert "ada@example.org" not in held


def test_200_identical_requests_send_one_letter() -> None:
    FrontDoorFactory()
    asked = a_request(request_key=uuid.UUID(int=200))
    for _time in range(200):
        actions.ask(**asked)
    assert (Case.objects.count(), len(asked_for("asked"))) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_identical_requests_at_once_send_one_letter() -> None:
    FrontDoorFactory()
    deed = partial(actions.ask, **a_request(request_key=uuid.UUID(int=201)))
    made = race(*[deed] * 6)
    assert len({one.pk for one in made}) == 1
    assert len(asked_for("asked")) == 1


@pytest.mark.django_db(transaction=True)
def test_a_letter_whose_job_runs_twice_leaves_once() -> None:
    FrontDoorFactory()
    actions.ask(**a_request())
    jobs.run_waiting()
    assert len(outbox.outbox) == 1
    # A worker that died after its job: the reaper puts the job back.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'todo'")
    jobs.run_waiting()
    assert len(outbox.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_fails_half_way_is_tried_again_and_says_the_same(settings: Any) -> None:
    FrontDoorFactory()
    actions.ask(**a_request())
    settings.EMAIL_BACKEND = "nowhere.at.all"
    jobs.run_waiting()
    assert not outbox.outbox
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    first = leave("asked")[0].extra_headers["Message-ID"]
    assert leave("asked")[0].extra_headers["Message-ID"] == first


def test_nobody_writes_to_who_withdrew() -> None:
    FrontDoorFactory()
    case = actions.ask(**a_request())
    actions.forget_contact(case=case)
    assert not leave("asked")


def test_a_structure_is_told_of_a_project_and_the_owner_of_its_answer() -> None:
    case, offer = opened(title="Echoes", language="en"), OfferFactory()
    helper = advisor_of(offer.structure)
    actions.propose(by=person(Role.PROGRAMME_MANAGER), case=case, offer_id=offer.pk)
    (letter,) = leave("proposed")
    assert letter.to == [helper.email]
    assert "Echoes" in letter.subject
    assert f"/en/workspace/cases/{case.pk}/" in letter.body
    actions.accept(by=helper, referral=Referral.objects.get())
    (letter,) = leave("accepted")
    assert (letter.to, "helps with your project" in letter.subject) == ([case.contact_email], True)
    # Answered meanwhile: the first letter would no longer leave.
    assert not leave("proposed")


@pytest.mark.parametrize("gone", ["left", "closed"])
def test_nobody_writes_to_who_left(gone: str) -> None:
    case, offer = opened(), OfferFactory()
    helper = advisor_of(offer.structure)
    actions.propose(by=person(Role.PROGRAMME_MANAGER), case=case, offer_id=offer.pk)
    if gone == "left":
        Membership.objects.filter(user=helper).update(ends=today())
    else:
        helper.is_active = False
        helper.save()
    assert len(asked_for("proposed")) == 1
    assert not leave("proposed")


def test_a_message_is_told_to_everybody_else_who_takes_part() -> None:
    referral = ReferralFactory(case=opened(language="en"), state="accepted")
    case = referral.case
    helper, in_charge = advisor_of(referral.structure), advisor_of(case.owner)
    actions.write_message(case=case, text="Where do I sign?")
    assert {letter.to[0] for letter in leave("message")} == {helper.email, in_charge.email}
    assert "Where do I sign?" in outbox.outbox[0].body
    assert not leave("message_to_owner")
    actions.write_message(case=case, by=helper, text="Here & now.")
    (letter,) = leave("message_to_owner")
    assert letter.to == [case.contact_email]
    assert "Here & now." in letter.body
    assert "Here &amp; now." in letter.alternatives[0].content
    actions.forget_contact(case=case)
    assert not leave("message")


def test_a_letter_tells_of_a_document_before_it_quotes(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    referral = ReferralFactory(case=opened(language="en"), state="accepted")
    helper = advisor_of(referral.structure)
    paper = SimpleUploadedFile("paper.csv", b"a;b\n1;2\n")
    actions.write_message(case=referral.case, text="Sign here.", document=paper)
    [letter] = [one for one in leave("message") if one.to == [helper.email]]
    attached = letter.body.index("The project’s owner attached a document")
    assert attached < letter.body.index("The project’s owner wrote:\n\nSign here.")


def test_the_question_at_the_end_is_asked_by_letter() -> None:
    case = opened(language="en")
    actions.close(by=person(Role.PROGRAMME_MANAGER), case=case, closing=Closing.DONE)
    (letter,) = leave("closed")
    assert letter.subject == "One question about the help you got"
    actions.answer_satisfaction(case=case, answer=Satisfied.VERY)


def test_reminders_come_at_the_chosen_days_each_once() -> None:
    FrontDoorFactory(remind_after=[3, 7])
    referral = ReferralFactory(case=opened(), proposed_on=today() - timedelta(days=2))
    advisor_of(referral.structure)
    start = referral.proposed_on

    def reminded(days: int) -> int:
        before = len(asked_for("reminder"))
        for _twice in range(2):
            actions.remind_of_proposals(on=start + timedelta(days=days))
        return len(asked_for("reminder")) - before

    # Each day once; the job that did not run on the day catches up, with one letter.
    assert [reminded(days) for days in (2, 3, 4, 8, 9, 30)] == [0, 1, 0, 1, 0, 0]


def test_a_reminders_dates_are_computed_when_it_is_sent(monkeypatch: Any) -> None:
    FrontDoorFactory(remind_after=[1])
    referral = ReferralFactory(case=opened(), proposed_on=today() - timedelta(days=1))
    advisor_of(referral.structure)
    remind()
    day = today() + timedelta(days=4)
    monkeypatch.setattr(clock, "today", lambda: day)
    (letter,) = leave("reminder")
    assert "waited for your answer for 5 days" in letter.body
    Referral.objects.update(state="declined", answered_on=today(), reason="Full.")
    assert not leave("reminder")


def test_a_manager_chooses_the_days_of_reminders() -> None:
    manager = person(Role.PROGRAMME_MANAGER)
    with pytest.raises(Refusal, match="front door"):
        actions.choose_reminders(by=manager, days=[1])
    door = FrontDoorFactory()
    for days in ([0], [61], [1, 2, 3, 4, 5, 6]):
        with pytest.raises(Refusal, match="At most"):
            actions.choose_reminders(by=manager, days=days)
    client = Client(headers={"accept-language": "en"})
    client.force_login(manager)
    given = {"organisation": door.organisation_id, "remind_after": "10, 2;5"}
    client.post("/en/workspace/front-door/", given)
    assert FrontDoor.objects.get().remind_after == [2, 5, 10]
    page = client.post("/en/workspace/front-door/", given | {"remind_after": "soon"})
    assert "Write numbers of days" in page.content.decode()


MONDAY = date(2026, 11, 23)


def test_the_digest_tells_what_is_late_as_often_as_each_person_chose() -> None:
    case = opened(title="Echoes", next_on=today() - timedelta(days=2), next_step="Call")
    advisor = advisor_of(case.owner)
    referral = ReferralFactory(
        case=opened(title="Lava"),
        offer=OfferFactory(structure=case.owner),
        proposed_on=today() - timedelta(days=20),
        answer_by=today() - timedelta(days=13),
    )
    asking = opened(title="Strings", owner=case.owner)
    actions.write_message(case=asking, text="Hello?")
    nothing_late = person(Role.ADVISOR)
    actions.send_digests(on=MONDAY)
    actions.send_digests(on=MONDAY)
    assert len(asked_for("digest")) == 2
    (letter,) = leave("digest")
    assert letter.to == [advisor.email]
    assert letter.subject == "3 things are late on your cases"
    for title in ("Echoes", "Lava", "Strings"):
        assert title in letter.body
    assert "Call" in letter.body
    assert referral.answer_by.strftime("%Y") in letter.body
    # The day after, only who wants it each day.
    actions.choose_letters(by=nothing_late, digest=Rhythm.NEVER)
    actions.choose_letters(by=advisor, digest=Rhythm.DAILY)
    actions.send_digests(on=MONDAY + timedelta(days=1))
    actions.send_digests(on=MONDAY + timedelta(days=5))
    actions.send_digests(on=MONDAY + timedelta(days=7))
    assert len(asked_for("digest")) == 4
    digests()


def test_a_person_chooses_on_their_page_and_takes_it_along() -> None:
    advisor = person(Role.ADVISOR)
    client = Client(headers={"accept-language": "en"})
    client.force_login(advisor)
    assert "Each Monday" in client.get("/en/workspace/letters/").content.decode()
    client.post("/en/workspace/letters/", {"digest": "daily"})
    assert LetterChoice.objects.get().digest == "daily"
    actions.forget_person(advisor)
    assert not LetterChoice.objects.exists()
