"""Secrets of personal links: the same for the same record, and told by nothing that is kept."""

from __future__ import annotations

import uuid
from typing import Any

from diapason.kernel.links import digest, personal_secret

KEY = uuid.UUID(int=7)


def test_a_link_is_of_one_record_of_one_room_of_one_server(settings: Any) -> None:
    secret = personal_secret("desk", KEY)
    assert personal_secret("desk", KEY) == secret
    settings.SECRET_KEY = "another server's own " * 3
    others = {personal_secret("desk", KEY), personal_secret("observatory", KEY)}
    others.add(personal_secret("desk", uuid.UUID(int=8)))
    assert len(others | {secret}) == 4


def test_what_is_kept_recognises_the_secret_and_does_not_hold_it() -> None:
    secret = personal_secret("desk", KEY)
    assert digest(secret) == digest(secret)
    assert digest(secret) != digest(personal_secret("desk", uuid.UUID(int=8)))
    assert secret not in digest(secret)
