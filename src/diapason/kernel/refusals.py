"""How an action says no to a person."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An action that cannot be done, in words that say what to do instead.

    `message` is already in the reader's language (or lazily translated). `field` names the form
    field beside which to say it; empty, it stands above the form.
    """

    def __init__(self, message: Any, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)
