"""Texts that people write once per language: an action's title, an indicator's definition."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.db import models
from django.utils.translation import get_language

# Signs that no eye sees: controls (but tab, end of line, and NUL, which fields refuse), marks of
# no width, those that turn the text around them, and tags. What joins letters or emoji stays.
_UNSEEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060-\u2064\u202a-\u202e\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def as_seen(text: str) -> str:
    """The text without the signs that no eye sees: they come with what is pasted, or to deceive by
    turning the text around them, and two texts that look the same would differ."""
    return _UNSEEN.sub("", text)


class Text(dict[str, str]):
    """A text by language code; `str()` gives the reader's language.

    Falls back to a language that has words: a plan in one language only stays legible to everybody.
    """

    def __str__(self) -> str:
        return self.in_language(get_language() or "")

    def __bool__(self) -> bool:
        return any(self.values())

    def in_language(self, language: str) -> str:
        found = self.get(language) or self.get(language.split("-")[0])
        return found or next((text for text in self.values() if text), "")


class TextField(models.JSONField):
    """Stores a `Text` as jsonb."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Text | None:
        loaded = super().from_db_value(value, expression, connection)
        return None if loaded is None else Text(loaded)

    def to_python(self, value: Any) -> Any:
        return Text(value) if isinstance(value, dict) else value


def bare(words: str) -> str:
    """The words without case and accents: so are they found, and so do names sort, É with E."""
    spelled = unicodedata.normalize("NFKD", words.casefold())
    return "".join(sign for sign in spelled if not unicodedata.combining(sign))
