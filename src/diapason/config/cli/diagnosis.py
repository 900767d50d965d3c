"""`doctor`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from gettext import gettext as _

import click

from diapason.config import doctor as doctors
from diapason.config.cli.options import common

_SIGNS = {"good": "✓", "warning": "!", "fault": "✗"}


@click.command(
    short_help=_("Say what is wrong with this installation."),
    help=_(
        "Say what is wrong with this installation, and how to mend it.\n\nEnds with 1 where "
        "something must be mended; warnings alone are well. Changes nothing."
    ),
)
@click.option("--json", "as_json", is_flag=True, help=_("Write the findings as JSON."))
@common
def doctor(as_json: bool) -> int:
    """Reads only."""
    try:
        findings = doctors.examine()
    finally:
        _let_go()
    if as_json:
        click.echo(json.dumps([asdict(each) for each in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(f"{_SIGNS[finding.level]} {finding.message}")
            if finding.mend:
                click.echo(f"    {finding.mend}")
        click.echo(_summary(findings))
    return 1 if any(each.level is doctors.Level.FAULT for each in findings) else 0


def _summary(findings: list[doctors.Finding]) -> str:
    faults = sum(each.level is doctors.Level.FAULT for each in findings)
    if faults:
        return _("To mend: %d.") % faults
    return _("Nothing has to be mended.")


def _let_go() -> None:
    """Let the program's own PostgreSQL stop when nobody else uses it."""
    from django.conf import settings
    from django.db import connections

    from diapason.kernel import postgres

    if settings.configured and not os.environ.get("DATABASE_URL"):
        connections.close_all()
        postgres.release_server(settings.HOME / "postgres")
