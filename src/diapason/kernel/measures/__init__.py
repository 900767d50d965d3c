"""Measures: the numbers that rooms offer to the plan, each one its own proof.

A room declares a measure as a function from a window to an `Evidence`. The one `Evidence` gives
the number, its disaggregations and its rows; nothing else computes a figure, so the rows on the
page always add up to the number above them, whoever reads it.

    @measure("desk.enterprises_incubated", unit=Unit.ENTERPRISES, tables=("desk_case",))
    def enterprises_incubated(window: Window) -> Evidence:
        '''Distinct enterprises whose incubation began in the window.'''
        return Evidence(rows=..., on="began_on", label="enterprise__name",
                        entity="enterprise_id", value=CountDistinct(), by={"sector": "sector"})

A measure for cohorts also takes `lag_years` and `at`: its window is that in which the cohort's
members entered, and it tells what is known of them `lag_years` later, or at `at` if that is sooner.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from diapason.kernel.measures.evidence import Evidence, Guarded
from diapason.kernel.measures.values import (
    Count,
    CountDistinct,
    Latest,
    Line,
    Number,
    Ratio,
    Sum,
    Value,
    fold,
)  # fmt: skip
from diapason.kernel.units import UNIT_NAMES, Unit

__all__ = [
    "UNIT_NAMES", "Count", "CountDistinct", "Evidence",
    "Guarded", "Latest", "Line", "Measure", "Number",
    "Ratio", "Sum", "Unit", "UnknownMeasure", "Value", "find", "fold", "measure", "offered",
]  # fmt: skip


class UnknownMeasure(LookupError):
    """No installed room offers a measure of that key."""


@dataclass(frozen=True)
class Measure:
    """A measure in the registry.

    `tables` are the tables whose change can change the number; pages kept for unchanged data are
    kept on their stamps. `reads` gives them where they are known only once every room has made its
    offers. `digest` names this version of the definition: a published report
    stores it, and says so when a figure differs because the definition did.
    """

    key: str
    unit: Unit
    title: Any
    evidence: Callable[..., Evidence]
    reads: Callable[[], tuple[str, ...]]
    digest: str

    @property
    def tables(self) -> tuple[str, ...]:
        return self.reads()

    @property
    def room(self) -> str:
        return self.key.partition(".")[0]

    @property
    def definition(self) -> str:
        return inspect.getdoc(self.evidence) or ""


_registry: dict[str, Measure] = {}


def measure(
    key: str,
    *,
    unit: Unit,
    tables: tuple[str, ...] | Callable[[], tuple[str, ...]],
    title: Any = "",
) -> Callable[[Callable[..., Evidence]], Callable[..., Evidence]]:
    """Offer a function as the measure `key` (`room.name`).

    `tables`: the tables that the evidence reads, or what gives them; each has the `Stamped`
    trigger.
    Raises ValueError when the key is taken by another function or has no room in front, or when
    no table is named.
    """

    def offer(function: Callable[..., Evidence]) -> Callable[..., Evidence]:
        room, dot, name = key.partition(".")
        if not (room and dot and name):
            raise ValueError(f"a measure's key is `room.name`, not {key!r}")
        if not tables:
            raise ValueError(f"the measure {key!r} must name the tables that it reads")
        taken = _registry.get(key)
        if taken is not None and taken.evidence.__qualname__ != function.__qualname__:
            raise ValueError(f"the measure {key!r} is already offered")
        reads = tables if callable(tables) else lambda: tables
        digest = hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:16]
        _registry[key] = Measure(key, unit, title, function, reads, digest)
        return function

    return offer


def find(key: str) -> Measure:
    """The measure of that key. Raises `UnknownMeasure` when no installed room offers it."""
    try:
        return _registry[key]
    except KeyError as error:
        raise UnknownMeasure(key) from error


def offered() -> dict[str, Measure]:
    """Every measure of the installed rooms, by key."""
    return dict(sorted(_registry.items()))
