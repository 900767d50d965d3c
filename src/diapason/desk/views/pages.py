"""What the front desk's pages have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from diapason.desk.models import Case, CaseMessage


def number_of(request: HttpRequest, name: str) -> int:
    """The key of a record that was sent, 0 where there is none."""
    written = request.POST.get(name, "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 16 else 0


def nobody(person: Any) -> str:
    return str(person) if person is not None else _("nobody any more")


def fact(label: Any, value: Any, url: str = "") -> dict[str, Any]:
    return {"label": label, "value": value, "url": url}


def tabs(case: Case, active: str) -> list[dict[str, Any]]:
    """The pages of one case."""
    return [
        {
            "label": _("The case"),
            "url": reverse("desk:case", args=[case.pk]),
            "active": active == "case",
        },
        {
            "label": _("Messages and documents"),
            "url": reverse("desk:case_messages", args=[case.pk]),
            "active": active == "messages",
        },
    ]


@dataclass(frozen=True)
class Said:
    """A message as a page shows it."""

    who: str
    from_project: bool
    mine: bool
    text: str
    at: datetime
    erased: bool
    document: str
    url: str


def said(
    message: CaseMessage, address: Callable[[CaseMessage], str], *, for_owner: bool = False
) -> Said:
    """A message for the owner of the project, or for those who help; `address` gives that of its
    document."""
    if message.from_project:
        who = _("You") if for_owner else _("The project’s owner")
    elif message.author is None:
        who = str(message.structure)
    else:
        who = f"{message.author}, {message.structure}"
    return Said(
        who=who,
        from_project=message.from_project,
        mine=message.from_project is for_owner,
        text=message.text,
        at=message.sent_at,
        erased=message.erased,
        document=str(message.document) if message.document is not None else "",
        url=address(message) if message.document is not None else "",
    )
