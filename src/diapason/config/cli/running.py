"""Runs a command and says in one sentence what went wrong, on the standard error."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from gettext import gettext as _

import click
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from diapason.config.cli.group import diapason
from diapason.config.failures import Failure
from diapason.config.serve import Interrupted
from diapason.kernel.postgres import PostgresError
from diapason.kernel.refusals import Refusal


def run(arguments: Sequence[str]) -> int:
    """Run the command; returns the exit code. Never lets an exception out."""
    try:
        code = diapason.main(list(arguments), prog_name="diapason", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (Interrupted, KeyboardInterrupt, click.Abort):
        return 130
    except BrokenPipeError:
        # The reader (`head`, a pager) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if "--traceback" in arguments:
            traceback.print_exc()
        click.echo(f"diapason: {_sentence(error)}", err=True)
        return 1


def _sentence(error: Exception) -> str:
    if isinstance(error, Failure | Refusal | PostgresError):
        return str(error)
    said = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, ImproperlyConfigured):
        return _("A setting is wrong: %s.") % said.rstrip(".")
    if isinstance(error, DatabaseError):
        return _("The database refused: %s. `diapason doctor` may tell more.") % said.rstrip(".")
    if isinstance(error, OSError):
        return said
    return (
        _("Something unexpected went wrong (%s). Add --traceback to see where.")
        % f"{type(error).__name__}: {said}"
    )
