"""`serve` and `worker`."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gettext import gettext as _

import click

from diapason.config import preparing, starting
from diapason.config import serve as serving
from diapason.config.cli.options import Command, common, say

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
        starting.start()
        with own_server():
            preparing.prepare_database(say)
            preparing.prepare_static(say)
            serving.run(
                opened,
                signals,
                workers=workers,
                threads=threads,
                with_worker=not no_worker,
                ready=_announce(serving.address(opened)),
            )


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


@contextmanager
def own_server() -> Iterator[None]:
    """At the end lets go of the database; the last one to do so stops our own server."""
    from django.conf import settings
    from django.db import connections

    from diapason.kernel import postgres

    try:
        yield
    finally:
        connections.close_all()
        if not os.environ.get("DATABASE_URL"):
            postgres.release_server(settings.HOME / "postgres")


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
    starting.start()
    preparing.prepare_database(say)
    from procrastinate.contrib.django import app

    # A second Ctrl+C while jobs end is the worker's own affair.
    signal.signal(signal.SIGHUP, lambda number, frame: signal.raise_signal(signal.SIGTERM))
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        working.run_worker(
            name="diapason",
            concurrency=concurrency,
            shutdown_graceful_timeout=20,
            install_signal_handlers=True,
        )
