"""A long list of organisations, imported by the worker."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from diapason.directory import tasks
from diapason.directory.actions.importing import AT_A_TIME
from diapason.directory.contracts import ADD, LEAVE, Role
from diapason.directory.models import Membership, Organisation
from diapason.kernel import files, jobs
from diapason.kernel.models import Progress, StoredFile
from tests import prepared
from tests.directory.factories import CommuneFactory, OrganisationFactory, person
from tests.kernel.test_jobs import look_dead, reap

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_storage(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def kept(*lines: str) -> StoredFile:
    upload = SimpleUploadedFile("list.csv", "\n".join(lines).encode(), "text/csv")
    return files.store(upload, kinds=files.SHEETS, field="file")


def ask(by: Any, file: Any, *, language: str = "en", **how: Any) -> Progress:
    progress = jobs.start_progress(f"account:{by.pk}", "Import", key=uuid4())
    said: dict[str, Any] = {"places": {"name": 0}, "choices": {}, "rest": LEAVE} | how
    jobs.enqueue(
        tasks.import_sheet,
        progress=str(progress.pk),
        by=by.pk,
        language=language,
        file=str(file),
        **said,
    )
    return progress


def ended(progress: Progress) -> tuple[str, str]:
    jobs.run_waiting()
    progress.refresh_from_db()
    return progress.state, progress.message


def added() -> list[str]:
    found = Organisation.objects.exclude(pk__in=Membership.objects.values("organisation"))
    return sorted(str(one) for one in found)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "2 organisations were added."),
        ("fr", "2 organisations ont été ajoutées."),
    ],
)
def test_lines_are_added_and_who_waits_is_told(language: str, told: str) -> None:
    by, file = person(Role.ADVISOR), kept("Name", "Studio One", "Studio Two")
    progress = ask(by, file.pk, language=language)
    state, message = ended(progress)
    assert (state, progress.done, progress.total) == ("done", 2, 2), message
    assert message == told
    assert progress.result_url.endswith("/workspace/organisations/")
    assert added() == ["Studio One", "Studio Two"]
    said = {"en": "Nothing changed", "fr": "Rien n’a changé"}
    assert ended(ask(by, file.pk, language=language))[1].startswith(said[language])
    assert added() == ["Studio One", "Studio Two"]


def test_what_was_said_of_the_lines_is_followed() -> None:
    by, file = person(Role.ADVISOR), kept("Name", "Studio One")
    ended(ask(by, file.pk))
    again = kept("Name,Town", "Studio One,Élan")
    CommuneFactory(name="Élan", code="99101")
    places = {"name": 0, "commune_id": 1}
    assert ended(ask(by, again.pk, places=places, choices={"2": LEAVE}))[0] == "done"
    assert added() == ["Studio One"]
    assert ended(ask(by, again.pk, places=places, choices={"2": ADD}))[0] == "done"
    assert added() == ["Studio One", "Studio One"]


def test_a_refusal_is_told_and_nothing_is_tried_again() -> None:
    by, file = person(Role.ADVISOR), kept("Name,Town", "Studio One,Nowhere")
    state, message = ended(ask(by, file.pk, places={"name": 0, "commune_id": 1}))
    assert (state, message.startswith("Something in this file")) == ("failed", True)
    twice = kept("Name", "Studio One", "Studio One")
    state, message = ended(ask(by, twice.pk))
    assert state == "failed"
    assert message == (
        "Nothing was imported: 1 line has to be mended. Try the file again to see which."
    )
    state, message = ended(ask(by, uuid4()))
    assert (state, message) == ("failed", "This file is not kept any more. Choose it again.")
    assert added() == []
    assert not ProcrastinateJob.objects.filter(task_name="directory.import_sheet").exists()


def test_who_may_not_edit_imports_nothing() -> None:
    by, file = person(Role.MEMBER), kept("Name", "Studio One")
    state, message = ended(ask(by, file.pk))
    assert (state, message) == ("failed", "Nothing was done: you may no longer do this.")
    assert added() == []
    assert not ProcrastinateJob.objects.filter(task_name="directory.import_sheet").exists()


def test_cancelled_it_leaves_nothing() -> None:
    by, file = person(Role.ADVISOR), kept("Name", "Studio One")
    progress = ask(by, file.pk)
    jobs.ask_to_cancel(progress)
    assert ended(progress)[0] == "cancelled"
    assert added() == []


LINES = [f"Studio {number}" for number in range(AT_A_TIME + 2)]


def kill_in_the_middle(home: Path) -> None:
    """Have a worker import what waits, and kill it once its first part is written: the last line
    then waits for somebody who takes the same address in that moment."""
    environment = {name: value for name, value in os.environ.items() if "XDIST" not in name}
    environment["DATABASE_URL"] = prepared.address(connection.settings_dict["NAME"])
    environment["DIAPASON_HOME"] = str(home)
    with transaction.atomic():
        OrganisationFactory(code=f"studio-{len(LINES) - 1}")
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.kernel.worker"],
            env=environment,
            cwd=Path(__file__).parents[2],
            stderr=subprocess.PIPE,
            text=True,
        )
        until = time.monotonic() + 60
        while not kept_waiting() and worker.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        assert kept_waiting(), worker.poll()
        worker.kill()
        _said, wrong = worker.communicate(timeout=60)
        transaction.set_rollback(True)
    assert worker.returncode == -9, wrong


def kept_waiting() -> bool:
    """Whether somebody waits for what this transaction has written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks WHERE NOT granted"
            " AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.fetchone() is not None


def test_a_worker_killed_in_the_middle_leaves_nothing_half_written(tmp_path: Path) -> None:
    by = person(Role.ADVISOR)
    progress = ask(by, kept("Name", *LINES).pk, rest=ADD)
    kill_in_the_middle(tmp_path)
    progress.refresh_from_db()
    assert (progress.state, progress.total) == ("running", len(LINES))
    assert added() == []
    look_dead()
    reap()
    progress.refresh_from_db()
    assert (progress.state, progress.done) == ("done", len(LINES)), progress.message
    assert added() == sorted(LINES)


def test_whoever_sends_again_after_a_kill_has_each_line_once(tmp_path: Path) -> None:
    by, file = person(Role.ADVISOR), kept("Name", *LINES)
    first = ask(by, file.pk, rest=ADD)
    kill_in_the_middle(tmp_path)
    # Nobody knows yet that the worker is dead: the person does not wait.
    state, message = ended(ask(by, file.pk, rest=ADD))
    assert (state, message) == ("done", f"{len(LINES)} organisations were added.")
    look_dead()
    reap()
    first.refresh_from_db()
    assert (first.state, first.message.partition(":")[0]) == ("done", "Nothing changed")
    assert added() == sorted(LINES)
    assert not ProcrastinateJob.objects.filter(task_name="directory.import_sheet").exists()
