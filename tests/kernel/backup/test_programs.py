"""PostgreSQL's programs, chosen for the server and told how to reach it."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from diapason.kernel.backup.programs import (
    BackupRefused,
    address,
    dumping,
    load_dump,
    program,
    reader,
    server_version,
)
from diapason.kernel.postgres import binary

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["pg_dump", "pg_restore", "psql"])
def test_a_program_of_a_fitting_version_is_found(name: str) -> None:
    assert program(name).is_file()
    assert server_version() >= 15


def test_our_own_server_uses_its_own_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert program("pg_dump") == binary("pg_dump")


def test_an_older_program_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program("pg_dump") != old


def test_no_program_knows_a_server_of_the_future(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diapason.kernel.backup.programs.server_version", lambda: 99)
    with pytest.raises(BackupRefused, match="PostgreSQL 99"):
        program("pg_dump")


def test_the_newest_program_reads_what_a_newer_server_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fitting = tmp_path / "pg_restore"
    fitting.write_text("#!/bin/sh\necho 'pg_restore (PostgreSQL) 15.1'\n")
    fitting.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("DATABASE_URL", "postgresql:///of-a-distribution")
    monkeypatch.setattr("diapason.kernel.backup.programs.server_version", lambda: 15)
    monkeypatch.setattr("diapason.kernel.backup.programs._folders", lambda version: [str(tmp_path)])
    assert program("pg_restore") == fitting
    assert reader() == binary("pg_restore")


def test_the_password_stays_out_of_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, Any] = {**connection.settings_dict, "PASSWORD": "s3 cret", "USER": "o'neil x"}
    monkeypatch.setattr(connection._connections["default"], "settings_dict", made)
    words, environment = address()
    assert "s3" not in words
    assert environment["PGPASSWORD"] == "s3 cret"
    assert r"user='o\'neil x'" in words


def test_a_dump_of_an_unknown_moment_fails_in_words() -> None:
    with pytest.raises(BackupRefused, match="pg_dump failed"), dumping("0-0-0") as dump:
        dump.read()


@pytest.mark.django_db(transaction=True)
def test_what_is_no_dump_leaves_the_database_alone(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.dump"
    wrong.write_bytes(b"nonsense")
    with pytest.raises(BackupRefused, match="left as it was"):
        load_dump(wrong)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM directory_user")
        assert cursor.fetchone() == (0,)
