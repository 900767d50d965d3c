"""What people hand in: a goal that was decided, a figure that they declare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Goal:
    """A target: at least `low`, at most `high`; both where it is a range.

    A single value is `low == high == value` with `exact`; whether more or less is better decides
    which side counts. `per_event`: the goal holds at each event of the period. `unknown`: the
    plan says that the target is still to be set.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    exact: bool = False
    per_event: bool = False
    unknown: bool = False

    @property
    def is_range(self) -> bool:
        return not self.exact and self.low is not None and self.high is not None


@dataclass(frozen=True, kw_only=True)
class DeclaredValue:
    """A figure as somebody gives it, in the indicator's unit.

    `denominator`: what it is out of, for a ratio or a cohort. `source` says where it comes from.
    """

    value: Decimal
    on: date
    source: str
    denominator: Decimal | None = None
    link: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ReadingRow:
    """A line of a spreadsheet of figures; `number` is its number there, `indicator` a code."""

    number: int
    indicator: str
    value: DeclaredValue


@dataclass(frozen=True)
class LineMoney:
    """What a budget line holds, in cents.

    `planned_cents` is the upper amount of a range, for all years where the line comes back each
    year, and None where it is still to be specified.
    """

    planned_cents: int | None
    committed_cents: int
    spent_cents: int

    @property
    def over_cents(self) -> int:
        """By how much what was spent exceeds what was planned; 0 where it does not."""
        if self.planned_cents is None:
            return 0
        return max(0, self.spent_cents - self.planned_cents)
