"""Files with headings of their own: which of our columns each of theirs may be.

found = columns_in(upload, COLUMNS)           # what is there, with a guess for each
reading = read(upload, COLUMNS, places={"name": 0, "siret": 4})
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from diapason.kernel.spreadsheets.columns import letters
from diapason.kernel.spreadsheets.parsing import fold
from diapason.kernel.spreadsheets.reading import Column, filled, open_list

SAMPLES = 3


@dataclass(frozen=True)
class FoundColumn:
    """A column of a file: its letter and heading, its first values, and the key of the column of
    ours that its heading tells, empty where it tells none."""

    place: int
    letter: str
    heading: str
    samples: tuple[str, ...]
    guess: str


def columns_in(upload: Any, columns: Sequence[Column], *, field: str = "") -> list[FoundColumn]:
    """The columns of the file's first sheet that have a heading or a value.

    Raises Refusal for a file that is no list, too big, or without a row.
    """
    opened = open_list(upload, columns, field=field)
    guesses = _guessed([fold(cell) for cell in opened.headings], columns)
    found = []
    for place in range(max(map(len, [opened.headings, *opened.rows]))):
        heading = _cell(opened.headings, place)
        values = (_cell(row, place) for row in opened.rows)
        samples = tuple(dict.fromkeys(value for value in values if value))[:SAMPLES]
        if heading or samples:
            guess = guesses.get(place, "")
            found.append(FoundColumn(place, letters(place), heading, samples, guess))
    return found


def _cell(row: Sequence[Any], place: int) -> str:
    cell = row[place] if place < len(row) else None
    if not filled(cell):
        return ""
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


def _guessed(headings: Sequence[str], columns: Sequence[Column]) -> dict[int, str]:
    """The column of ours for each place; each of ours once.

    A heading that is a name of ours comes before one that only holds its words ("nom de la
    structure" holds "nom"), and of those the one that says least besides.
    """
    ranked = []
    for place, heading in enumerate(headings):
        words = set(heading.split())
        for order, column in enumerate(columns):
            for name in column.names():
                if name and set(name.split()) <= words:
                    ranked.append((len(heading) - len(name), order, place, column.key))
    guesses: dict[int, str] = {}
    for _besides, _order, place, key in sorted(ranked):
        if place not in guesses and key not in guesses.values():
            guesses[place] = key
    return guesses
