"""The periods of a plan file, on the kernel's periods."""

from datetime import date, timedelta

from diapason.kernel.periods import WHOLE_PLAN, PeriodKind, Window, of_day, parse

__all__ = ["WHOLE_PLAN", "day", "example", "kind_of", "plan_window", "window_of"]

EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


def day(value: object) -> date | None:
    """The date that a text writes, or None."""
    if not isinstance(value, str) or len(value) != 10:
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST and found.isoformat() == value else None


def plan_window(starts: object, ends: object) -> Window | None:
    """The plan's days from its first and its last, inclusive; None when they make no sense."""
    first, last = day(starts), day(ends)
    if first is None or last is None or last < first:
        return None
    return Window(first, last + timedelta(days=1))


def kind_of(key: str) -> PeriodKind | None:
    """The kind of period that a key is written as, were it a possible one or not."""
    if len(key) == 4:
        return PeriodKind.CALENDAR_YEAR
    if len(key) == 7 and key[5] == "Q":
        return PeriodKind.QUARTER
    return PeriodKind.SCHOOL_YEAR if len(key) == 9 else None


def window_of(key: str) -> Window | None:
    """The days of a period key; None when it is no possible period."""
    try:
        window = parse(key).window
    except ValueError:
        return None
    return window if EARLIEST <= window.start <= LATEST else None


def example(kind: PeriodKind, near: date | None) -> str:
    """A key of this kind, that of the day ``near`` where there is one."""
    return of_day(kind, near or date(2019, 1, 1)).key
