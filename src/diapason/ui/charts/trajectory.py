"""The chart of one indicator: a bar for each period, its target, and where it is going."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from diapason.ui.charts.scale import Scale, nice_ticks, svg
from diapason.ui.formats import MISSING, number
from diapason.ui.states import FILLS, State, state

WIDTH, HEIGHT = 760, 280
# The drawing of a phone; with more periods than this it is scrolled.
NARROW, NARROW_PERIODS = 340, 6
TOP, BOTTOM, GOALS_ROW, RIGHT = 34, 40, 18, 6
# Widths of a character at the sizes used, in the units of the view box, on the generous side.
TICK_CHAR, LABEL_CHAR = 7.6, 6.1


@dataclass(frozen=True, slots=True)
class Goal:
    """A period's target. Equal ends: an exact goal; one end: at least or at most; two: a range.

    `label` is the whole wording, such as "target 5" or "8 to 10"; `short` stands for it where
    the bars are too many for it (the label when left empty).
    """

    low: float | None
    high: float | None
    label: str
    short: str = ""

    @property
    def is_range(self) -> bool:
        """Whether the goal is a band rather than a line."""
        return self.low is not None and self.high is not None and self.low != self.high

    @property
    def line(self) -> float | None:
        """The value that the mark stands at: the lower end of a range."""
        return self.low if self.low is not None else self.high

    def ends(self) -> list[float]:
        """The ends that are known."""
        return [end for end in (self.low, self.high) if end is not None]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where the period is expected to end: a value between two others, and how to say it."""

    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True)
class Point:
    """One period: `value` None means missing, which is drawn as a dash and never as zero."""

    name: str
    value: float | None
    value_label: str = ""
    state: str = "unknown"
    goal: Goal | None = None
    forecast: Forecast | None = None
    url: str = ""
    current: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle; coordinates are written for SVG."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A line or a text at a place; `x2` is the end of a line, `anchor` where a text hangs."""

    x: str
    y: str
    text: str = ""
    x2: str = ""
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Column:
    """Everything drawn for one period."""

    point: Point
    face: State
    fill: str
    centre: str
    bar: Rect | None
    value: Mark
    goal_line: Mark | None = None
    goal_band: Rect | None = None
    goal_label: Mark | None = None
    forecast: Rect | None = None
    likely: Rect | None = None


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The drawing, ready for `ui/charts/trajectory.html`, and the points for its table."""

    id: str
    title: str
    description: str
    columns: list[Column]
    ticks: list[Mark]
    zero: str
    left: str
    right: str
    names_y: str
    value_heading: str
    baseline: Mark | None = None
    caption: str = ""
    width: int = WIDTH
    height: int = HEIGHT
    points: Sequence[Point] = field(default_factory=list)
    narrow: "Trajectory | None" = None

    @property
    def is_long(self) -> bool:
        """Whether a phone has no room for all its periods at once."""
        return len(self.points) > NARROW_PERIODS


def trajectory(
    points: Sequence[Point],
    *,
    title: str,
    description: str,
    id: str = "trajectory",
    caption: str = "",
    value_heading: str = "",
    baseline: tuple[float, str] | None = None,
    tick_label: Callable[[float], str] = number,
) -> Trajectory:
    """The chart of an indicator over its periods.

    `title` and `description` are what a screen reader says. `id` is unique in the page.
    `baseline` is a value and its label, drawn across. Right for negative, decreasing, huge and
    fractional values: bars always stand on zero. A narrow drawing for phones comes with it.
    """
    asked = _Asked(points, title, description, caption, value_heading, baseline, tick_label)
    long = len(points) > NARROW_PERIODS
    narrow = _drawn(asked, f"{id}-narrow", WIDTH if long else NARROW)
    return replace(_drawn(asked, id, WIDTH), narrow=narrow)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is drawn, at whatever width."""

    points: Sequence[Point]
    title: str
    description: str
    caption: str
    value_heading: str
    baseline: tuple[float, str] | None
    tick_label: Callable[[float], str]


