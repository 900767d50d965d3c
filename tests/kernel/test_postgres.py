"""The embedded server starts, is shared, survives, and leaves nothing behind."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from diapason.kernel import postgres
from diapason.kernel.postgres import supervisor

SOURCES = Path(postgres.__file__).parents[3]
OWNER = """
import sys, time
from pathlib import Path
from diapason.kernel.postgres import ensure_server
print(ensure_server(Path(sys.argv[1])), flush=True)
time.sleep(600)
"""
LETTERS = "SELECT to_tsvector('simple', 'l’École d’été')::text, lower('ÉÀ'), 'école' < 'zèbre'"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "postgres"
    postgres.stop_server(tmp_path / "postgres")


@contextlib.contextmanager
def owner(folder: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder)],
        env=os.environ | {"PYTHONPATH": str(SOURCES)} | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def pid(folder: Path) -> int | None:
    return supervisor.Postmaster(folder / "data").pid()


def supervisor_pid(folder: Path) -> int:
    return int((folder / "supervisor.lock").read_text())


def wait_until(condition, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def ask(url: str, query: str) -> tuple:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
        assert row is not None
        return row


def run(url: str, command: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(command)


def test_starts_with_its_extensions_and_letters_whatever_the_language(folder):
    with owner(folder, LANG="fr_FR.UTF-8", LC_ALL="fr_FR.UTF-8", PGTZ="Asia/Tokyo") as (_, url):
        (names,) = ask(url, "SELECT array_agg(extname::text) FROM pg_extension")
        assert set(names) >= set(postgres.EXTENSIONS)
        assert ask(url, LETTERS) == ("'d':3 'l':1 'école':2 'été':4", "éà", False)
        assert ask(url, "SHOW fsync") == ("on",)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE other")
        assert ask(postgres.url(folder, "other"), "SELECT similarity('abc', 'abc')") == (1.0,)


def test_stops_when_its_owner_ends(folder):
    with owner(folder) as (process, _):
        assert pid(folder)
        process.terminate()
        process.wait()
        wait_until(lambda: pid(folder) is None)
        wait_until(lambda: not postgres._supervised(folder))


def test_stops_when_its_owner_is_killed_and_starts_again_with_its_rows(folder):
    with owner(folder) as (process, url):
        run(url, "CREATE TABLE kept AS SELECT 7 AS n")
        process.kill()
        process.wait()
        # At once, while the killed owner's server still runs, then once it stopped.
        with owner(folder) as (_, again):
            assert ask(again, "SELECT n FROM kept") == (7,)
    wait_until(lambda: pid(folder) is None)
    with owner(folder) as (_, again):
        assert ask(again, "SELECT n FROM kept") == (7,)
