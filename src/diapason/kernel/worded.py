"""Closed lists whose every member has words for people."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self


class Worded(StrEnum):
    """A closed list; each member stands with its words, lazily translated:

    IDEA = "idea", _("Idea")
    """

    label: Any

    def __new__(cls, value: str, label: Any = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, Any]]:
        """The members and their words, as choices of a form field."""
        return [(one.value, one.label) for one in cls]
