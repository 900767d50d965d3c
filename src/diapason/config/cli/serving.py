"""`serve`, `demo` and `worker`."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from gettext import gettext as _
from pathlib import Path

import click

from diapason.config import demonstration, environment, preparing, words
from diapason.config import serve as serving
from diapason.config.cli.options import Command, common, need_database, say
from diapason.config.cli.plans import tell_faults
from diapason.config.cli.tables import table
from diapason.config.failures import Failure
from diapason.plan import planfile

HOW_MANY = click.IntRange(1, 64)


def web_options(command: Command) -> Command:
    """Where and with how many processes to serve."""
    for option in reversed(
        (
            click.option(
                "--host",
                default="127.0.0.1",
                show_default=True,
                help=_("Address to listen on; 0.0.0.0 for every network."),
            ),
            click.option(
                "--port",
                type=click.IntRange(0, 65535),
                default=8000,
                envvar="PORT",
                show_default=True,
                help=_("Port to listen on; also read from PORT. 0 takes any free one."),
            ),
            click.option(
                "--workers",
                type=HOW_MANY,
                default=2,
                show_default=True,
                help=_("Processes that answer pages."),
            ),
            click.option(
                "--threads",
                type=HOW_MANY,
                default=4,
                show_default=True,
                help=_("Pages that each process answers at once."),
            ),
            click.option(
                "--no-worker",
                is_flag=True,
                help=_("Do not run the worker of jobs: it runs elsewhere."),
            ),
        )
    ):
        command = option(command)
    return command


@click.command(
    short_help=_("Serve the pages."),
    help=_(
        "Serve the pages, until stopped with Ctrl+C or a TERM signal.\n\nStarts PostgreSQL unless "
        "DATABASE_URL names a server, brings the database up to date, and runs the worker of jobs."
    ),
)
@web_options
@common
def serve(host: str, port: int, workers: int, threads: int, no_worker: bool) -> None:
    """Side effects: see the help; nothing that this starts outlives it."""
    with interruptible() as signals:
        opened = serving.listen(host, port)
        os.environ.setdefault("DIAPASON_URL", serving.address(opened).rstrip("/"))
        with need_database(patience=30):
            preparing.prepare_static(say)
            serving.run(
                opened,
                signals,
                workers=workers,
                threads=threads,
                with_worker=not no_worker,
                ready=_announce(serving.address(opened)),
            )


@click.command(
    short_help=_("Serve a demonstration."),
    help=_(
        "Serve a demonstration of a plan, with accounts to try and invented records.\n\nIt has a "
        "database of its own, in the folder demo of the instance's folder, unless DATABASE_URL "
        "names an empty one. It is set on a day in the middle of the plan's life, or on the one "
        "that DIAPASON_TODAY names."
    ),
)
@click.option(
    "--plan",
    "path",
    type=click.Path(path_type=Path),
    help=_("The plan's file (by default the only one in the folder plans)."),
)
@click.option("--fresh", is_flag=True, help=_("Throw away what was done in it, and start again."))
@web_options
@common
def demo(
    path: Path | None,
    fresh: bool,
    host: str,
    port: int,
    workers: int,
    threads: int,
    no_worker: bool,
) -> None:
    """Side effects: see the help; nothing that this starts outlives it."""
    with interruptible() as signals:
        opened = serving.listen(host, port)
        address = serving.address(opened)
        file, faults = planfile.read(
            path or demonstration.only_plan(Path.cwd()), language=words.spoken()
        )
        tell_faults(file, faults)
        if file is None:
            raise Failure(_("The plan has errors: mend its file first."))
        day = _set_up_demonstration(file, address, fresh=fresh)
        with need_database(patience=30, first=demonstration.claim_database):
            preparing.prepare_static(say)
            demonstration.load(file, day, say)
            serving.run(
                opened,
                signals,
                workers=workers,
                threads=threads,
                with_worker=not no_worker,
                ready=lambda: _announce_demonstration(address, file),
            )


def _set_up_demonstration(file: planfile.PlanFile, address: str, *, fresh: bool) -> date:
    """Point the settings, not yet read, at the demonstration; gives its day."""
    home = demonstration.home_of(environment.home())
    if fresh and os.environ.get("DATABASE_URL"):
        raise Failure(_("--fresh only starts the embedded database again: empty yours yourself."))
    if fresh:
        demonstration.forget(home)
    said = os.environ.get("DIAPASON_TODAY", "")
    try:
        day = date.fromisoformat(said) if said else demonstration.day_of(file)
    except ValueError as error:
        raise Failure(_("DIAPASON_TODAY is %s: write a day such as 2020-06-30.") % said) from error
    os.environ |= {
        "DIAPASON_DEMONSTRATION": "1",
        "DIAPASON_HOME": str(home),
        "DIAPASON_TODAY": day.isoformat(),
    }
    os.environ.setdefault("DIAPASON_URL", address.rstrip("/"))
    return day


def _announce_demonstration(address: str, file: planfile.PlanFile) -> None:
    from diapason.directory.api import demonstration_password

    click.echo(_("The demonstration answers at %s (Ctrl+C stops it).") % address)
    click.echo(
        _("Sign in with one of these accounts; their password is %s") % demonstration_password()
    )
    rows = [
        [str(account.role.label), account.email, account.name]
        for account in demonstration.accounts(file)
    ]
    click.echo(table([_("person"), _("address"), _("name")], rows))


def _announce(address: str) -> Callable[[], None]:
    return lambda: click.echo(_("Diapason answers at %s (Ctrl+C stops it).") % address)


@contextmanager
def interruptible() -> Iterator[serving.Signals]:
    """Inside, a signal to stop ends the command, at whatever point, as a success."""
    with serving.Signals() as signals:
        try:
            yield signals
        except serving.Interrupted:
            return


@click.command(
    short_help=_("Run the worker of jobs."),
    help=_(
        "Run the worker of jobs alone: letters, exports and whatever need not be waited for.\n\n"
        "`serve` already runs one, unless told not to."
    ),
)
@click.option(
    "--concurrency",
    type=HOW_MANY,
    default=2,
    show_default=True,
    help=_("Jobs done at once."),
)
@common
def worker(concurrency: int) -> None:
    """Runs until a TERM or INT signal, and lets the jobs under way end."""
    with need_database(patience=30):
        from procrastinate.contrib.django import app

        signal.signal(signal.SIGHUP, lambda number, frame: signal.raise_signal(signal.SIGTERM))
        with app.replace_connector(app.connector.get_worker_connector()) as working:
            working.run_worker(
                name="diapason",
                concurrency=concurrency,
                shutdown_graceful_timeout=20,
                install_signal_handlers=True,
            )
