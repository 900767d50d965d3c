"""Letters by e-mail: text and HTML, in the reader's language, with one clear next step.

A letter named `invitation` has three templates, written in English and translated like any page:
`mail/invitation.subject.txt`, `mail/invitation.txt` (extends `mail/letter.txt`) and
`mail/invitation.html` (extends `mail/letter.html`). Its context gives `act_label` and `act_url`,
the one thing to do next.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import loader
from django.utils.translation import override

from diapason.kernel import jobs


def send(
    *, to: str, template: str, context: Mapping[str, Any], language: str, key: str = ""
) -> int | None:
    """Write the letter and ask for it to be sent when the transaction that runs is kept.

    `to` is one address. `key` names the event: the same event writes once to the same address.
    Gives the job's id, None where the letter was asked for before. Side effects: a job. Raises
    ValueError without a next step, TemplateDoesNotExist for an unknown letter.
    """
    letter = _written(to=to, template=template, context=context, language=language, key=key)
    return jobs.enqueue(
        deliver,
        key=f"mail:{hashlib.sha256(f'{key}:{to.lower()}'.encode()).hexdigest()}" if key else "",
        **letter,
    )


def hand_over(
    *, to: str, template: str, context: Mapping[str, Any], language: str, key: str
) -> None:
    """Write the letter and send it now: for a job that was asked for by ids alone, because the
    letter holds a personal link, or because what it says depends on the day it leaves.

    Side effects: the letter leaves. Raises as `send` and `deliver` do.
    """
    deliver(**_written(to=to, template=template, context=context, language=language, key=key))


def _written(
    *, to: str, template: str, context: Mapping[str, Any], language: str, key: str
) -> dict[str, str]:
    """What `deliver` takes, in the reader's language."""
    act_url = str(context.get("act_url") or "")
    if not context.get("act_label") or not act_url:
        raise ValueError(f"the letter {template} needs act_label and act_url")
    if act_url.startswith("/"):
        act_url = settings.BASE_URL.rstrip("/") + act_url
    with override(language):
        told = {
            **context,
            "act_label": str(context["act_label"]),
            "act_url": act_url,
            "language": language,
            "site_url": settings.BASE_URL,
        }
        # One line; the no-break spaces of French stay.
        written = loader.render_to_string(f"mail/{template}.subject.txt", told)
        subject = re.sub(r"[ \t\r\n]+", " ", written).strip()
        text = loader.render_to_string(f"mail/{template}.txt", told).strip() + "\n"
        html = loader.render_to_string(f"mail/{template}.html", told)
    return {
        "to": to,
        "subject": subject,
        "text": text,
        "html": html,
        "message_id": _message_id(f"{key or f'{subject}:{text}'}:{to.lower()}"),
    }


def _message_id(words: str) -> str:
    """The same for the same event and reader, even where what is said changed meanwhile: should the
    letter leave twice, the reader's program shows it once."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(words.encode()).hexdigest()[:40]}@{host}>"


@jobs.task("kernel.deliver", runs=jobs.LETTER_RUNS)
def deliver(*, to: str, subject: str, text: str, html: str, message_id: str) -> None:
    """Hand the letter over to the mail server. Raises what the mail backend raises."""
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[to],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    message.send()
