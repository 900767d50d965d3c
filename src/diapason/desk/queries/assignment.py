"""Which project goes to which structure, all at once: a flow of least cost.

Each project is one unit that flows to one offer, or is left out for now:

    project → offer → structure → served          project → left out

An arc leads from a project to an offer that answers at least one of its needs, in its sector and
its commune as far as both are known, unless its structure has declined the project. An offer lets
through as many units as it has free seats, so nothing is ever over capacity.
The cost of what is chosen is the sum of:

| part | cost |
|---|---|
| a project left out | more than all else together could save: as many as possible are placed |
| · and the days that it has waited | `DAY` each, up to `MOST_DAYS`: the longest come first |
| needs that the offer does not answer | `MISSED_NEEDS`, in proportion to the needs asked |
| a stage that the offer does not usually take | `OTHER_STAGE` |
| a language in which the offer is not given | `OTHER_LANGUAGE` |
| · all three more for who was declined or waits | × `impatience`: they go where a yes is likely |
| each seat that a structure fills | `CROWDED` × the part of its seats then in use |
| each answer that it then owes | `AWAITED` × its projects that await an answer ÷ its seats |

The last two grow with each seat, so that projects spread over the structures in proportion to what
they have room for, and go where an answer comes soon, rather than all to the best one. A day of
waiting outweighs any of this: who is left out is decided by waiting, who goes where by the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

MISSED_NEEDS = 300
OTHER_STAGE = 200
OTHER_LANGUAGE = 250
CROWDED = 100
AWAITED = 300
# A misfit counts once more for each structure that declined, and for each `LONG` days of waiting.
MOST_DECLINED, LONG, MOST_LONG = 4, 10, 6
_WORST_FIT = (MISSED_NEEDS + OTHER_STAGE + OTHER_LANGUAGE) * (1 + MOST_DECLINED + MOST_LONG)
_DEAREST_SEAT = _WORST_FIT + CROWDED + AWAITED
DAY, MOST_DAYS = _DEAREST_SEAT + 1, 1000


@dataclass(frozen=True)
class Asking:
    """A project that waits; `refused` are the structures that it may not go to (again). Empty words
    are not known."""

    key: int
    stage: str
    needs: frozenset[str]
    days: int
    refused: frozenset[int] = frozenset()
    sector: str = ""
    commune: str = ""
    language: str = ""


@dataclass(frozen=True)
class Giving:
    """An offer, how many of its seats may still be given, and how many await an answer there. No
    sectors, communes or languages are all of them."""

    key: int
    structure: int
    stages: frozenset[str]
    needs: frozenset[str]
    seats: int
    free: int
    awaited: int = 0
    sectors: frozenset[str] = frozenset()
    communes: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


class Why(Enum):
    """Why a project cannot be placed."""

    NOBODY = "nobody answers any of its needs"
    ELSEWHERE = "all who answer them are for other sectors or communes"
    REFUSED = "all who answer them have declined it"
    FULL = "all who answer them are full or away"
    OTHERS = "the free seats go to projects that come first"


@dataclass(frozen=True)
class Assigned:
    """`placed`: the offer of each project that has one; `left`: why the others have none."""

    placed: Mapping[int, int]
    left: Mapping[int, Why]
    cost: int


def suits(asking: Asking, giving: Giving) -> bool:
    """Whether the project may go there, seats aside."""
    return (
        giving.structure not in asking.refused
        and bool(asking.needs & giving.needs)
        and reaches(asking, giving)
    )


def reaches(asking: Asking, giving: Giving) -> bool:
    """Whether the offer is for the project's sector and commune, as far as both are known."""
    return among(asking.sector, giving.sectors) and among(asking.commune, giving.communes)


def among(word: str | None, words: Collection[str]) -> bool:
    """Whether an offer for these words is for this one: it is where the word is not known, and
    where the offer names none, being for all."""
    return not word or not words or word in words


