"""Tables for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()
) -> str:
    """The rows under their headings in aligned columns; those of `right` end at the right."""
    every = [list(headings), *rows]
    widths = [max(_width(row[column]) for row in every) for column in range(len(headings))]
    rule = ["─" * width for width in widths]
    return "\n".join(_line(row, widths, right) for row in [every[0], rule, *every[1:]])


def _line(cells: Sequence[str], widths: Sequence[int], right: Collection[int]) -> str:
    padded = []
    for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        space = " " * (width - _width(cell))
        padded.append(space + cell if column in right else cell + space)
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """The columns that a text takes: none for what combines, two for what is wide."""
    return sum(
        0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )
