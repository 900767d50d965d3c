"""`load-communes`, `load-activities`, `load-sirene`: official lists, as they are published."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@click.command(
    "load-sirene",
    short_help=_("Load the establishments of the official register."),
    help=_(
        "Bring in the territory's establishments of cultural activities from StockEtablissement, "
        "and their names from StockUniteLegale: the register's files, as CSV or zip.\n\nWhat "
        "people declared stays. May be run again: adds and updates, removes none."
    ),
)
@click.argument("files", type=LIST_FILE, nargs=-1, required=True)
@click.option(
    "--communes",
    multiple=True,
    metavar="CODE",
    help=_(
        "A commune by its code or an intercommunality by its name; may be given several times. "
        "By default every commune that was loaded."
    ),
)
@click.option("--dry-run", is_flag=True, help=_("Count what would be done and change nothing."))
@common
def load_sirene(files: tuple[Path, ...], communes: tuple[str, ...], dry_run: bool) -> int:
    """Side effects: those of `diapason.directory.api.load_sirene`."""
    with need_database():
        from diapason.directory import api
        from diapason.kernel.audit import acting
        from diapason.kernel.refusals import Refusal

        try:
            with acting("load-sirene"), _bars() as bar:
                done = api.load_sirene(
                    files=[api.stock_file(path) for path in files],
                    communes=communes,
                    dry_run=dry_run,
                    progress=lambda file: bar(file.path.name, file.size),
                )
        except Refusal as refusal:
            raise Failure(str(refusal)) from refusal
        told = {name: getattr(done, name) for name in ("added", "changed", "unchanged", "closed")}
        click.echo(
            _(
                "Rows read: %(read)d. Added: %(added)d. Changed: %(changed)d. As they were: "
                "%(unchanged)d. Newly closed: %(closed)d."
            )
            % {**told, "read": done.read}
        )
        if dry_run:
            click.echo(_("Nothing was kept: this was a dry run."))
    return 0


@contextmanager
def _bars() -> Iterator[Callable[[str, int], Callable[[int], None]]]:
    """Progress bars on the standard error, one after the other, where a person looks at it."""
    running: list[click._termui_impl.ProgressBar[int]] = []

    def end() -> None:
        while running:
            running.pop().render_finish()

    def start(label: str, size: int) -> Callable[[int], None]:
        end()
        bar = click.progressbar(length=size, label=label, file=sys.stderr)
        running.append(bar)
        bar.render_progress()
        return lambda done: bar.update(max(0, done - bar.pos))

    try:
        yield start
    finally:
        end()
