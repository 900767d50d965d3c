"""How a number is made of its rows, and `fold`, the same thing in plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Count:
    """The number of rows."""


@dataclass(frozen=True)
class CountDistinct:
    """The number of different entities among the rows."""


@dataclass(frozen=True)
class Sum:
    """The sum of the rows' amounts."""


@dataclass(frozen=True)
class Ratio:
    """The sum of the amounts over the sum of the denominators, never a mean of ratios.

    `scale` is 100 where the unit is percent.
    """

    scale: int = 1


@dataclass(frozen=True)
class Latest:
    """The amount of the last row, by date then by order of recording."""


Value = Count | CountDistinct | Sum | Ratio | Latest


@dataclass(frozen=True)
class Line:
    """One row of evidence as a reader sees it.

    `named` is False where the reader may not open the record: the line still counts, without
    label, link or (where the evidence is confidential) amount.
    """

    on: date | None
    label: str
    named: bool
    amount: Decimal | None
    denominator: Decimal | None
    entity: Any
    url: str
    reference: str
    dimensions: Mapping[str, Any]


@dataclass(frozen=True)
class Number:
    """What an evidence says.

    `value` is None where nothing is known (never zero for unknown) or where it is `withheld`
    because it would disclose somebody's own figure. `rows` counts the rows behind it, `entities`
    the different entities among them (None where the evidence names no entity), `expected` the
    entities that were asked, where the evidence knows ("9 of 14 replied").
    """

    value: Decimal | None
    rows: int
    entities: int | None = None
    expected: int | None = None
    withheld: bool = False


def fold(value: Value, lines: Iterable[Line]) -> Decimal | None:
    """The number that these lines make, computed line by line.

    The page shows it beside `Evidence.number`, which the database computed; tests hold the two
    equal for every measure, reader, filter and period. None over no line for a ratio and a latest.
    """
    listed = list(lines)
    match value:
        case Count():
            return Decimal(len(listed))
        case CountDistinct():
            return Decimal(len({line.entity for line in listed if line.entity is not None}))
        case Sum():
            return sum((line.amount or Decimal(0) for line in listed), Decimal(0))
        case Ratio(scale):
            below = sum((line.denominator or Decimal(0) for line in listed), Decimal(0))
            above = sum((line.amount or Decimal(0) for line in listed), Decimal(0))
            return scale * above / below if below else None
        case Latest():
            return listed[-1].amount if listed else None
