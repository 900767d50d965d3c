"""What the commands have in common."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from typing import Any

import click

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