def misfit(asking: Asking, giving: Giving) -> int:
    """What it costs that the offer is not quite what the project asks for."""
    missed = len(asking.needs - giving.needs)
    stage = 0 if asking.stage in giving.stages else OTHER_STAGE
    language = 0 if among(asking.language, giving.languages) else OTHER_LANGUAGE
    apart = MISSED_NEEDS * missed // len(asking.needs) + stage + language
    return apart * impatience(asking) // LONG


def impatience(asking: Asking) -> int:
    """How much a misfit counts for a project, in parts of `LONG`: another "no" costs most to who
    has lost time already."""
    declined = min(len(asking.refused), MOST_DECLINED)
    return LONG * (1 + declined) + min(asking.days, LONG * MOST_LONG)


def filling(used: int, awaited: int, seats: int) -> int:
    """What it costs to fill the `used`-th seat of a structure's `seats`, which makes it owe the
    `awaited`-th answer."""
    return (CROWDED * used + AWAITED * min(awaited, seats)) // seats


def left_out(asking: Asking, together: int) -> int:
    """What it costs to leave out one of `together` projects."""
    return 1 + together * (_DEAREST_SEAT + DAY * MOST_DAYS) + DAY * min(asking.days, MOST_DAYS)


def assign(askings: Sequence[Asking], givings: Sequence[Giving]) -> Assigned:
    """The assignment of least cost; the same for the same projects and offers, in any order."""
    waiting = sorted(askings, key=lambda one: one.key)
    rooms = sorted((one for one in givings if one.free > 0), key=lambda one: one.key)
    structures = sorted({one.structure for one in rooms})
    served = 0
    node = {("case", one.key): 1 + place for place, one in enumerate(waiting)}
    node |= {("offer", one.key): len(node) + 1 + place for place, one in enumerate(rooms)}
    node |= {("structure", key): len(node) + 1 + place for place, key in enumerate(structures)}
    flow = SimpleMinCostFlow()
    choices: dict[int, tuple[int, int]] = {}
    for asking in waiting:
        here = node["case", asking.key]
        flow.set_node_supply(here, 1)
        flow.add_arc_with_capacity_and_unit_cost(here, served, 1, left_out(asking, len(waiting)))
        for giving in rooms:
            if suits(asking, giving):
                arc = flow.add_arc_with_capacity_and_unit_cost(
                    here, node["offer", giving.key], 1, misfit(asking, giving)
                )
                choices[arc] = asking.key, giving.key
    for giving in rooms:
        flow.add_arc_with_capacity_and_unit_cost(
            node["offer", giving.key], node["structure", giving.structure], giving.free, 0
        )
    for structure in structures:
        own = [one for one in givings if one.structure == structure]
        seats, free = sum(one.seats for one in own), sum(max(one.free, 0) for one in own)
        owed = sum(one.awaited for one in own)
        for more in range(1, free + 1):
            cost = filling(seats - free + more, owed + more, seats)
            flow.add_arc_with_capacity_and_unit_cost(node["structure", structure], served, 1, cost)
    flow.set_node_supply(served, -len(waiting))
    if flow.solve() != SimpleMinCostFlow.OPTIMAL:
        raise ArithmeticError("a flow through which all may be left out has a solution")
    placed = dict(choice for arc, choice in choices.items() if flow.flow(arc))
    left = {one.key: _why(one, givings) for one in waiting if one.key not in placed}
    return Assigned(placed, left, flow.optimal_cost())


def _why(asking: Asking, givings: Sequence[Giving]) -> Why:
    answering = [one for one in givings if asking.needs & one.needs]
    open_to = [one for one in answering if suits(asking, one)]
    if not answering:
        return Why.NOBODY
    if not any(reaches(asking, one) for one in answering):
        return Why.ELSEWHERE
    if not open_to:
        return Why.REFUSED
    return Why.OTHERS if any(one.free > 0 for one in open_to) else Why.FULL
