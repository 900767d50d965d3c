"""The assignment of projects to structures, held against a checker of its own.

Nothing here calls the parts of the program that say what is allowed and what it costs: both are
written again from the words of the cost model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from diapason.desk.contracts import Need, Stage
from diapason.desk.queries.assignment import Asking, Assigned, Giving, Why, assign

NEEDS, STAGES = [one.value for one in Need][:4], [one.value for one in Stage][:3]


def faults(
    askings: Sequence[Asking], givings: Sequence[Giving], placed: Mapping[int, int]
) -> list[str]:
    """What is wrong with an assignment, whoever made it."""
    projects, offers = {one.key: one for one in askings}, {one.key: one for one in givings}
    found = [
        f"{offer} holds {held} of {offers[offer].free}"
        for offer, held in Counter(placed.values()).items()
        if held > max(offers[offer].free, 0)
    ]
    for project, offer in placed.items():
        if offers[offer].structure in projects[project].refused:
            found.append(f"{project} goes where it may not")
        if not set(projects[project].needs).intersection(offers[offer].needs):
            found.append(f"{project} finds nothing that it asks for")
        for word, words in (
            (projects[project].sector, offers[offer].sectors),
            (projects[project].commune, offers[offer].communes),
        ):
            if word and words and word not in words:
                found.append(f"{project} is of another sector or commune than {offer} is for")
    return found


def price(
    askings: Sequence[Asking], givings: Sequence[Giving], placed: Mapping[int, int]
) -> tuple[int, int]:
    """How many are left out, then the rest of the cost."""
    offers, cost = {one.key: one for one in givings}, 0
    structures = {one.structure for one in givings}
    for one in askings:
        if one.key not in placed:
            cost += 8651 * min(one.days, 1000)
            continue
        offer = offers[placed[one.key]]
        apart = 300 * len([n for n in one.needs if n not in offer.needs]) // len(one.needs)
        apart += 0 if one.stage in offer.stages else 200
        apart += 250 if offer.languages and one.language not in (*offer.languages, "") else 0
        # Once, once more for each "no" (four at most) and for each ten days of waiting (sixty).
        tenths = 10 + 10 * min(len(one.refused), 4) + min(one.days, 60)
        cost += apart * tenths // 10
    for structure in structures:
        own = [one for one in givings if one.structure == structure]
        seats = sum(one.seats for one in own)
        busy = sum(one.seats - max(one.free, 0) for one in own)
        new = sum(offers[offer].structure == structure for offer in placed.values())
        owed = sum(one.awaited for one in own)
        for number in range(1, new + 1):
            cost += (100 * (busy + number) + 300 * min(owed + number, seats)) // seats
    return len(askings) - len(placed), cost


def cheapest(askings: Sequence[Asking], givings: Sequence[Giving]) -> tuple[int, int]:
    """The best that any assignment does, each one tried."""
    every = product([None, *(one.key for one in givings)], repeat=len(askings))
    possible = (
        {one.key: to for one, to in zip(askings, choice, strict=True) if to is not None}
        for choice in every
    )
    return min(
        price(askings, givings, one) for one in possible if not faults(askings, givings, one)
    )


words = st.frozensets(st.sampled_from(NEEDS), min_size=1, max_size=3)


@st.composite
def backlogs(draw: st.DrawFn, most: int, offers: int) -> tuple[list[Asking], list[Giving]]:
    askings = [
        Asking(
            key=100 + key,
            stage=draw(st.sampled_from(STAGES)),
            needs=draw(words),
            days=draw(st.integers(0, 90)),
            refused=draw(st.frozensets(st.integers(0, 2), max_size=1)),
            sector=draw(st.sampled_from(["", "music", "games"])),
            commune=draw(st.sampled_from(["", "63113", "63014"])),
            language=draw(st.sampled_from(["", "fr", "en"])),
        )
        for key in range(draw(st.integers(0, most)))
    ]
    givings = []
    for key in range(draw(st.integers(0, offers))):
        seats = draw(st.integers(1, 4))
        givings.append(
            Giving(
                key=key,
                structure=draw(st.integers(0, 2)),
                stages=draw(st.frozensets(st.sampled_from(STAGES), min_size=1)),
                needs=draw(words),
                seats=seats,
                free=draw(st.integers(-1, seats)),
                awaited=draw(st.integers(0, 3)),
                sectors=draw(st.frozensets(st.sampled_from(["music", "games"]), max_size=1)),
                communes=draw(st.frozensets(st.sampled_from(["63113", "63014"]), max_size=1)),
                languages=draw(st.frozensets(st.sampled_from(["fr", "en"]), max_size=1)),
            )
        )
    return askings, givings


@given(backlogs(most=5, offers=3))
@settings(max_examples=150, deadline=None)
def test_no_assignment_does_better(backlog: tuple[list[Asking], list[Giving]]) -> None:
    found = assign(*backlog)
    assert faults(*backlog, found.placed) == []
    assert price(*backlog, found.placed) == cheapest(*backlog)


@given(backlogs(most=40, offers=9), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_nothing_is_over_capacity_and_everybody_is_told(
    backlog: tuple[list[Asking], list[Giving]], dice: object
) -> None:
    askings, givings = backlog
    found = assign(askings, givings)
    assert faults(askings, givings, found.placed) == []
    assert {*found.placed, *found.left} == {one.key for one in askings}
    assert not {*found.placed} & {*found.left}
    dice.shuffle(askings)  # type: ignore[attr-defined]
    dice.shuffle(givings)  # type: ignore[attr-defined]
    assert assign(askings, givings) == found


def project(key: int, **fields: object) -> Asking:
    return replace(Asking(key, "idea", frozenset({"advice"}), days=1), **fields)  # type: ignore[arg-type]


def offer(key: int, **fields: object) -> Giving:
    plain = Giving(key, key, frozenset({"idea"}), frozenset({"advice"}), seats=3, free=3)
    return replace(plain, **fields)  # type: ignore[arg-type]


def placed(found: Assigned) -> dict[int, int]:
    return dict(found.placed)


def test_who_waited_longest_takes_the_last_seat() -> None:
    waiting = [project(1, days=3), project(2, days=40), project(3, days=12)]
    found = assign(waiting, [offer(1, free=1)])
    assert placed(found) == {2: 1}
    assert set(found.left.values()) == {Why.OTHERS}


def test_as_many_as_possible_are_placed_even_where_one_then_fits_less() -> None:
    # The first alone would take the seat of the only offer that the second can go to.
    first = project(1, needs=frozenset({"advice", "place"}), days=500)
    second = project(2, needs=frozenset({"place"}))
    both = offer(1, needs=frozenset({"advice", "place"}), free=1)
    found = assign([first, second], [both, offer(2, free=1)])
    assert placed(found) == {1: 2, 2: 1}


def test_projects_spread_in_proportion_to_the_seats() -> None:
    waiting = [project(key) for key in range(1, 10)]
    found = assign(waiting, [offer(1, seats=12, free=12), offer(2, seats=6, free=6)])
    assert Counter(found.placed.values()) == {1: 6, 2: 3}


def test_projects_go_where_an_answer_comes_soon() -> None:
    busy, idle = offer(1, seats=9, free=3, awaited=5), offer(2, seats=9, free=3)
    found = assign([project(1), project(2)], [busy, idle])
    assert set(found.placed.values()) == {2}


def test_each_who_is_left_out_knows_why() -> None:
    waiting = [
        project(1, needs=frozenset({"legal"})),
        project(2, needs=frozenset({"place"})),
        project(3, refused=frozenset({3})),
    ]
    givings = [offer(2, needs=frozenset({"place"}), free=0), offer(3)]
    assert assign(waiting, givings).left == {1: Why.NOBODY, 2: Why.FULL, 3: Why.REFUSED}


def test_hundreds_are_assigned_at_once() -> None:
    waiting = [project(key, days=key, stage=STAGES[key % 3]) for key in range(400)]
    givings = [offer(key, stages=frozenset({STAGES[key % 3]})) for key in range(60)]
    found = assign(waiting, givings)
    assert len(found.placed) == 180
    assert min(found.placed) == 220


def test_what_is_not_known_excludes_from_nothing_and_says_why_otherwise() -> None:
    music = offer(1, sectors=frozenset({"music"}), communes=frozenset({"63113"}))
    unknown, same, other, elsewhere = (
        project(1),
        project(2, sector="music", commune="63113"),
        project(3, sector="games"),
        project(4, sector="music", commune="75056"),
    )
    found = assign([unknown, same, other, elsewhere], [music])
    assert set(found.placed) == {1, 2}
    assert found.left == {3: Why.ELSEWHERE, 4: Why.ELSEWHERE}


def test_a_project_goes_where_its_language_is_spoken() -> None:
    french, english = offer(1, languages=frozenset({"fr"})), offer(2, languages=frozenset({"en"}))
    assert assign([project(1, language="en")], [french, english]).placed == {1: 2}
    # Somebody who does not speak it is better than nobody.
    assert assign([project(1, language="en")], [french]).placed == {1: 1}
