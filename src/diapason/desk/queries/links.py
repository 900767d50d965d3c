"""The secret of the personal link that leads to a case."""

from __future__ import annotations

from uuid import UUID

from diapason.kernel import links


def personal_secret(request_key: UUID) -> str:
    """The secret of the personal link of the request with that key."""
    return links.personal_secret("desk", request_key)
