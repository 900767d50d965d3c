"""`load-communes` and `load-activities`: official lists, as their owners publish them."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from diapason.config.cli.options import common, need_database
from diapason.config.failures import Failure

LIST_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
# As in `diapason.directory.contracts.ActivityRevision`, which is loaded after the commands.
REVISIONS = ("2", "2025")


def _load(name: str, load: Callable[[Any], Any]) -> int:
    with need_database():
        from diapason.directory import api
        from diapason.kernel.audit import acting
        from diapason.kernel.refusals import Refusal

        try:
            with acting(name):
                done = load(api)
        except Refusal as refusal:
            raise Failure(str(refusal)) from refusal
        click.echo(
            _("Added: %(added)d. Changed: %(changed)d. As they were: %(unchanged)d.")
            % {"added": done.added, "changed": done.changed, "unchanged": done.unchanged}
        )
    return 0


@click.command(
    "load-communes",
    short_help=_("Load the communes of the territory."),
    help=_(
        "Load communes, or the intercommunalities that group them, from a JSON file in the layout "
        "of @etalab/decoupage-administratif.\n\nMay be run again: adds and updates, removes none."
    ),
)
@click.argument("file", type=LIST_FILE)
@common
def load_communes(file: Path) -> int:
    """Side effects: those of `diapason.directory.api.load_communes`."""
    return _load("load-communes", lambda api: api.load_communes(file))


@click.command(
    "load-activities",
    short_help=_("Load the official list of activities."),
    help=_(
        "Load the activities of the NAF from a JSON file in the layout of @socialgouv/codes-naf."
        "\n\nMay be run again: adds and updates, removes none."
    ),
)
@click.argument("file", type=LIST_FILE)
@click.option(
    "--revision",
    type=click.Choice(REVISIONS),
    default="2",
    show_default=True,
    help=_("The revision of the list."),
)
@click.option(
    "--cultural",
    multiple=True,
    metavar="CODE",
    help=_("How the codes of cultural or creative activities begin; may be given several times."),
)
@common
def load_activities(file: Path, revision: str, cultural: tuple[str, ...]) -> int:
    """Side effects: those of `diapason.directory.api.load_activities`."""
    return _load(
        "load-activities",
        lambda api: api.load_activities(
            file, revision=api.ActivityRevision(revision), cultural=cultural
        ),
    )
