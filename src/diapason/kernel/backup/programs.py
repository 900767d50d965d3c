"""PostgreSQL's own programs, run against the database of the settings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from psycopg.conninfo import make_conninfo

from diapason.kernel.postgres import PostgresError, binary
from diapason.kernel.refusals import Refusal

_LOCALE = {"LC_ALL": "C.UTF-8", "PGCONNECT_TIMEOUT": "10"}
_TAIL = 2000


class BackupRefused(Refusal):
    """A backup that cannot be made or restored, in a sentence for the operator."""


def server_version() -> int:
    """The server's main version, such as 18."""
    connection.ensure_connection()
    return connection.connection.info.server_version // 10000


def program(name: str) -> Path:
    """`pg_dump`, `pg_restore` or `psql`, of a version that understands the server.

    The wheel's where the server is our own; otherwise those of the machine where they are recent
    enough, else the wheel's. Raises BackupRefused where none is.
    """
    wanted = server_version()
    if os.environ.get("DATABASE_URL"):
        for folder in _folders(wanted):
            found = shutil.which(name, path=folder)
            if found and _version(Path(found)) >= wanted:
                return Path(found)
    try:
        ours = binary(name)
    except PostgresError as error:
        raise BackupRefused(str(error)) from error
    if _version(ours) < wanted:
        raise BackupRefused(
            _("The server is PostgreSQL %(server)s, and %(name)s is of an older version here.")
            % {"server": wanted, "name": name}
        )
    return ours


def reader() -> Path:
    """The newest `pg_restore` at hand: it only reads the file, which a newer server may have made
    than the one that is written to."""
    found = program("pg_restore")
    try:
        ours = binary("pg_restore")
    except PostgresError:
        return found
    return max(found, ours, key=_version)


def _folders(version: int) -> list[str]:
    return [f"/usr/lib/postgresql/{version}/bin", os.environ.get("PATH", os.defpath)]


def _version(path: Path) -> int:
    said = subprocess.run(  # noqa: S603 - a program of PostgreSQL
        [path, "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"(\d+)(?:\.\d+)*", said)
    return int(found.group(1)) if found else 0


def address() -> tuple[str, dict[str, str]]:
    """How a program reaches the database: the words for its command line, and its environment,
    where the password is out of other people's sight."""
    made = connection.settings_dict
    words = {
        "dbname": made["NAME"],
        "user": made["USER"],
        "host": made["HOST"],
        "port": made["PORT"],
        **{key: str(value) for key, value in made.get("OPTIONS", {}).items() if _plain(value)},
    }
    environment = {**os.environ, **_LOCALE}
    if made["PASSWORD"]:
        environment["PGPASSWORD"] = made["PASSWORD"]
    return make_conninfo("", **{key: value for key, value in words.items() if value}), environment


def _plain(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


@contextmanager
def dumping(snapshot: str) -> Iterator[IO[bytes]]:
    """The dump of the database as that snapshot shows it, in PostgreSQL's custom format."""
    reach, environment = address()
    command = [str(program("pg_dump")), "--format=custom", "--no-owner", "--no-privileges"]
    command += ["--no-comments", f"--snapshot={snapshot}", f"--dbname={reach}"]
    with _said() as said:
        child = subprocess.Popen(  # noqa: S603 - a program of PostgreSQL
            command, stdout=subprocess.PIPE, stderr=said, env=environment
        )
        try:
            if child.stdout is None:
                raise RuntimeError("the dump has no output")
            yield child.stdout
            child.stdout.close()
        except BaseException:
            child.kill()
            child.wait()
            raise
        if child.wait():
            raise BackupRefused(_("pg_dump failed: %(why)s") % {"why": _last_words(said)})


def load_dump(dump: Path) -> None:
    """Replace the whole database by the dump, in one transaction: all of it or nothing.

    Raises BackupRefused where the server refuses, or somebody else uses the database.
    """
    reach, environment = address()
    unpack = [str(reader()), "--no-owner", "--no-privileges", "--no-comments"]
    unpack += ["--file=-", str(dump)]
    write = [str(program("psql")), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    write += [f"--dbname={reach}"]
    with _said() as said:
        reading = subprocess.Popen(  # noqa: S603 - a program of PostgreSQL
            unpack, stdout=subprocess.PIPE, stderr=said, env=environment
        )
        writing = subprocess.Popen(  # noqa: S603 - a program of PostgreSQL
            write,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=environment,
        )
        try:
            if reading.stdout is None or writing.stdin is None:
                raise RuntimeError("the programs are not connected")
            try:
                writing.stdin.write(_BEFORE)
                _pour(reading.stdout, writing.stdin)
                if reading.wait():
                    writing.kill()  # what it has not committed is undone
                else:
                    writing.stdin.write(b"\nCOMMIT;\n")
                writing.stdin.close()
            except BrokenPipeError:
                pass  # the server has refused; what it said is told below
            failed = writing.wait() or reading.wait()
        finally:
            for child in (reading, writing):
                if child.poll() is None:
                    child.kill()
                    child.wait()
        if failed:
            raise BackupRefused(
                _("The database was left as it was: %(why)s") % {"why": _last_words(said)}
            )


_BEFORE = b"""
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL client_min_messages = warning;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
# A setting that servers before version 17 do not know, and that a restored dump can do without.
_UNKNOWN_TO_OLDER = b"SET transaction_timeout = 0;\n"
_STEP = 1_000_000


def _pour(source: IO[bytes], target: IO[bytes]) -> None:
    first = True
    while chunk := source.read(_STEP):
        target.write(chunk.replace(_UNKNOWN_TO_OLDER, b"", 1) if first else chunk)
        first = False


@contextmanager
def _said() -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as file:
        yield file


def _last_words(said: IO[bytes]) -> str:
    said.seek(0, os.SEEK_END)
    said.seek(max(0, said.tell() - _TAIL))
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    errors = [line for line in lines if "error" in line.lower() or "fatal" in line.lower()]
    return (errors or lines or ["?"])[0].strip()


def home() -> Path:
    """A folder on the same disk as the instance's own things, for what is being unpacked."""
    folder = Path(settings.HOME)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
