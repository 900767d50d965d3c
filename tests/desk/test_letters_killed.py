"""A worker killed in the middle of a batch of letters: each person gets theirs.

The letters of a survey and those of cases leave by the same road. None is lost, and none leaves
twice but where the mail server had taken it and the worker died before it knew: nothing that goes
through a mail server can do better. Such a letter bears the same id, so that the reader's program
shows it once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from diapason.desk import actions
from diapason.desk.contracts import ReferralState
from diapason.directory.contracts import Role
from diapason.kernel import clock, jobs
from diapason.observatory import actions as observatory
from tests import prepared
from tests.desk.factories import CaseFactory, CaseStageFactory, FrontDoorFactory, ReferralFactory
from tests.desk.factories import request as a_request
from tests.directory.factories import MembershipFactory, OrganisationFactory, person
from tests.kernel.mailserver import Post, receiving
from tests.kernel.test_jobs import reap
from tests.observatory.factories import CampaignFactory

OF_EACH = 4


@pytest.fixture
def post(transactional_db: None, settings: Any) -> Iterator[Post]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    with receiving() as server, override("en"):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def batch() -> set[str]:
    """Ask enterprises for their figures and take requests of projects; gives who is written to."""
    readers = set()
    FrontDoorFactory()
    survey = CampaignFactory(
        year=2019,
        opened_on=clock.today() - timedelta(days=1),
        closes_on=clock.today() + timedelta(days=14),
        closed_on=None,
    )
    asked = [OrganisationFactory(email=f"firm-{n}@example.org") for n in range(OF_EACH)]
    observatory.invite(
        by=person(Role.PROGRAMME_MANAGER), survey=survey, organisations=[one.pk for one in asked]
    )
    readers |= {one.email for one in asked}
    for n in range(OF_EACH):
        case = actions.ask(**a_request(title=f"Project {n}", contact_email=f"own-{n}@example.org"))
        readers.add(case.contact_email)
    return readers


def send_until_killed(post: Post, *, at: int, taken: bool, concurrency: int) -> None:
    """Have a worker send what waits, and kill it at its letter of that number."""
    sender = subprocess.Popen(
        [sys.executable, "-m", "tests.desk.sender", str(post.port), str(concurrency)],
        env={**os.environ, "DATABASE_URL": prepared.address(connection.settings_dict["NAME"])},
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert sender.stdout is not None
    assert sender.stdout.readline() == "ready\n"
    post.came, post.at, post.taken, post.victim = 0, at, taken, sender.pid
    _said, wrong = sender.communicate("\n", timeout=120)
    post.victim = None
    assert sender.returncode == -9, wrong
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
        )


def left() -> int:
    found = ProcrastinateJob.objects.filter(task_name__endswith=".write_letter")
    return found.exclude(status="succeeded").count()


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize("taken", [False, True])
def test_a_worker_killed_while_it_sends_loses_no_letter(
    post: Post, taken: bool, concurrency: int
) -> None:
    readers = batch()
    send_until_killed(post, at=3, taken=taken, concurrency=concurrency)
    assert 0 < left() < 2 * OF_EACH + 1
    assert len(post.letters) < len(readers)
    reap()
    got = post.ids_by_reader()
    assert set(got) == readers
    assert left() == 0
    again = {reader: ids for reader, ids in got.items() if len(ids) > 1}
    if concurrency == 1:
        # The letter that the server had taken when its sender died, and no other.
        assert len(again) == int(taken)
    assert len(again) <= concurrency
    # Should one leave twice, it is the same one for whoever reads it.
    assert all(len(set(ids)) == 1 for ids in got.values())
    # Nothing is left to send, whoever starts again.
    jobs.run_waiting()
    assert post.ids_by_reader() == got


def test_a_letter_that_leaves_again_on_another_day_bears_the_same_id(post: Post) -> None:
    # What a reminder says depends on the day on which it leaves: its id must not.
    FrontDoorFactory()
    case = CaseFactory()
    CaseStageFactory(case=case)
    referral = ReferralFactory(case=case, state=ReferralState.PROPOSED, proposed_on=clock.today())
    reader = MembershipFactory(organisation=referral.structure, role=Role.ADVISOR).user
    for days in (3, 4):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            actions.write_letter(kind="reminder", about=referral.pk, reader=reader.pk, event="e:1")
    first, second = post.letters
    assert first.get_body(["plain"]).get_content() != second.get_body(["plain"]).get_content()
    assert first["Message-ID"] == second["Message-ID"]
    actions.write_letter(kind="reminder", about=referral.pk, reader=reader.pk, event="e:2")
    assert post.letters[2]["Message-ID"] != first["Message-ID"]


def test_a_letter_outlasts_a_mail_server_that_is_away_for_hours(post: Post) -> None:
    readers = batch()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s", [jobs.MAX_RUNS]
        )
    reap()
    assert set(post.ids_by_reader()) == readers
