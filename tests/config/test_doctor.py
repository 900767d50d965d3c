"""`doctor`: each fault that it knows, planted, and a sound installation without any."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg
import pytest

from diapason.kernel import postgres
from tests.config.bucket import serving
from tests.config.program import Program


@pytest.fixture(scope="module")
def sound(program: Program) -> Iterator[Program]:
    """The program with its database held, so that each look is quick, and its tables made."""
    postgres.ensure_server(program.home / "postgres")
    program("evaluate")
    yield program
    postgres.release_server(program.home / "postgres")


def look(program: Program, **environment: str) -> tuple[int, dict[str, list[tuple[str, str]]]]:
    done = program("doctor", "--json", **environment)
    assert "Traceback" not in done.stderr
    found: dict[str, list[tuple[str, str]]] = {}
    for finding in json.loads(done.stdout):
        assert set(finding) == {"check", "level", "message", "mend"}
        assert bool(finding["mend"]) is (finding["level"] != "good")
        found.setdefault(finding["check"], []).append((finding["level"], finding["message"]))
    return done.returncode, found


def levels(found: dict[str, list[tuple[str, str]]], level: str) -> set[str]:
    return {check for check, all_of_it in found.items() if level in dict(all_of_it)}


def test_has_nothing_to_mend_in_a_sound_installation(sound: Program):
    code, found = look(sound)
    assert levels(found, "fault") == set()
    assert code == 0
    assert set(found) >= {
        "python", "folders", "disk", "secret", "translations", "static", "addresses", "mail",
        "database", "version", "letters", "extensions", "clock", "structure", "triggers", "worker",
        "plan",
    }  # fmt: skip


def test_a_new_installation_is_not_a_broken_one(newcomer: Program):
    code, found = look(newcomer)
    assert (code, levels(found, "fault")) == (0, set())
    assert "structure" in levels(found, "warning")


def test_speaks_both_languages(sound: Program):
    english, french = sound("doctor"), sound("doctor", "--language", "fr")
    assert "Nothing has to be mended." in english.stdout
    assert "Rien n’est à réparer." in french.stdout
    assert not set(english.stdout.splitlines()) & set(french.stdout.splitlines())


@pytest.mark.parametrize(
    ("environment", "check"),
    [
        ({"DIAPASON_SECRET_KEY": "short"}, "secret"),
        ({"DIAPASON_HOSTS": "*"}, "addresses"),
        ({"DIAPASON_URL": "https://plan.example.org"}, "addresses"),
        (
            {"DIAPASON_URL": "http://plan.example.org", "DIAPASON_HOSTS": "plan.example.org"},
            "addresses",
        ),
        (
            {"DIAPASON_URL": "https://plan.example.org", "DIAPASON_HOSTS": "plan.example.org"},
            "addresses",
        ),
        ({"DIAPASON_MAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}, "mail"),
        ({"DIAPASON_DEBUG": "perhaps"}, "settings"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing"}, "database"),
    ],
)
def test_finds_a_wrong_setting(sound: Program, environment: dict[str, str], check: str):
    code, found = look(sound, **environment)
    assert (code, levels(found, "fault")) == (1, {check})


def test_is_content_with_a_site_behind_a_proxy(sound: Program):
    code, found = look(
        sound,
        DIAPASON_URL="https://plan.example.org",
        DIAPASON_HOSTS="plan.example.org",
        DIAPASON_TLS="1",
    )
    assert (code, levels(found, "fault")) == (0, set())


def test_finds_a_secret_that_others_can_read(sound: Program):
    key = sound.home / "secret-key"
    key.chmod(0o644)
    try:
        assert levels(look(sound)[1], "fault") == {"secret"}
    finally:
        key.chmod(0o600)


@pytest.mark.parametrize(
    ("plant", "mend", "check"),
    [
        (
            "ALTER TABLE plan_reading DISABLE TRIGGER USER",
            "ALTER TABLE plan_reading ENABLE TRIGGER USER",
            "triggers",
        ),
        (
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('plan', '9999_later', now())",
            "DELETE FROM django_migrations WHERE name = '9999_later'",
            "structure",
        ),
        (
            "INSERT INTO procrastinate_jobs (task_name, queue_name, status) "
            "VALUES ('lost', 'default', 'doing')",
            "DELETE FROM procrastinate_jobs WHERE task_name = 'lost'",
            "jobs",
        ),
    ],
)
def test_finds_what_is_wrong_in_the_database(sound: Program, plant: str, mend: str, check: str):
    url = postgres.url(sound.home / "postgres", "diapason")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(plant)
        try:
            code, found = look(sound)
        finally:
            connection.execute(mend)
    assert (code, levels(found, "fault")) == (1, {check})


def test_finds_jobs_that_wait_for_nobody(sound: Program):
    url = postgres.url(sound.home / "postgres", "diapason")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name) VALUES ('waiting', 'default')"
        )
        assert levels(look(sound)[1], "fault") == set()
        connection.execute(
            "UPDATE procrastinate_events SET at = now() - interval '1 hour' WHERE job_id IN "
            "(SELECT id FROM procrastinate_jobs WHERE task_name = 'waiting')"
        )
        try:
            assert levels(look(sound)[1], "fault") == {"jobs"}
        finally:
            connection.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'waiting'")


def test_looks_into_the_bucket(sound: Program):
    key = {"DIAPASON_S3_BUCKET": "papers", "DIAPASON_S3_KEY": "k", "DIAPASON_S3_SECRET": "s"}
    with serving() as (address, _held):
        _code, found = look(sound, DIAPASON_S3_ENDPOINT=address, DIAPASON_S3_REGION="here", **key)
        assert found["files"] == [("good", "Files are kept in the bucket papers.")]
    code, found = look(sound, DIAPASON_S3_ENDPOINT=address, DIAPASON_S3_REGION="here", **key)
    assert (code, levels(found, "fault")) == (1, {"files"})
