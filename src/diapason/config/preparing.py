"""Bringing the database and the static files up to date before anything is served.

Any number of processes may do this at once: one works, the others wait and find it done.
"""

from __future__ import annotations

import fcntl
import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

import pgtrigger
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from diapason.config.failures import Failure

OLDEST_SERVER = 15
# Any constant will do, as long as nothing else locks it.
_PREPARING = 0x0D1A_9A50


def wait_for_database(patience: float, say: Callable[[str], None]) -> None:
    """Return once the database answers; raise `Failure` when it has not within `patience` seconds,
    or when its version is too old."""
    deadline = time.monotonic() + patience
    told = False
    while True:
        try:
            connection.ensure_connection()
            break
        except OperationalError as error:
            connection.close()
            reason = " ".join(str(error).split())
            if time.monotonic() > deadline:
                raise Failure(
                    _(
                        "The database does not answer (%s): check DATABASE_URL, or remove it to "
                        "use the PostgreSQL that comes with Diapason."
                    )
                    % reason
                ) from error
            if not told:
                say(_("Waiting for the database: %s") % reason)
                told = True
            time.sleep(0.5)
    if connection.pg_version < OLDEST_SERVER * 10000:
        raise Failure(
            _("The database is PostgreSQL %(found)s: Diapason needs version %(oldest)s or later.")
            % {"found": connection.pg_version // 10000, "oldest": OLDEST_SERVER}
        )


@contextmanager
def alone() -> Iterator[None]:
    """Inside, no other process prepares the same database. Waits for its turn.

    The lock belongs to a transaction of a connection of its own, so that it also holds through a
    pooler and is dropped whatever way this process ends.
    """
    guard = connection.copy()
    try:
        guard.set_autocommit(False)
        with guard.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PREPARING])
        yield
    finally:
        guard.close()


def waiting_migrations() -> list[str]:
    """The changes of the database's structure that are still to be made, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def prepare_database(say: Callable[[str], None]) -> None:
    """Bring the database's structure up to date.

    Side effects: applies the migrations that are waiting, one process at a time.
    """
    if not waiting_migrations():
        return
    with alone():
        if waiting := waiting_migrations():
            say(
                ngettext(
                    "Bringing the database up to date (%d step)…",
                    "Bringing the database up to date (%d steps)…",
                    len(waiting),
                )
                % len(waiting)
            )
            call_command("migrate", interactive=False, verbosity=0)


def renew_rules() -> None:
    """Write the rules that live in the database again, each with the mark by which `doctor` knows
    it: the marks are comments, which no backup holds.

    Side effects: replaces every trigger by the one of this version, switched on.
    """
    with transaction.atomic():
        pgtrigger.install()
        pgtrigger.enable()


def check_front_end() -> None:
    """Raise `Failure` when the front end was never built."""
    if not any(any(Path(folder).rglob("*.css")) for folder in settings.STATICFILES_DIRS):
        raise Failure(_("The front end is not built: run `make setup`."))


def static_stamp() -> str:
    """A digest of every static file's name, size and date."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def static_is_stale() -> bool:
    """Whether the static files that are served are not those of the program."""
    try:
        return _stamp_file().read_text() != static_stamp()
    except FileNotFoundError:
        return True


def prepare_static(say: Callable[[str], None]) -> None:
    """Collect, hash and compress the static files when they changed since last time.

    Side effects: writes to `STATIC_ROOT`, one process at a time. Files of earlier versions stay,
    for the pages that browsers still show. Raises `Failure` when the front end was never built.
    """
    check_front_end()
    if not static_is_stale():
        return
    stamp_file = _stamp_file()
    stamp_file.parent.mkdir(parents=True, exist_ok=True)
    with stamp_file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not static_is_stale():
            return
        say(_("Collecting the static files…"))
        stamp = static_stamp()
        call_command("collectstatic", interactive=False, verbosity=0)
        made = stamp_file.with_suffix(".new")
        made.write_text(stamp)
        made.replace(stamp_file)


def _stamp_file() -> Path:
    return Path(settings.STATIC_ROOT).with_name("static.stamp")
