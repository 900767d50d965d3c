"""A long list of organisations, imported by the worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from diapason.directory import tasks
from diapason.directory.contracts import ADD, LEAVE, Role
from diapason.directory.models import Membership, Organisation
from diapason.kernel import files, jobs
from diapason.kernel.models import Progress, StoredFile
from tests.directory.factories import CommuneFactory, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_storage(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
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
