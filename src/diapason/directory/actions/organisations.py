"""What the directory writes."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from diapason.directory.contracts import OrganisationEntry
from diapason.directory.models import Organisation
from diapason.kernel.texts import Text


def register_organisations(*, entries: Iterable[OrganisationEntry]) -> dict[str, int]:
    """Make sure that each named organisation exists; gives their ids by code.

    Side effects: adds organisations that are missing; of one that is there already, only an empty
    website is filled in, so that what its own people wrote stays.
    """
    ids: dict[str, int] = {}
    with transaction.atomic():
        for entry in entries:
            record, made = Organisation.objects.get_or_create(
                code=entry.code,
                defaults={"name": Text(entry.name), "kind": entry.kind, "url": entry.url},
            )
            if not made and entry.url and not record.url:
                record.url = entry.url
                record.save(update_fields=["url"])
            ids[entry.code] = record.pk
    return ids
