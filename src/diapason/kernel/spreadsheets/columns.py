"""Kinds of cells, and what may stand in a cell."""

from __future__ import annotations

import re
from enum import StrEnum

# What XML, and therefore a spreadsheet, cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# A text that a spreadsheet would take for a formula, whatever quotes protect it already.
_FORMULA = re.compile(r"^'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")


class Kind(StrEnum):
    """What a column holds.

    MONEY is in whole cents, as everywhere in the product; a spreadsheet shows units of currency.
    PERCENT is a share from 0 to 1. MOMENT is a date and time.
    """

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    MOMENT = "moment"
    YES_NO = "yes_no"
    STATUS = "status"

    @property
    def is_number(self) -> bool:
        return self in {Kind.NUMBER, Kind.MONEY, Kind.PERCENT}


def legible(text: str) -> str:
    """The text without the control characters that no spreadsheet can hold."""
    return _FORBIDDEN.sub("", text)


def guard(text: str) -> str:
    """The text with a quote before what a spreadsheet would run as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguard(text: str) -> str:
    """The text that `guard` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def letters(index: int) -> str:
    """The name of a column from its place: 0 is A, 25 is Z, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
