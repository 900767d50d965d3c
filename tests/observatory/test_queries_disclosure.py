"""Attacks on published tables: nothing of fewer than five can be worked out of them."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from diapason.observatory.queries.disclosure import LEAST, publishable

PRIME = 1_000_003


def rank(rows: list[list[int]]) -> int:
    """The rank of a matrix of small numbers, modulo a prime far greater than any of its minors."""
    rows = [[value % PRIME for value in row] for row in rows]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((at for at in range(found, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        inverse = pow(rows[found][column], -1, PRIME)
        for at in range(len(rows)):
            if at != found and rows[at][column]:
                factor = rows[at][column] * inverse % PRIME
                rows[at] = [
                    (value - factor * other) % PRIME
                    for value, other in zip(rows[at], rows[found], strict=True)
                ]
        found += 1
    return found


def cells(places: dict[int, tuple[Any, Any]]) -> list[list[int]]:
    """What is published, each cell as the enterprises that it adds up."""
    shown = publishable(places)
    rows = [[1] * len(places)] if shown.total else []
    for side, parts in ((0, shown.sectors), (1, shown.communes)):
        rows += [[int(place[side] == part) for place in places.values()] for part in sorted(parts)]
    return rows


def attacked(rows: list[list[int]]) -> tuple[int, ...] | None:
    """Fewer than five enterprises of whom adding and subtracting cells tells something; found by
    trying every group, and knowing nothing of how cells were chosen."""
    if not rows:
        return None
    whole, many = rank(rows), len(rows[0])
    for few in combinations(range(many), min(LEAST - 1, many)):
        others = [[value for at, value in enumerate(row) if at not in few] for row in rows]
        # Some combination of the cells cancels out everybody but these.
        if rank(others) < whole:
            return few
    return None


PLACES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=0, max_size=12).map(
    lambda placed: dict(enumerate(placed))
)


@settings(max_examples=40, deadline=None)
@given(PLACES)
@example({at: (0, 0) if at < 5 else (1, 0) for at in range(6)})  # a commune but for one
@example({at: (at // 6, at // 6) for at in range(12)})
@example({at: (at % 2, 0) for at in range(10)})
def test_no_attack_by_subtraction_finds_fewer_than_five(places: dict[int, tuple[int, int]]) -> None:
    assert attacked(cells(places)) is None


def test_the_attack_finds_what_careless_tables_tell() -> None:
    # Six in a commune, five of them of one sector: the sixth is the difference.
    places = {at: ("music" if at < 5 else "image", "here") for at in range(6)}
    places |= dict.fromkeys(range(6, 14), ("image", "there"))
    naive = [
        [1] * 14,
        [int(place[0] == "music") for place in places.values()],
        [int(place[1] == "here") for place in places.values()],
    ]
    assert 5 in (attacked(naive) or ())
    shown = publishable(places)
    assert not {"here", "there"} & shown.communes or not {"music", "image"} & shown.sectors


def test_what_tells_nobody_is_shown() -> None:
    places = {at: (at % 2, at // 2 % 2) for at in range(40)}
    shown = publishable(places)
    assert (shown.sectors, shown.communes) == ({0, 1}, {0, 1})


def test_fewer_than_five_are_not_shown_at_all() -> None:
    shown = publishable(dict.fromkeys(range(LEAST - 1), ("music", "here")))
    assert (shown.total, shown.sectors, shown.communes) == (False, set(), set())


def test_the_rest_of_a_total_is_of_five_too() -> None:
    # Ten and two: to show the ten beside the twelve would tell the two.
    places = {at: ("music" if at < 10 else "image", "") for at in range(12)}
    assert publishable(places).sectors == set()
