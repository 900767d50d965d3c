"""Who entered a support or was shown at an event, whichever room says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from diapason.directory.api import survivors
from diapason.kernel.periods import Window
from diapason.kernel.registries import CohortKind, cohorts

_ALWAYS = date(1900, 1, 1)
ONE_DAY = timedelta(days=1)


def first_entries(kind: CohortKind, window: Window) -> dict[int, date]:
    """The organisations whose first entry of that kind lies in the window, with its day."""
    first: dict[int, date] = {}
    for organisation, day in _entries(kind, window.end):
        first[organisation] = min(day, first.get(organisation, day))
    alive = survivors(first)
    known: dict[int, date] = {}
    for organisation, day in first.items():
        stands_for_it = alive.get(organisation, organisation)
        known[stands_for_it] = min(day, known.get(stands_for_it, day))
    return {one: day for one, day in known.items() if day >= window.start}


def entered_before(kind: CohortKind, day: date) -> dict[int, date]:
    """The same since ever, up to a day that is not included."""
    return first_entries(kind, Window(min(_ALWAYS, day), day))


def _entries(kind: CohortKind, end: date) -> Iterator[tuple[int, date]]:
    for cohort in cohorts:
        if cohort.kind is kind:
            for entry in cohort.entries(Window(min(_ALWAYS, end), end)):
                if entry.entity is not None:
                    yield entry.entity, entry.entered_on


def tables(kind: CohortKind) -> tuple[str, ...]:
    """What the cohorts of that kind are read from."""
    found = {name for cohort in cohorts if cohort.kind is kind for name in cohort.tables}
    return tuple(sorted(found))