def _drawn(asked: _Asked, id: str, width: int) -> Trajectory:
    points, baseline = asked.points, asked.baseline
    values = [p.value for p in points if p.value is not None]
    for point in points:
        values += point.goal.ends() if point.goal else []
        values += [point.forecast.low, point.forecast.high] if point.forecast else []
    values += [baseline[0]] if baseline else []
    ticks = nice_ticks(values)
    labels = [asked.tick_label(tick) for tick in ticks]
    left = 14 + TICK_CHAR * max(len(label) for label in labels)
    right = width - RIGHT
    band, beside = _layout(points, right - left)
    # Targets that do not fit beside their lines are written in a row of their own, under the names.
    floor = HEIGHT - BOTTOM - (0 if beside else GOALS_ROW)
    y = Scale(ticks[0], ticks[-1], floor, TOP)
    columns = [
        _column(point, y, left + band * (place + 0.5), band, beside)
        for place, point in enumerate(points)
    ]
    return Trajectory(
        id=id,
        title=asked.title,
        description=asked.description,
        columns=columns,
        ticks=[
            Mark(svg(left - 10), svg(y(tick)), label, svg(right))
            for tick, label in zip(ticks, labels, strict=True)
        ],
        zero=svg(y(0)),
        left=svg(left),
        right=svg(right),
        names_y=svg(floor + 26),
        value_heading=asked.value_heading,
        baseline=baseline and Mark(svg(left), svg(y(baseline[0])), baseline[1], svg(right)),
        caption=asked.caption,
        width=width,
        points=points,
    )


def _layout(points: Sequence[Point], width: float) -> tuple[float, bool]:
    """The width of a period, and whether the targets' labels fit beside their lines."""
    band = width / max(len(points), 1)
    widest = max((len(p.goal.label) * LABEL_CHAR + 8 for p in points if p.goal), default=0)
    # The last label needs room at the right edge, which the periods give up together.
    spare = max(0.0, widest - (band / 2 - _reach(band)))
    narrowed = (width - spare) / max(len(points), 1)
    if widest <= narrowed - 2 * _reach(narrowed):
        return narrowed, True
    return band, False


def _fits(text: str, room: float) -> bool:
    return len(text) * LABEL_CHAR <= room


def _half(band: float) -> float:
    return min(34.0, band * 0.3)


def _reach(band: float) -> float:
    return min(_half(band) + 14, band * 0.46)


def _column(point: Point, y: Scale, centre: float, band: float, beside: bool) -> Column:
    half, reach = _half(band), _reach(band)
    face = state(point.state)
    bar = None if point.value is None else _box(centre - half, y(point.value), half * 2, y(0))
    goal = point.goal
    line = label = zone = None
    taken: tuple[float, float] | None = None
    if goal and goal.line is not None:
        at = y(goal.line)
        top = at if goal.high is None else min(at, y(goal.high))
        line = Mark(svg(centre - reach), svg(at), x2=svg(centre + reach))
        taken = (top, at)
        if goal.is_range:
            zone = _box(centre - reach, top, reach * 2, at)
        if beside:
            label = Mark(svg(centre + reach + 5), svg(at + 4), goal.label, anchor="start")
        else:
            words = (
                goal.label,
                goal.short,
                "–".join(number(end) for end in sorted({*goal.ends()})),
            )
            text = next((t for t in words if t and _fits(t, band - 6)), "")
            label = Mark(svg(centre), svg(HEIGHT - 13), text)
    return Column(
        point=point,
        face=face,
        fill=FILLS[face.tone],
        centre=svg(centre),
        bar=bar,
        value=_value(point, y, centre, taken),
        goal_line=line,
        goal_band=zone,
        goal_label=label,
        forecast=_forecast(point, y, centre, half),
        likely=_likely(point, y, centre, half),
    )


def _forecast(point: Point, y: Scale, centre: float, half: float) -> Rect | None:
    if point.forecast is None:
        return None
    start = y(point.value or 0)
    # The end farthest from what has already happened.
    end = max((y(point.forecast.high), y(point.forecast.low)), key=lambda place: abs(place - start))
    return _box(centre - half, start, half * 2, end)


def _likely(point: Point, y: Scale, centre: float, half: float) -> Rect | None:
    """What is still to come even at the prudent end of the forecast."""
    if point.forecast is None:
        return None
    start, ends = y(point.value or 0), (y(point.forecast.low), y(point.forecast.high))
    if (ends[0] - start) * (ends[1] - start) <= 0:
        return None
    near = min(ends, key=lambda place: abs(place - start))
    return _box(centre - half, start, half * 2, near)


def _value(point: Point, y: Scale, centre: float, taken: tuple[float, float] | None) -> Mark:
    """Where the number stands: outside its bar, clear of the target's line and of its label."""
    if point.value is None:
        return Mark(svg(centre), svg(y(0) - 9), MISSING)
    text = point.value_label or number(point.value)
    if point.value < 0:
        return Mark(svg(centre), svg(y(point.value) + 19), text)
    at = y(point.value) - 8
    # The digits take about 17 units above their baseline.
    if taken is not None and at - 17 < taken[1] and at + 3 > taken[0]:
        at = taken[0] - 6
    return Mark(svg(centre), svg(max(at, 15)), text)


def _box(x: float, y1: float, width: float, y2: float) -> Rect:
    top, bottom = sorted((y1, y2))
    return Rect(svg(x), svg(top), svg(width), svg(bottom - top))
