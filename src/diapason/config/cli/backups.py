"""`backup` and `restore`."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from diapason.config import preparing
from diapason.config.cli.options import common, need_database, say

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "backup",
    short_help=_("Write the whole instance to one file."),
    help=_(
        "Write the whole instance, database and files, to one file.\n\nPeople may go on working "
        "meanwhile. The file is readable by its owner alone; keep it as safe as the instance."
    ),
)
@click.argument("file", type=FILE)
@common
def backup(file: Path) -> int:
    """Side effects: writes FILE, which must not exist."""
    with need_database():
        from diapason.kernel import backup as backups

        manifest = backups.backup(file)
        for name in manifest.missing:
            say(_("The file %s was already lost.") % name)
        click.echo(_("The backup is in %s.") % file)
    return 0


@click.command(
    "restore",
    short_help=_("Put a backup in the place of this instance."),
    help=_(
        "Put a backup in the place of this instance's database and files, and check that every "
        "row is the same.\n\nStop the program first. The backup is checked before anything is "
        "touched, and the database is replaced entirely or not at all."
    ),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--overwrite", is_flag=True, help=_("Even where this instance holds something: it is lost.")
)
@common
def restore(file: Path, overwrite: bool) -> int:
    """Side effects: replaces the database and files, then brings an older backup up to date."""

    def check() -> None:
        from diapason.kernel import backup as backups

        backups.read_manifest(file)

    with need_database(first=check):
        from diapason.kernel import backup as backups

        manifest = backups.restore(file, overwrite=overwrite)
        preparing.prepare_database(say)
        preparing.renew_rules()
        click.echo(
            _("%(file)s is restored, as of %(moment)s.")
            % {"file": file, "moment": manifest.made_at}
        )
    return 0
