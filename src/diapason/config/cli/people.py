"""`invite`: how the first operator of an instance comes in."""

from __future__ import annotations

from gettext import gettext as _

import click
from django.conf import settings

from diapason.config.cli.options import common, need_database
from diapason.config.failures import Failure

# As in `diapason.directory.contracts.Role`, which is loaded with Django, after the commands.
ROLES = ("member", "advisor", "programme_manager", "juror", "committee_member", "operator")


@click.command(
    "invite",
    short_help=_("Invite somebody, such as the first operator."),
    help=_(
        "Invite somebody to hold a role in an organisation, such as the first operator.\n\nSends a "
        "personal link by e-mail, good for fourteen days. The organisations are those of the plan "
        "that is loaded."
    ),
)
@click.argument("email")
@click.option("--organisation", required=True, help=_("Code of the organisation."))
@click.option(
    "--role", type=click.Choice(ROLES), default="operator", show_default=True, help=_("The role.")
)
@click.option("--letter", default="", help=_("Language of the letter (by default the site's)."))
@common
def invite(email: str, organisation: str, role: str, letter: str) -> int:
    """Side effects: those of `diapason.directory.api.invite_by_code`."""
    with need_database():
        from diapason.directory import api
        from diapason.kernel.audit import acting
        from diapason.kernel.refusals import Refusal

        try:
            with acting("invite"):
                api.invite_by_code(
                    email=email, organisation=organisation, role=api.Role(role), language=letter
                )
        except Refusal as refusal:
            raise Failure(str(refusal)) from refusal
        if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
            click.echo(_("No mail server is named: hand the link above to %s yourself.") % email)
        else:
            click.echo(_("The invitation is on its way to %s.") % email)
    return 0
