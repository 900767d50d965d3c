"""A second, naive evaluator: plain Python over plain records, written from the plan's rules and
from nothing of the product, to hold the product's figures against."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction


@dataclass
class NaiveReading:
    on: date
    value: Fraction
    denominator: Fraction | None
    approved: bool
    order: int


@dataclass
class NaiveIndicator:
    code: str
    aggregation: str
    direction: str
    percent: bool
    whole: bool
    lag: int
    baseline: Fraction | None
    goals: dict[int, tuple[Fraction | None, Fraction | None, bool, bool]]
    """By year: low, high, whether it is a range, whether it holds at each event."""
    unknown_goals: set[int] = field(default_factory=set)
    readings: list[NaiveReading] = field(default_factory=list)


@dataclass
class NaivePlan:
    first: date
    last: date
    indicators: list[NaiveIndicator]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _shift(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29):
        return (
            date(day.year + years, 3, 1)
            if (day.year + years) % 4
            else date(day.year + years, 2, 29)
        )
    return date(day.year + years, day.month, day.day)


def evaluate(plan: NaivePlan, at: date) -> dict[tuple[str, int], tuple[Fraction | None, str, int]]:
    """Value, status and number of rows of each indicator and year."""
    answers = {}
    for indicator in plan.indicators:
        for year in range(plan.first.year, plan.last.year + 1):
            first = max(date(year, 1, 1), plan.first)
            last = min(date(year, 12, 31), plan.last)
            answers[indicator.code, year] = _one(plan, indicator, year, first, last, at)
    return answers


def _one(plan, indicator, year, first, last, at):
    look_first, look_last = first, last
    if indicator.aggregation in ("cumulative", "distinct"):
        look_first = plan.first
    if at < first:
        return None, "unknown", 0
    if indicator.aggregation == "cohort":
        look_first = _shift(first, indicator.lag)
        look_last = _shift(last + timedelta(days=1), indicator.lag) - timedelta(days=1)
    counted = sorted(
        (
            reading
            for reading in indicator.readings
            if reading.approved and look_first <= reading.on <= look_last and reading.on <= at
        ),
        key=lambda reading: (reading.on, reading.order),
    )
    value = _value(indicator, counted)
    if value is None or year in indicator.unknown_goals or year not in indicator.goals:
        return value, "unknown", len(counted)
    pace_first, pace_last = first, last
    if indicator.aggregation == "cohort":
        pace_first, pace_last = look_first, look_last
    all_days = _days(pace_first, pace_last)
    elapsed = Fraction(sum(1 for day in all_days if day <= at), len(all_days))
    return value, _status(indicator, year, value, elapsed, counted), len(counted)


def _value(indicator, counted):
    if not counted:
        return None
    kind = indicator.aggregation
    if kind == "latest":
        return counted[-1].value
    if kind in ("ratio", "cohort"):
        below = sum(reading.denominator or 0 for reading in counted)
        scale = 100 if indicator.percent else 1
        return scale * sum(reading.value for reading in counted) / below if below else None
    if kind == "per_event":
        return sum(reading.value for reading in counted) / len(counted)
    return sum(reading.value for reading in counted)


def _asked(indicator, goal):
    low, high, _is_range, _per_event = goal
    order = (low, high) if indicator.direction == "more" else (high, low)
    return order[0] if order[0] is not None else order[1]


def _status(indicator, year, value, elapsed, counted):
    low, high, is_range, per_event = goal = indicator.goals[year]
    more = indicator.direction == "more"
    if per_event:
        good = [
            reading
            for reading in counted
            if (reading.value >= low if low is not None else reading.value <= high)
        ]
        if len(good) == len(counted):
            return "on_track"
        return "missed" if elapsed == 1 else "at_risk"
    asked = _asked(indicator, goal)
    reached = value >= asked if more else value <= asked
    edges = [edge for edge in (low, high) if edge is not None]
    beyond = value > max(edges) if more else value < min(edges)
    if elapsed == 1:
        return "missed" if not reached else "ahead" if beyond else "on_track"

    earlier = [
        _asked(indicator, indicator.goals[before])
        for before in sorted(indicator.goals)
        if before < year and before not in indicator.unknown_goals
    ]
    previous = earlier[-1] if earlier else None
    kind = indicator.aggregation
    if previous is None and kind in ("latest", "ratio"):
        previous = indicator.baseline
    whole = indicator.whole and kind not in ("ratio", "cohort")

    # Where the path begins; None: the goal should hold at once.
    if kind == "per_period":
        start = Fraction(0)
    elif kind in ("per_event", "cohort"):
        start = None
    elif not more and kind in ("cumulative", "distinct"):
        start = min(previous or Fraction(0), asked)
    elif previous is not None:
        start = previous if (previous < asked if more else previous > asked) else None
    elif kind in ("cumulative", "distinct") or (kind == "latest" and more and asked > 0):
        start = Fraction(0)
    else:
        start = None

    if not more and kind in ("per_period", "cumulative", "distinct"):
        if not reached:
            return "missed"
        way = (asked - (start or 0)) * elapsed
        if value < (start or 0) + way * Fraction(85, 100):
            return "ahead"
        line = (start or 0) + way * Fraction(110, 100)
        return "on_track" if value <= (math.ceil(line) if whole else line) else "at_risk"

    if reached:
        if is_range or kind in ("per_event", "cohort"):
            return "ahead" if beyond else "on_track"
        return "ahead" if start is not None or beyond else "on_track"
    if start is None:
        return "at_risk"
    way = (asked - start) * elapsed
    good_line, top_line = start + way * Fraction(90, 100), start + way * Fraction(115, 100)
    if whole:
        good_line = math.floor(good_line) if more else math.ceil(good_line)
        top_line = math.ceil(top_line) if more else math.floor(top_line)
    if not is_range and (value >= top_line if more else value <= top_line):
        return "ahead"
    return "on_track" if (value >= good_line if more else value <= good_line) else "at_risk"
