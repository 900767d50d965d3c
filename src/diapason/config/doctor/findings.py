"""One thing that was looked at, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """GOOD: nothing to do. WARNING: it works, and could be better. FAULT: to be mended."""

    GOOD = "good"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """`check` names what was looked at and never changes with the language; `mend` says what to do
    where something is to be done."""

    check: str
    level: Level
    message: str
    mend: str = ""


def good(check: str, message: str) -> Finding:
    return Finding(check, Level.GOOD, message)


def warning(check: str, message: str, mend: str) -> Finding:
    return Finding(check, Level.WARNING, message, mend)


def fault(check: str, message: str, mend: str) -> Finding:
    return Finding(check, Level.FAULT, message, mend)
