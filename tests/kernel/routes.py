"""How to ask for stored files."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from diapason.kernel.models import Progress, StoredFile
from tests.trust.examples import Example


def _stored(*, public: bool) -> StoredFile:
    content = b"%PDF-1.4\n%%EOF\n"
    return StoredFile.objects.create(
        name="report.pdf",
        content_type="application/pdf",
        size=len(content),
        sha256="0" * 64,
        content=ContentFile(content, name="report.pdf"),
        public=public,
    )


def furnish(world: Any, size: int) -> None:
    if not hasattr(world, "public_file"):
        world.public_file = _stored(public=True)
        world.hidden_file = _stored(public=False)
        world.jobs = {
            person.pk: Progress.objects.create(owner=f"account:{person.pk}", title="Import")
            for person in (*filter(None, world.people.values()), world.stranger)
        }


def _awaited(world: Any, person: Any) -> dict[str, Any] | None:
    return {"key": world.jobs[person.pk].pk} if person else None


def _strangers(world: Any, person: Any) -> dict[str, Any]:
    return {"key": world.jobs[world.stranger.pk].pk}


EXAMPLES = {
    "kernel:file": Example(
        own=lambda world, person: {"key": world.public_file.pk},
        others=lambda world, person: {"key": world.hidden_file.pk},
    ),
    "kernel:draft": Example(
        own=lambda world, person: {"form": "trial"},
        # A form that nobody has begun yet is begun; only forms posted by a browser are kept.
        gone=frozenset({204, 405, 415}),
    ),
    "kernel:progress": Example(own=_awaited, others=_strangers),
    "kernel:cancel": Example(own=_awaited, others=_strangers),
}
