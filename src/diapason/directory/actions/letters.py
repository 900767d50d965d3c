"""Letters: text and HTML, in the language of whoever reads them, with one clear next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from diapason.directory.contracts import Role
from diapason.directory.models import Invitation
from diapason.kernel.wording import date_long


@dataclass(frozen=True)
class Letter:
    """What a letter says. `code` or `url` with its `step` is what to do next; `note` is small."""

    subject: Any
    paragraphs: Sequence[Any]
    code: str = ""
    step: Any = ""
    url: str = ""
    note: Any = ""

    @property
    def heading(self) -> Any:
        """The subject, without the code that it may show first."""
        return self.subject if not self.code else _("Your code")


def send_letter(letter: Letter, *, to: str, language: str) -> None:
    """Send a letter now, in `language`. Raises what the mail server answers.

    Not through the queue, which would keep codes and personal links, and make people wait for it.
    """
    with translation.override(language):
        context = {"letter": letter, "language": language, "site_url": settings.BASE_URL}
        text = render_to_string("directory/mail/letter.txt", context)
        html = render_to_string("directory/mail/letter.html", context)
        message = EmailMultiAlternatives(
            subject=str(letter.subject), body=text, from_email=settings.DEFAULT_FROM_EMAIL, to=[to]
        )
    message.attach_alternative(html, "text/html")
    message.send()


def send_invitation(invitation: Invitation, secret: str) -> None:
    """Send the personal link of an invitation once the transaction is committed."""
    with translation.override(invitation.language):
        url = settings.BASE_URL.rstrip("/") + reverse("directory:invitation", args=[secret])
        until = date_long(timezone.localtime(invitation.expires_at))
    letter = Letter(
        subject=format_lazy(
            _("Your invitation to {organisation}"), organisation=invitation.organisation
        ),
        paragraphs=[
            format_lazy(
                _("You are invited to join {organisation} on Diapason, as: {role}."),
                organisation=invitation.organisation,
                role=Role(invitation.role).label,
            ),
            _("Say who you are and you are in: it takes a minute, and a password is optional."),
        ],
        step=_("Accept the invitation"),
        url=url,
        note=format_lazy(
            _(
                "This link is yours alone and works once, until {day}. If you expected nothing of "
                "the kind, ignore this letter."
            ),
            day=until,
        ),
    )
    transaction.on_commit(
        lambda: send_letter(letter, to=invitation.email, language=invitation.language)
    )
