"""What the database itself refuses, whoever writes."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection

from diapason.kernel.models import Change, Draft, Progress, StoredFile

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        (
            "INSERT INTO kernel_storedfile (id, name, content_type, size, sha256, content, public,"
            " created_at) VALUES (gen_random_uuid(), 'a', 'b', 0, '', '', false, now())",
            "kernel_storedfile_not_empty",
        ),
        (
            "INSERT INTO kernel_draft (owner, form, data, updated_at, expires_at)"
            " SELECT 'a', 'f', '{}', now(), now() FROM generate_series(1, 2)",
            "kernel_draft_one_per_form",
        ),
        (
            "INSERT INTO kernel_change (table_name, transaction, mark)"
            " SELECT 't', 1, 1 FROM generate_series(1, 2)",
            "kernel_change_once_per_transaction",
        ),
        (
            "INSERT INTO kernel_progress (id, owner, title, state, total, done, message,"
            " result_url, cancel_asked, created_at, updated_at)"
            " VALUES (gen_random_uuid(), 'a', 't', 'running', 2, 3, '', '', false, now(), now())",
            "kernel_progress_within_total",
        ),
        (
            "INSERT INTO kernel_once (key, at) SELECT 'k', now() FROM generate_series(1, 2)",
            "kernel_once_pkey",
        ),
    ],
)
def test_the_database_refuses(statement: str, constraint: str) -> None:
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match=constraint):
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (StoredFile(id=uuid.uuid4(), name="été.pdf"), "été.pdf"),
        (Draft(owner="a", form="plan.reading"), "plan.reading"),
        (Change(table_name="t", transaction=3), "t 3"),
        (Progress(title="Export", done=1, total=2), "Export 1/2"),
    ],
)
def test_records_say_what_they_are(record: Any, words: str) -> None:
    assert str(record) == words


@pytest.mark.parametrize(
    ("state", "ended"),
    [("waiting", False), ("running", False), ("done", True), ("failed", True), ("cancelled", True)],
)
def test_a_job_has_ended_when_nothing_more_will_happen(state: str, ended: bool) -> None:
    assert Progress(state=state).ended is ended
