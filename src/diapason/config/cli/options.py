"""What the commands have in common."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from gettext import gettext as _
from typing import Any

import click

from diapason.config import preparing, starting
from diapason.config.words import LANGUAGES

Command = Callable[..., Any]


def common(command: Command) -> Command:
    """Options of every command. Both are read from the arguments before anything else, see
    `words.wanted` and `running.run`."""
    command = click.option(
        "--traceback",
        is_flag=True,
        expose_value=False,
        help=_("When something goes wrong, show where in the program."),
    )(command)
    return click.option(
        "--language",
        type=click.Choice(LANGUAGES),
        expose_value=False,
        help=_("Language of the messages (by default that of the machine)."),
    )(command)


def say(message: str) -> None:
    """Tell what is going on, beside the answer: on the standard error."""
    click.echo(message, err=True)


class Day(click.ParamType):
    """A day, written 2020-06-30."""

    name = "day"

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(_("%s is not a day: write it as 2020-06-30.") % value, param, context)


@contextmanager
def need_database(
    *, patience: float = 5, first: Callable[[], None] | None = None
) -> Iterator[None]:
    """Inside, Django is set up and the database is up to date. Without `DATABASE_URL` this starts
    the program's own PostgreSQL, and lets it stop at the end when nobody else uses it.

    `first` is called before anything is written, and may refuse.
    """
    starting.start()
    from django.conf import settings
    from django.db import connections

    from diapason.kernel import postgres

    try:
        preparing.wait_for_database(patience, say)
        if first is not None:
            first()
        preparing.prepare_database(say)
        yield
    finally:
        connections.close_all()
        if not os.environ.get("DATABASE_URL"):
            postgres.release_server(settings.HOME / "postgres")
