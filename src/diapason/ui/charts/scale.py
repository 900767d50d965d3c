"""From values to places: nice ticks, and numbers written for SVG whatever the language."""

import math
from collections.abc import Iterable


def svg(value: float) -> str:
    """A coordinate as SVG wants it: a point for the decimals, at most two of them."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def nice_step(span: float, wanted: int = 4, *, whole: bool = False) -> float:
    """The step of 1, 2 or 5 times a power of ten nearest to `span / wanted`, not below 1 if whole.

    `span` is positive.
    """
    raw = span / wanted
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if raw <= m * power * (1 + 1e-9))
    return max(step, 1.0) if whole else step


def nice_ticks(values: Iterable[float], wanted: int = 4) -> list[float]:
    """Few round values, evenly apart, from at or below the least to at or above the greatest.

    Zero is always among them: bars stand on it. Whole values get whole ticks.
    """
    known = [0.0, *(float(value) for value in values)]
    low, high = min(known), max(known)
    if high - low <= 0:
        high = 1.0
    whole = all(value == int(value) for value in known)
    step = nice_step(high - low, wanted, whole=whole)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [n * step for n in range(first, last + 1)]


class Scale:
    """A linear scale from a domain of values to a range of coordinates (which may run backwards).

    A domain of no length sends everything to the start of the range.
    """

    __slots__ = ("_end", "_high", "_low", "_start")

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self._low, self._high, self._start, self._end = low, high, start, end

    def __call__(self, value: float) -> float:
        if self._high <= self._low:
            return self._start
        held = min(max(value, self._low), self._high)
        # The share first: a slope would overflow on a domain of the smallest numbers.
        share = (held - self._low) / (self._high - self._low)
        return self._start + share * (self._end - self._start)
