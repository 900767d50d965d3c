"""Writes of the observatory: surveys, letters, answers."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pghistory
import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from procrastinate.contrib.django.models import ProcrastinateJob

from diapason.kernel import clock, drafts
from diapason.kernel.refusals import Refusal
from diapason.observatory import actions
from diapason.observatory.actions.letters import write_letter
from diapason.observatory.contracts import Question, Standing, Status
from diapason.observatory.models import Answer, Campaign, Invitation
from diapason.observatory.queries import surveys
from diapason.observatory.tasks import remind
from tests.directory.factories import (
    ContactFactory,
    OrganisationFactory,
)
from tests.observatory.factories import (
    AnswerFactory,
    InvitationFactory,
)
from tests.observatory.people import GOOD, advisor, english, manager, running

__all__ = ["advisor", "english", "manager", "running"]  # fixtures

pytestmark = pytest.mark.django_db


def letters() -> list[dict[str, Any]]:
    """What the letters that were asked for say, once they leave; asked for by ids alone."""
    mail.outbox.clear()
    mine = list(Invitation.objects.values_list("pk", flat=True))
    asked = ProcrastinateJob.objects.filter(
        task_name="observatory.write_letter", args__invitation__in=mine
    ).order_by("pk")
    for job in asked:
        assert job.args.keys() == {"invitation", "template", "event"}
        write_letter(**job.args)
    return [
        {
            "to": one.to[0],
            "subject": one.subject,
            "text": str(one.body),
            "html": str(one.alternatives[0][0]),
        }
        for one in mail.outbox
    ]


def open_survey(by: Any, **fields: Any) -> Campaign:
    given = {
        "year": clock.today().year - 1,
        "questions": list(Question),
        "closes_on": clock.today() + timedelta(days=60),
    }
    return actions.open_survey(by=by, **given | fields)


# --------------------------------------------------------------------------------------- surveys


def test_a_survey_opens_once_for_a_year(manager: Any) -> None:
    key = uuid.uuid4()
    made = open_survey(manager, request_key=key, reminder_days=[3, 14, 3])
    assert open_survey(manager, request_key=key) == made
    assert (made.reminder_days, made.opened_by) == ([14, 3], manager)
    with pytest.raises(Refusal, match="already a survey") as refusal:
        open_survey(manager, request_key=uuid.uuid4())
    assert refusal.value.field == "year"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"year": clock.today().year}, "year"),
        ({"questions": []}, "questions"),
        ({"closes_on": date(9999, 12, 31)}, "closes_on"),
        ({"questions": [Question.ABROAD]}, "questions"),
        ({"closes_on": clock.today() - timedelta(days=1)}, "closes_on"),
        ({"reminder_days": [400]}, "reminder_days"),
    ],
)
def test_a_survey_that_cannot_be_is_refused(manager: Any, fields: Any, field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        open_survey(manager, **fields)
    assert refusal.value.field == field
    assert not Campaign.objects.exists()


def test_only_managers_run_surveys(advisor: Any, running: Campaign) -> None:
    for deed in (
        lambda: open_survey(advisor),
        lambda: actions.invite(by=advisor, survey=running, organisations=[]),
        lambda: actions.close_survey(by=advisor, survey=running),
        lambda: actions.change_survey(
            by=advisor, survey=running, version=1, closes_on=clock.today(), reminder_days=[]
        ),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_a_change_on_what_was_changed_meanwhile_overwrites_nothing(
    manager: Any, running: Campaign
) -> None:
    later = clock.today() + timedelta(days=30)
    actions.change_survey(by=manager, survey=running, version=1, closes_on=later, reminder_days=[7])
    with pytest.raises(Refusal, match="meanwhile"):
        actions.change_survey(
            by=manager, survey=running, version=1, closes_on=clock.today(), reminder_days=[]
        )
    running.refresh_from_db()
    assert (running.closes_on, running.reminder_days) == (later, [7])


# --------------------------------------------------------------------------------------- letters


def test_asking_writes_to_the_person_else_to_the_enterprise(
    manager: Any, running: Campaign
) -> None:
    with_person, alone, mute = (
        OrganisationFactory(email="desk@example.org"),
        OrganisationFactory(email="alone@example.org"),
        OrganisationFactory(),
    )
    ContactFactory(organisation=with_person, email="ada@example.org")
    ContactFactory(
        organisation=with_person,
        email="gone@example.org",
        starts=date(2018, 1, 1),
        ends=date(2019, 1, 1),
    )
    ids = [with_person.pk, alone.pk, mute.pk]
    actions.invite(by=manager, survey=running, organisations=ids)
    actions.invite(by=manager, survey=running, organisations=ids)
    assert [one["to"] for one in letters()] == ["ada@example.org", "alone@example.org"]
    letter = letters()[0]
    link = actions.link_of(Invitation.objects.get(organisation=with_person))
    assert link in letter["text"]
    assert link in letter["html"]
    assert "2019" in letter["subject"]
    standing = {
        one.organisation_id: one.standing for one in surveys.asked_in(running, clock.today())
    }
    assert standing == {
        with_person.pk: Standing.WAITING,
        alone.pk: Standing.WAITING,
        mute.pk: Standing.UNREACHABLE,
    }


def test_letters_are_in_the_language_asked_for_and_let_nothing_in(
    manager: Any, running: Campaign
) -> None:
    sly = OrganisationFactory(email="a@example.org", name={"fr": "<b>Nom", "en": "<b>Name"})
    actions.invite(by=manager, survey=running, organisations=[sly.pk], language="fr")
    (letter,) = letters()
    assert "<b>Nom" in letter["subject"]
    assert "&lt;b&gt;Nom" in letter["html"]
    assert "<b>Nom" not in letter["html"]
    assert "/en/" not in letter["text"]


def sent(running: Campaign, **fields: Any) -> Invitation:
    return InvitationFactory(campaign=running, sent_on=clock.today() - timedelta(days=30), **fields)


def test_only_those_awaited_are_reminded_and_once(running: Campaign) -> None:
    awaited = sent(running)
    answered = sent(running)
    AnswerFactory(campaign=running, organisation=answered.organisation)
    sent(running, refused_on=clock.today())
    ended = ContactFactory(email="left@example.org", starts=date(2018, 1, 1), ends=clock.today())
    sent(running, contact=ended, to_person=True)
    erased = ContactFactory(email="erased@example.org")
    sent(running, contact=erased, to_person=True, organisation=erased.organisation)
    erased.delete()
    sent(running, organisation__email="")
    InvitationFactory(campaign=running, sent_on=clock.today())
    assert actions.send_reminders(on=clock.today()) == 1
    assert actions.send_reminders(on=clock.today()) == 0
    assert [one["to"] for one in letters()] == [awaited.organisation.email]
    awaited.refresh_from_db()
    assert awaited.reminded_on == clock.today()


def test_reminding_days_are_those_of_the_last_day_as_it_is_when_sent(running: Campaign) -> None:
    sent(running)
    running.closes_on += timedelta(days=5)
    running.save()
    day = clock.today()
    assert actions.send_reminders(on=day) == 0
    # A morning without a worker is made up for on the next.
    assert actions.send_reminders(on=day + timedelta(days=6)) == 1
    assert actions.send_reminders(on=day + timedelta(days=7)) == 0
    assert actions.send_reminders(on=day + timedelta(days=16)) == 1
    assert actions.send_reminders(on=day + timedelta(days=30)) == 0


def test_a_letter_that_is_asked_for_leaves_only_if_it_still_holds(
    manager: Any, running: Campaign
) -> None:
    awaited, answered, unwilling = (
        OrganisationFactory(email=f"{name}@example.org") for name in ("awaited", "done", "no")
    )
    asked = actions.invite(
        by=manager,
        survey=running,
        organisations=[awaited.pk, answered.pk, unwilling.pk],
    )
    assert len(asked) == 3
    AnswerFactory(campaign=running, organisation=answered)
    Invitation.objects.filter(organisation=unwilling).update(refused_on=clock.today())
    assert [one["to"] for one in letters()] == ["awaited@example.org"]
    actions.close_survey(by=manager, survey=running)
    assert not letters()


def test_the_morning_job_reminds(running: Campaign) -> None:
    sent(running)
    remind()
    assert len(letters()) == 1


def test_who_once_said_no_is_never_written_to(manager: Any, running: Campaign) -> None:
    old = InvitationFactory(campaign__year=2018)
    actions.refuse_letters(invitation=old)
    actions.invite(by=manager, survey=running, organisations=[old.organisation_id])
    assert not letters()
    assert Invitation.objects.get(campaign=running).refused_on


def test_an_invented_survey_writes_to_nobody(manager: Any, running: Campaign) -> None:
    running.invented = True
    running.save()
    asked = OrganisationFactory(email="a@example.org")
    actions.invite(by=manager, survey=running, organisations=[asked.pk])
    assert not letters()
    assert Invitation.objects.get().sent_on


# --------------------------------------------------------------------------------------- answers


def test_an_enterprise_answers_by_its_link_once(running: Campaign) -> None:
    invitation = InvitationFactory(campaign=running)
    actions.keep_for_later(invitation=invitation, typed={"turnover": ["12"]})
    first = actions.answer(invitation=invitation, facts=GOOD, language="en")
    again = actions.answer(invitation=invitation, facts=GOOD, language="en")
    assert (first.pk, again.version) == (again.pk, 1)
    assert first.facts() == GOOD
    assert (first.status, first.origin) == ("declared", "link")
    assert drafts.load(actions.draft_owner(invitation), actions.DRAFT) is None
    invitation.refresh_from_db()
    assert invitation.language == "en"
    changed = actions.answer(invitation=invitation, facts=replace(GOOD, headcount=4))
    assert (changed.version, Answer.objects.count()) == (2, 1)


def test_what_was_not_asked_is_not_kept(running: Campaign) -> None:
    running.questions = ["headcount"]
    running.save()
    made = actions.answer(invitation=InvitationFactory(campaign=running), facts=GOOD)
    assert (made.headcount, made.turnover) == (3, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"turnover": -1, "abroad": None}, "turnover"),
        ({"turnover": 10**15}, "turnover"),
        ({"abroad": 6_000_000}, "abroad"),
        ({"turnover": None}, "turnover"),
        ({"headcount": 10**7}, "headcount"),
        ({"active": False}, "ceased_on"),
        ({"ceased_on": date(2019, 3, 3)}, "ceased_on"),
        ({"active": False, "ceased_on": date(2200, 1, 1)}, "ceased_on"),
    ],
)
def test_figures_that_cannot_be_are_refused(
    running: Campaign, advisor: Any, change: Any, field: str
) -> None:
    facts = replace(GOOD, **change)
    asked = InvitationFactory(campaign=running)
    for deed in (
        lambda: actions.answer(invitation=asked, facts=facts),
        lambda: actions.record(
            by=advisor, survey=running, organisation_id=asked.organisation_id, facts=facts
        ),
    ):
        with pytest.raises(Refusal) as refusal:
            deed()
        assert refusal.value.field == field
    assert not Answer.objects.exists()


def test_a_closed_survey_takes_nobodys_answer_and_staff_may_correct(
    manager: Any, advisor: Any, running: Campaign
) -> None:
    asked = InvitationFactory(campaign=running)
    answered = InvitationFactory(campaign=running).organisation_id
    actions.record(by=advisor, survey=running, organisation_id=answered, facts=GOOD)
    actions.close_survey(by=manager, survey=running)
    with pytest.raises(Refusal, match="closed"):
        actions.answer(invitation=asked, facts=GOOD)
    with pytest.raises(Refusal, match="closed"):
        actions.invite(by=manager, survey=running, organisations=[asked.organisation_id])
    with pytest.raises(Refusal, match="closed"):
        actions.close_survey(by=manager, survey=running)
    with pytest.raises(Refusal, match="who answered after the others"):
        actions.record(
            by=advisor, survey=running, organisation_id=asked.organisation_id, facts=GOOD
        )
    better = replace(GOOD, headcount=9)
    actions.record(by=advisor, survey=running, organisation_id=answered, facts=better, version=1)
    assert Answer.objects.get().headcount == 9


def test_what_was_verified_stays(advisor: Any, running: Campaign) -> None:
    asked = InvitationFactory(campaign=running)
    said = actions.answer(invitation=asked, facts=GOOD)
    with pytest.raises(Refusal) as refusal:
        actions.verify(by=advisor, answer=said, version=1, verified_with=" ")
    assert refusal.value.field == "verified_with"
    done = actions.verify(by=advisor, answer=said, version=1, verified_with="Accounts")
    assert (done.status, done.verified_by) == (Status.VERIFIED, advisor)
    with pytest.raises(Refusal, match="verified"):
        actions.answer(invitation=asked, facts=replace(GOOD, headcount=9))
    with pytest.raises(Refusal, match="meanwhile"):
        actions.verify(by=advisor, answer=said, version=1, verified_with="Again")
    # Staff may correct it; it is then not verified any more.
    changed = actions.record(
        by=advisor,
        survey=running,
        organisation_id=asked.organisation_id,
        facts=replace(GOOD, headcount=9),
        version=2,
    )
    assert (changed.status, changed.verified_with) == (Status.DECLARED, "")


def test_other_figures_in_a_form_that_was_sent_are_not_swallowed(
    advisor: Any, running: Campaign
) -> None:
    given = {
        "by": advisor,
        "survey": running,
        "organisation_id": OrganisationFactory().pk,
        "request_key": uuid.uuid4(),
    }
    first = actions.record(**given, facts=GOOD)
    assert actions.record(**given, facts=GOOD).version == first.version
    mended = replace(GOOD, headcount=9)
    with pytest.raises(actions.Conflict) as conflict:
        actions.record(**given, facts=mended)
    changed = actions.record(**given, facts=mended, version=conflict.value.version)
    assert (changed.headcount, Answer.objects.count()) == (9, 1)


def test_an_estimate_says_what_it_rests_on(advisor: Any, running: Campaign) -> None:
    given = {
        "by": advisor,
        "survey": running,
        "organisation_id": OrganisationFactory().pk,
        "facts": GOOD,
        "status": Status.ESTIMATED,
    }
    with pytest.raises(Refusal) as refusal:
        actions.record(**given)
    assert refusal.value.field == "source"
    assert actions.record(**given, source="Published accounts").status == Status.ESTIMATED
    with pytest.raises(Refusal, match="meanwhile"):
        actions.record(**given, source="Another", version=0)


def test_answers_have_their_history(advisor: Any, running: Campaign) -> None:
    asked = InvitationFactory(campaign=running)
    said = actions.answer(invitation=asked, facts=GOOD)
    actions.verify(by=advisor, answer=said, version=1, verified_with="Accounts")
    events = pghistory.core.event_models(tracks_model=Answer)[0]
    kept = events.objects.filter(pgh_obj_id=said.pk).order_by("pgh_id")
    assert [one.status for one in kept] == ["declared", "verified"]
