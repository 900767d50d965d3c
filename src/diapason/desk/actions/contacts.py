"""Contacts received at the welcome desk."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from diapason.desk.contracts import Channel
from diapason.desk.models import DeskContact
from diapason.kernel import audit, clock
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import once, refuse_ancient, refuse_future, refuse_unsound, says


def record_contact(
    *,
    by: Any,
    channel: Channel,
    subject: str,
    on: date | None = None,
    organisation_id: int | None = None,
    oriented_to_id: int | None = None,
    request_key: UUID | None = None,
    invented: bool = False,
) -> DeskContact:
    """Record a contact received, and to whom the person was sent.

    Side effects: one contact. Raises `Refusal` for a day to come or of another age, or for no
    subject, PermissionDenied unless `by` may record contacts.
    """
    demand(by, "desk.record_contact")
    day = on or clock.today()
    refuse_future(day, field="on")
    refuse_ancient(day, field="on")

    def make() -> DeskContact:
        contact = DeskContact(
            on=day,
            channel=Channel(channel),
            subject=subject.strip(),
            organisation_id=organisation_id,
            oriented_to_id=oriented_to_id,
            recorded_by=by,
            request_key=request_key,
            invented=invented,
        )
        refuse_unsound(contact)
        with audit.done_by(by):
            contact.save()
        return contact

    told = {
        "recorded_by_id": by.pk,
        "channel": channel,
        "subject": subject.strip(),
        "oriented_to_id": oriented_to_id,
        "on": day,
    }
    return once(DeskContact, request_key, make, lambda found: says(found, **told))
