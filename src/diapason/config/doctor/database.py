"""The database: its version, letters, extensions, clock, structure and triggers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from gettext import gettext as _
from typing import Any

import pgtrigger
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from diapason.config import preparing
from diapason.config.doctor.findings import Finding, fault, good, warning
from diapason.kernel.postgres.database import EXTENSIONS

CLOCK_SLACK = 5  # seconds


def _ask(query: str, values: Any = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def version() -> Iterator[Finding]:
    """Whether the server is recent enough."""
    ((found, number),) = _ask(
        "SELECT current_setting('server_version'), current_setting('server_version_num')::int"
    )
    said = _("The database is PostgreSQL %s.") % found
    if number < preparing.OLDEST_SERVER * 10000:
        yield fault(
            "version",
            said,
            _("Move to PostgreSQL %d or later.") % preparing.OLDEST_SERVER,
        )
    else:
        yield good("version", said)


def letters() -> Iterator[Finding]:
    """Whether the database keeps every letter and knows its small form."""
    ((encoding,),) = _ask("SELECT current_setting('server_encoding')")
    if encoding != "UTF8":
        yield fault(
            "letters",
            _("The database is encoded in %s.") % encoding,
            _("Make one with ENCODING 'UTF8', and restore a backup into it."),
        )
        return
    ((knows,),) = _ask("SELECT lower('ÉÇŒ') = 'éçœ'")
    if not knows:
        yield fault(
            "letters",
            _("The database does not know accented letters: searches would miss some words."),
            _(
                "Make one with LOCALE_PROVIDER builtin and BUILTIN_LOCALE 'C.UTF-8', or with a "
                "UTF-8 locale, and restore a backup into it."
            ),
        )
        return
    yield good("letters", _("The database knows every letter."))


def extensions() -> Iterator[Finding]:
    """Whether what PostgreSQL must bring is there."""
    there = {name for (name,) in _ask("SELECT name FROM pg_available_extensions")}
    missing = [name for name in EXTENSIONS if name not in there]
    if missing:
        yield fault(
            "extensions",
            _("The server lacks the extensions %s.") % ", ".join(missing),
            _("Install PostgreSQL's contrib package (postgresql-contrib) on the server."),
        )
    else:
        yield good("extensions", _("The server has the extensions that are needed."))


def clock() -> Iterator[Finding]:
    """Whether this machine and the server agree on the time."""
    before = time.time()
    ((there,),) = _ask("SELECT extract(epoch FROM clock_timestamp())::float")
    apart = abs(there - (before + time.time()) / 2)
    if apart > CLOCK_SLACK:
        yield fault(
            "clock",
            _("The clocks of this machine and of the database are %d seconds apart.") % apart,
            _("Set both by the network's time (chrony, systemd-timesyncd)."),
        )
    else:
        yield good("clock", _("The clocks agree."))


def structure() -> Iterator[Finding]:
    """Whether the tables are those of this version of the program."""
    loader = MigrationLoader(connection)
    ours = {label for label, _name in loader.disk_migrations}
    unknown = [
        f"{label}.{name}"
        for label, name in loader.applied_migrations
        if label in ours and (label, name) not in loader.disk_migrations
    ]
    waiting = preparing.waiting_migrations()
    if unknown:
        yield fault(
            "structure",
            _("The database was made by a later version of the program (%s).") % unknown[0],
            _("Install that version again, or restore a backup made by this one."),
        )
    elif waiting and not loader.applied_migrations:
        yield warning(
            "structure",
            _("The database is empty."),
            _("Start `diapason serve`: it makes the tables."),
        )
    elif waiting:
        yield fault(
            "structure",
            _("The database is behind the program: %d steps are to be made.") % len(waiting),
            _("Start `diapason serve` again: it makes them."),
        )
    else:
        yield good("structure", _("The tables are those of this version."))


def triggers() -> Iterator[Finding]:
    """Whether the rules that live in the database are all in place and switched on."""
    count, broken = 0, []
    for model, trigger in pgtrigger.registered():
        status, enabled = trigger.get_installation_status(model)
        count += 1
        if status != "INSTALLED" or not enabled:
            broken.append(trigger.get_uri(model))
    if broken:
        yield fault(
            "triggers",
            _("%(count)d rules of the database are missing or switched off, such as %(one)s.")
            % {"count": len(broken), "one": broken[0]},
            _("Run %(install)s, then the same with `enable`.")
            % {
                "install": "`DJANGO_SETTINGS_MODULE=diapason.config.settings.base "
                ".venv/bin/python -m django pgtrigger install`"
            },
        )
    else:
        yield good("triggers", _("The %d rules of the database are in place.") % count)
