"""What may be published without telling anybody's own figure, even by subtraction.

A table shows a total, and the same total split by sector and by commune. Whoever reads it may add
and subtract its cells at will. Draw each sector and each commune as a point, and each enterprise
as a line from its sector to its commune; what is not shown becomes one point on its side. The
combinations of cells that tell something of a group of lines only are then the cuts of that graph:
the group stands between two parts. So nothing about fewer than `LEAST` enterprises can be worked
out if, and only if, no cut of any connected part has fewer than `LEAST` lines. A cell of too few
enterprises is the cut around its point; a commune whose enterprises are all of one sector but for
one is the cut around both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

LEAST = 5
_REST = object()

Node = tuple[int, Hashable]
Graph = dict[Node, dict[Node, int]]


@dataclass(frozen=True)
class Published:
    """Which cells may be shown."""

    total: bool
    sectors: frozenset[Any]
    communes: frozenset[Any]


def publishable(places: Mapping[Any, tuple[Any, Any]], least: int = LEAST) -> Published:
    """The cells of a table that may be shown; `places` gives each enterprise's sector and commune.

    The smallest cells go first: of a cut that tells too much, the smallest cell that makes it.
    """
    if len(places) < least:
        return Published(False, frozenset(), frozenset())
    sizes: dict[Node, int] = defaultdict(int)
    for place in places.values():
        for side in (0, 1):
            sizes[side, place[side]] += 1
    shown = {node for node, size in sizes.items() if size >= least}
    while shown:
        telling = _telling_cut(_graph(places, shown), least)
        if telling is None:
            break
        candidates = [node for node in telling if node in shown] or list(shown)
        shown.remove(min(candidates, key=lambda node: (sizes[node], node[0], str(node[1]))))
    return Published(
        True,
        frozenset(name for side, name in shown if side == 0),
        frozenset(name for side, name in shown if side == 1),
    )


def _graph(places: Mapping[Any, tuple[Any, Any]], shown: set[Node]) -> Graph:
    graph: Graph = defaultdict(lambda: defaultdict(int))
    for place in places.values():
        ends = [
            (side, place[side]) if (side, place[side]) in shown else (side, _REST)
            for side in (0, 1)
        ]
        graph[ends[0]][ends[1]] += 1
        graph[ends[1]][ends[0]] += 1
    return graph


def _telling_cut(graph: Graph, least: int) -> set[Node] | None:
    """One side of a cut of fewer than `least` lines inside a connected part; None where there is
    none."""
    waiting = set(graph)
    while waiting:
        part = _connected(graph, next(iter(waiting)))
        waiting -= part
        size, side = _smallest_cut({node: dict(graph[node]) for node in part})
        if size < least:
            other = part - side
            return side if len(side) <= len(other) else other
    return None


def _connected(graph: Graph, start: Node) -> set[Node]:
    found, border = {start}, [start]
    while border:
        for neighbour in graph[border.pop()]:
            if neighbour not in found:
                found.add(neighbour)
                border.append(neighbour)
    return found


def _smallest_cut(graph: dict[Any, dict[Any, int]]) -> tuple[int, set[Node]]:
    """The smallest cut of a connected graph and one of its sides (Stoer and Wagner, 1997)."""
    merged: dict[Any, set[Node]] = {node: {node} for node in graph}
    best: tuple[int, set[Node]] | None = None
    while len(graph) > 1:
        order: list[Any] = []
        pull = dict.fromkeys(graph, 0)
        while pull:
            node = max(pull, key=pull.__getitem__)
            weight = pull.pop(node)
            order.append(node)
            for neighbour, lines in graph[node].items():
                if neighbour in pull:
                    pull[neighbour] += lines
        last, kept = order[-1], order[-2]
        if best is None or weight < best[0]:
            best = weight, set(merged[last])
        merged[kept] |= merged.pop(last)
        for neighbour, lines in graph.pop(last).items():
            del graph[neighbour][last]
            if neighbour != kept:
                graph[kept][neighbour] = graph[kept].get(neighbour, 0) + lines
                graph[neighbour][kept] = graph[neighbour].get(kept, 0) + lines
    assert best is not None
    return best
