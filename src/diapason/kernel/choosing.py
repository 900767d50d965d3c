"""Records that a form asks for, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise

# The key of a record and its name.
Choices = Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Records:
    """`few`: all of them while they can be read through, else None; `called`: those that words may
    mean; `name`: that of one, empty where there is none; `how` to write them, for people."""

    few: Callable[[], Choices | None]
    called: Callable[[str], Choices]
    name: Callable[[int], str]
    how: str | Promise = ""

    def but(self, key: int | None) -> Records:
        """The same without one of them."""

        def without(choices: Choices | None) -> Choices:
            return [choice for choice in choices or () if choice[0] != key]

        return replace(
            self,
            few=lambda: None if (few := self.few()) is None else without(few),
            called=lambda words: without(self.called(words)),
        )
