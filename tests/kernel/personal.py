"""Fields of the ground floor, and of the packages beneath it, that are about nobody; and what it
keeps of a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from diapason.kernel import audit, clock, files
from diapason.kernel.models import Draft, Progress
from tests.directory.factories import OrganisationFactory

NOT_PERSONAL = {
    "kernel.Change.table_name": "names a table of the database",
}

UNPLANTED = {
    "procrastinate.ProcrastinateJob": "a letter goes when it has left; 30 days where it could not",
}


def plant(person: Any, canary: str) -> None:
    owner = f"account:{person.pk}"
    Draft.objects.create(
        owner=owner, form="x", data={"name": canary}, expires_at=clock.now() + timedelta(days=30)
    )
    Progress.objects.create(owner=owner, title="Import")
    files.store(SimpleUploadedFile(f"{canary}.csv", f"name\n{canary}\n".encode()))
    with audit.done_by(person):
        OrganisationFactory()
