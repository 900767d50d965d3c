"""Secrets of personal links and of keys: none is kept, only what recognises it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.crypto import salted_hmac


def personal_secret(room: str, key: Any) -> str:
    """The secret of the personal link that a room gives out for the record with that key.

    Made of the key and of the server's own: the form sent twice gives the same link twice, a
    reminder gives it again, and neither the key nor the table alone opens it.
    """
    salt = f"diapason.{room}.personal-link"
    return salted_hmac(salt, str(key), algorithm="sha256").hexdigest()


def digest(secret: str) -> str:
    """What is kept of a secret of 256 random bits: no salt is needed against guessing."""
    return hashlib.sha256(secret.encode()).hexdigest()
