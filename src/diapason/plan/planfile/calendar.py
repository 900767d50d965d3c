"""Period keys of a plan file: which are well written, and which touch the plan's dates."""

import re
from datetime import date

KINDS = {
    "calendar_year": re.compile(r"(\d{4})"),
    "school_year": re.compile(r"(\d{4})-(\d{4})"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
}
WHOLE_PLAN = "plan"


def day(value: object) -> date | None:
    """The date that a text writes, or None."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def kind_of(key: str) -> str | None:
    """The kind of period that a key is written as."""
    for kind, pattern in KINDS.items():
        if pattern.fullmatch(key):
            return kind
    return None


def bounds(key: str) -> tuple[date, date] | None:
    """First and last day of a period key; None when it is no possible period.

    A school year runs from 1 September to 31 August.
    """
    kind = kind_of(key)
    if kind is None or not "1900" <= key[:4] <= "2999":
        return None
    year = int(key[:4])
    if kind == "calendar_year":
        return date(year, 1, 1), date(year, 12, 31)
    if kind == "school_year":
        if int(key[5:]) != year + 1:
            return None
        return date(year, 9, 1), date(year + 1, 8, 31)
    month = 3 * int(key[-1]) - 2
    last = {1: 31, 4: 30, 7: 30, 10: 31}[month]
    return date(year, month, 1), date(year, month + 2, last)


def example(kind: str, starts: date | None) -> str:
    """A key of this kind, at the plan's beginning."""
    first = starts or date(2019, 1, 1)
    if kind == "school_year":
        year = first.year if first.month >= 9 else first.year - 1
        return f"{year}-{year + 1}"
    if kind == "quarter":
        return f"{first.year}-Q{(first.month + 2) // 3}"
    return f"{first.year}"
