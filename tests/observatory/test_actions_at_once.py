"""Several people in the same moment."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from diapason.directory.contracts import Role
from diapason.kernel import clock
from diapason.kernel.refusals import Refusal
from diapason.observatory import actions
from diapason.observatory.contracts import Facts, Question
from diapason.observatory.models import Answer, Campaign
from tests.directory.factories import person
from tests.observatory.factories import CampaignFactory, InvitationFactory
from tests.plan.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def running(**fields: Any) -> Campaign:
    return CampaignFactory(
        year=2019,
        closes_on=clock.today() + timedelta(days=3),
        closed_on=None,
        reminder_days=[3],
        **fields,
    )


def test_an_answer_sent_five_times_at_once_is_one() -> None:
    asked, facts = InvitationFactory(campaign=running()), Facts(turnover=100)
    results = race(*[lambda: actions.answer(invitation=asked, facts=facts)] * 5)
    assert len({one.pk for one in results}) == 1
    assert Answer.objects.get().version == 1


def test_an_answer_and_a_closing_at_once_see_each_other() -> None:
    survey, manager = running(), person(Role.PROGRAMME_MANAGER)
    asked = InvitationFactory.create_batch(3, campaign=survey)
    results = race(
        lambda: actions.close_survey(by=manager, survey=survey),
        *[
            lambda one=one: actions.answer(invitation=one, facts=Facts(turnover=100))
            for one in asked
        ],
    )
    assert all(isinstance(one, Answer | Refusal | Campaign) for one in results), results
    assert Answer.objects.count() == sum(isinstance(one, Answer) for one in results)


def test_two_workers_remind_once() -> None:
    asked = InvitationFactory(campaign=running(), sent_on=clock.today() - timedelta(days=9))
    sent = race(*[lambda: actions.send_reminders(on=clock.today())] * 3)
    assert sum(sent) == 1
    letters = ProcrastinateJob.objects.filter(task_name="observatory.write_letter")
    assert letters.filter(args__invitation=asked.pk).count() == 1


def test_a_survey_opened_three_times_at_once_is_one() -> None:
    manager, key = person(Role.PROGRAMME_MANAGER), uuid.uuid4()
    results = race(
        *[
            lambda: actions.open_survey(
                by=manager,
                year=2019,
                questions=[Question.TURNOVER],
                closes_on=clock.today(),
                request_key=key,
            )
        ]
        * 3
    )
    assert len({one.pk for one in results}) == 1
