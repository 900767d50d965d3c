"""Charts that are strips: placed in percents, so that they take the width that the page gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext

from diapason.kernel import clock
from diapason.ui.charts.scale import Scale, svg
from diapason.ui.formats import MISSING, span
from diapason.ui.states import FILLS, State, state

# A target's mark stands here, so that what goes beyond it can be seen.
GOAL_PLACE = 0.88


@dataclass(frozen=True, slots=True)
class Bar:
    """A small bar against its target; places are percents of its width."""

    name: str
    text: str
    face: State
    fill: str
    start: str | None
    width: str | None
    goal: str | None = None
    zone_width: str | None = None
    url: str = ""


def bar(
    value: float | None,
    *,
    value_label: str = "",
    low: float | None = None,
    high: float | None = None,
    goal_label: str = "",
    status: str = "unknown",
    name: str = "",
    url: str = "",
) -> Bar:
    """A value against a target: `low == high` exact, one of them a bound, both a range.

    With `url` the whole bar is a link, to what the number is made of.

    The text is "3 / 5", or the value alone without a target; a missing value is a dash. Without
    a target there is nothing to measure against: no bar is drawn, only the number.
    """
    ends = [end for end in (low, high) if end is not None]
    scale = _bar_scale(value, ends)
    face = state(status)
    known = value_label if value is not None else MISSING
    start = width = goal = zone = None
    if value is not None and ends:
        first, last = sorted((scale(0), scale(value)))
        start, width = svg(first), svg(last - first)
    if ends:
        place = scale(ends[0])
        goal = svg(place)
        if len(ends) == 2 and ends[0] != ends[1]:
            zone = svg(scale(ends[1]) - place)
    return Bar(
        name=name,
        text=f"{known} / {goal_label}" if goal_label else known,
        face=face,
        fill=FILLS[face.tone],
        start=start,
        width=width,
        goal=goal,
        zone_width=zone,
        url=url,
    )


def _bar_scale(value: float | None, ends: list[float]) -> Scale:
    known = [0.0, *ends, *([] if value is None else [value])]
    low, high = min(known), max(known)
    if ends and max(ends) > 0:
        high = max(max(ends) / GOAL_PLACE, high / 0.98)
    elif high > 0:
        high /= 0.98
    if low < 0:
        low /= GOAL_PLACE
    return Scale(low, high, 0, 100)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a breakdown: its name, its number, and the number as written."""

    name: str
    value: float
    label: str
    status: str = "on_track"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """A part with its place in percents."""

    part: Part
    face: State
    fill: str
    start: str
    width: str


def bars(parts: Sequence[Part]) -> list[Strip]:
    """A breakdown as horizontal bars, on one scale: for `ui/charts/bars.html`.

    Negative parts run to the left of zero.
    """
    low = min([0.0, *(p.value for p in parts)])
    high = max([0.0, *(p.value for p in parts)])
    scale = Scale(low, high, 0, 100)
    drawn = []
    for part in parts:
        first, last = sorted((scale(0), scale(part.value)))
        face = state(part.status)
        drawn.append(Strip(part, face, FILLS[face.tone], svg(first), svg(last - first)))
    return drawn


def share(parts: Sequence[Part]) -> list[Strip]:
    """Parts of a whole as one segmented bar: for `ui/charts/share.html`. None may be negative."""
    total = sum(part.value for part in parts)
    drawn, place = [], 0.0
    for part in parts:
        width = part.value / total * 100 if total else 0.0
        face = state(part.status)
        # A hair of air between segments, taken from the segment itself.
        shown = max(width - 0.3, 0.0)
        drawn.append(Strip(part, face, FILLS[face.tone], svg(place), svg(shown)))
        place += width
    return drawn


@dataclass(frozen=True, slots=True)
class Task:
    """A row of a timeline; either day may be unknown, both are included."""

    name: str
    starts: date | None
    ends: date | None
    status: str = "plain"
    state_label: str = ""
    detail: str = ""
    url: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class TaskStrip:
    """A task with its place in percents, or none where no day is known."""

    task: Task
    days: str
    face: State
    fill: str
    start: str | None
    width: str | None
    open_start: bool
    open_end: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A line across a timeline, with its label when it has one."""

    place: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A timeline by month, for `ui/charts/timeline.html`: a table whose last column is drawn."""

    title: str
    rows: list[TaskStrip]
    years: list[Step]
    months: list[Step]
    today: str | None


def timeline(
    tasks: Sequence[Task], *, title: str, first: date, last: date, today: date | None = None
) -> Timeline:
    """Tasks between two days, both included; `today` is marked when it lies among them."""
    scale = Scale(first.toordinal(), last.toordinal() + 1, 0, 100)
    today = today or clock.today()
    rows = []
    for task in tasks:
        face = state(task.status)
        start = width = None
        if task.starts or task.ends:
            begin = scale((task.starts or first).toordinal())
            end = scale((task.ends or last).toordinal() + 1)
            start, width = svg(min(begin, 99.2)), svg(max(end - begin, 0.8))
        rows.append(
            TaskStrip(
                task=task,
                days=span(task.starts, task.ends)
                if task.starts or task.ends
                else gettext("no date"),
                face=face,
                fill=FILLS[face.tone],
                start=start,
                width=width,
                open_start=task.starts is None,
                open_end=task.ends is None,
            )
        )
    inside = first <= today <= last
    return Timeline(
        title=title,
        rows=rows,
        years=_years(scale, first, last),
        months=_months(scale, first, last),
        today=svg(scale(today.toordinal())) if inside else None,
    )


def _years(scale: Scale, first: date, last: date) -> list[Step]:
    steps = []
    for year in range(first.year, last.year + 1):
        start = max(first, date(year, 1, 1))
        steps.append(Step(svg(scale(start.toordinal())), str(year)))
    return steps


def _months(scale: Scale, first: date, last: date) -> list[Step]:
    """The starts of months, or of quarters and years where months would be too close."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    every = 1 if count <= 14 else 3 if count <= 60 else 12
    steps = []
    for index in range(count):
        month = (first.month - 1 + index) % 12 + 1
        start = date(first.year + (first.month - 1 + index) // 12, month, 1)
        if start > first and (month - 1) % every == 0:
            label = str(MONTHS_3[month]) if every == 1 else ""
            steps.append(Step(svg(scale(start.toordinal())), label))
    return steps
