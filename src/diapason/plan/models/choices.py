"""The choices of a field, from an enum that names its own labels."""

from __future__ import annotations

from typing import Any


def choices_of(kind: Any) -> list[tuple[str, Any]]:
    return [(item.value, item.label) for item in kind]
