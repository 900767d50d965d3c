"""Periods of time, and the keys by which files, addresses and the API name them.

| key | what | first day |
|---|---|---|
| `2019` | calendar year | 1 January |
| `2019-Q1` | calendar quarter | 1 January |
| `2019-2020` | school year (France: 1 September to 31 August) | 1 September |
| `plan` | the whole of a plan; only the plan knows its days | - |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diapason.kernel.worded import Worded

ONE_DAY = timedelta(days=1)
WHOLE_PLAN = "plan"

_CALENDAR = re.compile(r"([0-9]{4})")
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")
_SCHOOL = re.compile(r"([0-9]{4})-([0-9]{4})")


class PeriodKind(Worded):
    """The rhythm in which a plan's indicators are read."""

    CALENDAR_YEAR = "calendar_year", gettext_lazy("calendar year")
    SCHOOL_YEAR = "school_year", gettext_lazy("school year")
    QUARTER = "quarter", gettext_lazy("quarter")


@dataclass(frozen=True, order=True)
class Window:
    """A half-open stretch of days: `start` is in it, `end` is not.

    Half-open so that two neighbours never share a day and never leave one out.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a window cannot end ({self.end}) before it starts ({self.start})")

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        """The last day inside; only meaningful where the window is not empty."""
        return self.end - ONE_DAY

    def until(self, day: date) -> Window:
        """The part of the window that is over or running at the end of `day` (may be empty)."""
        if day >= self.end:  # the calendar's own last day has none after it
            return self
        return Window(self.start, max(self.start, day + ONE_DAY))

    def elapsed(self, day: date) -> float:
        """The share of the window's days that have passed at the end of `day`, from 0 to 1."""
        if not self.days:
            return 1.0 if day >= self.start else 0.0
        return self.until(day).days / self.days

    def overlaps(self, other: Window) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, order=True)
class Period:
    """A window that has a key and a name."""

    window: Window
    key: str

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The period in the reader's language: "2019", "1st quarter of 2019", "2019-2020"."""
        if self.key == WHOLE_PLAN:
            return _("whole plan")
        if quarter := _QUARTER.fullmatch(self.key):
            return _("Q%(number)s %(year)s") % {
                "number": quarter.group(2),
                "year": quarter.group(1),
            }
        return self.key


def parse(key: str) -> Period:
    """The period that `key` names.

    Raises ValueError for a key of no known form, and for `plan`, whose days only a plan knows.
    """
    if found := _CALENDAR.fullmatch(key):
        year = int(found.group(1))
        return Period(Window(date(year, 1, 1), date(year + 1, 1, 1)), key)
    if found := _QUARTER.fullmatch(key):
        year, quarter = int(found.group(1)), int(found.group(2))
        start = date(year, 3 * quarter - 2, 1)
        end = date(year + 1, 1, 1) if quarter == 4 else date(year, 3 * quarter + 1, 1)
        return Period(Window(start, end), key)
    if found := _SCHOOL.fullmatch(key):
        first, second = int(found.group(1)), int(found.group(2))
        if second == first + 1:
            return Period(Window(date(first, 9, 1), date(second, 9, 1)), key)
    raise ValueError(f"{key!r} names no period; write 2019, 2019-Q1 or 2019-2020")


def of_day(kind: PeriodKind, day: date) -> Period:
    """The period of that kind in which `day` falls."""
    if kind is PeriodKind.CALENDAR_YEAR:
        return parse(f"{day.year:04d}")
    if kind is PeriodKind.QUARTER:
        return parse(f"{day.year:04d}-Q{(day.month + 2) // 3}")
    first = day.year if day.month >= 9 else day.year - 1
    return parse(f"{first:04d}-{first + 1:04d}")


def between(kind: PeriodKind, window: Window) -> list[Period]:
    """Every period of that kind that has a day in the window, in order."""
    found = []
    day = window.start
    while day < window.end:
        period = of_day(kind, day)
        found.append(period)
        day = period.window.end
    return found


def years_later(day: date, years: int) -> date:
    """The same day some years later, earlier where negative; 1 March for a 29 February that the
    year does not have."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, month=3, day=1)
