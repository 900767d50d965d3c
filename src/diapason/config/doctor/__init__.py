"""What is wrong with this installation, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from gettext import gettext as _

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from diapason.config import starting
from diapason.config.doctor import database, machine
from diapason.config.doctor.findings import Finding, Level, fault, good
from diapason.kernel.postgres import PostgresError

__all__ = ["Finding", "Level", "examine"]

Check = Callable[[], Iterable[Finding]]

_OF_THE_MACHINE: tuple[Check, ...] = (
    machine.folders,
    machine.disk,
    machine.secret_key,
    machine.catalogues,
    machine.static_files,
    machine.addresses,
    machine.files,
    machine.mail,
)
_OF_THE_DATABASE: tuple[Check, ...] = (
    database.version,
    database.letters,
    database.extensions,
    database.clock,
)


def examine() -> list[Finding]:
    """Look at everything that can be looked at; changes nothing but starts the program's own
    PostgreSQL where it is used and does not run."""
    found = [machine.python()]
    try:
        starting.start()
    except ImproperlyConfigured as error:
        return [
            *found,
            fault("settings", _("A setting is wrong: %s.") % error, _("Correct that variable.")),
        ]
    except PostgresError as error:
        return [*found, fault("database", str(error).splitlines()[0], _starting_help())]
    for check in _OF_THE_MACHINE:
        found += check()
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        said = " ".join(str(error).split())
        return [
            *found,
            fault(
                "database",
                _("The database does not answer: %s.") % said.rstrip("."),
                _("Check DATABASE_URL and that the server runs."),
            ),
        ]
    found.append(good("database", _("The database answers.")))
    for check in _OF_THE_DATABASE:
        found += check()
    structure = list(database.structure())
    found += structure
    if all(finding.level is Level.GOOD for finding in structure):
        # Its models exist once the settings are read, its tables once the structure is there.
        from diapason.config.doctor import service

        for check in (database.triggers, service.jobs, service.plan):
            found += check()
    return found


def _starting_help() -> str:
    return _("Mend what it names, or name a PostgreSQL server in DATABASE_URL.")
