"""The list of the commands."""

from __future__ import annotations

from gettext import gettext as _

import click

from diapason.config.cli import backups, diagnosis, lists, people, plans, serving
from diapason.config.cli.options import common


@click.group(help=_("Run the action plan of a territory, and follow it."))
@common
@click.version_option(
    package_name="diapason", prog_name="Diapason", help=_("Show the version and stop.")
)
def diapason() -> None:
    """The commands, each of which has its own help."""


for command in (
    serving.serve,
    serving.demo,
    serving.worker,
    plans.check_plan,
    plans.load_plan,
    plans.evaluate,
    plans.evidence,
    lists.load_communes,
    lists.load_activities,
    lists.load_sirene,
    people.invite,
    backups.backup,
    backups.restore,
    diagnosis.doctor,
):
    diapason.add_command(command)
