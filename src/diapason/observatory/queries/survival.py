"""Survival with censoring: what is known of enterprises that nobody has followed for long enough.

The product-limit estimate of Kaplan and Meier (1958): at each end, the share of those at risk
that goes on; who is lost from sight counts until then, and no longer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Followed:
    """One enterprise, followed for so many days; `ended` where it stopped then, and else it was
    still active when last heard of."""

    days: int
    ended: bool


@dataclass(frozen=True)
class Step:
    """From this day on: the share still active, how many were at risk just before, how many ends
    and how many lost from sight on that day."""

    days: int
    share: Fraction
    at_risk: int
    ends: int
    lost: int


def survival(followed: Iterable[Followed]) -> list[Step]:
    """The estimate at each day on which somebody stopped or was lost from sight, exactly."""
    every = list(followed)
    ends = Counter(one.days for one in every if one.ended)
    lost = Counter(one.days for one in every if not one.ended)
    at_risk, share, steps = len(every), Fraction(1), []
    for day in sorted(ends.keys() | lost.keys()):
        share *= 1 - Fraction(ends[day], at_risk)
        steps.append(Step(day, share, at_risk, ends[day], lost[day]))
        at_risk -= ends[day] + lost[day]
    return steps


def at(steps: Sequence[Step], day: int, total: int) -> tuple[Fraction, int]:
    """The share still active after so many days, and how many were still followed then."""
    share, gone = Fraction(1), 0
    for step in steps:
        if step.days > day:
            break
        share = step.share
        gone += step.ends + (step.lost if step.days < day else 0)
    return share, total - gone
