"""Survival with censoring, held against another program's numbers and another way to count."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diapason.observatory.queries.survival import Followed, at, survival

# Written once by lifelines (see `made_with` in the file), which needs too many packages to be
# installed for one test.
KNOWN = json.loads((Path(__file__).parent / "lifelines.json").read_text("utf-8"))


@pytest.mark.parametrize("case", KNOWN["cases"], ids=lambda case: case["name"])
def test_it_agrees_with_lifelines(case: dict[str, Any]) -> None:
    people = [
        Followed(days, bool(ended))
        for days, ended in zip(case["durations"], case["observed"], strict=True)
    ]
    steps = survival(people)
    for day, share in zip(case["timeline"], case["survival"], strict=True):
        found, _followed = at(steps, day, len(people))
        assert abs(float(found) - share) < 1e-9, day


def by_redistribution(people: list[Followed], day: int) -> Fraction:
    """The same by another way (Efron, 1967): everybody weighs the same, and who is lost from sight
    leaves their weight to those who are followed longer."""
    waiting = sorted(people, key=lambda one: (one.days, not one.ended))
    weights = [Fraction(1, len(people))] * len(people)
    gone = Fraction(0)
    for place, one in enumerate(waiting):
        if one.ended:
            gone += weights[place] if one.days <= day else 0
            continue
        later = range(place + 1, len(waiting))
        for other in later:
            weights[other] += weights[place] / len(later)
    return 1 - gone


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.builds(Followed, st.integers(0, 9), st.booleans()), min_size=1, max_size=9),
    st.integers(0, 9),
)
def test_it_agrees_with_weights_handed_on(people: list[Followed], day: int) -> None:
    assert at(survival(people), day, len(people))[0] == by_redistribution(people, day)


def test_who_is_lost_counts_until_then_and_no_longer() -> None:
    people = [Followed(10, True), Followed(20, False), Followed(30, True), Followed(40, False)]
    steps = survival(people)
    assert [(step.days, step.share) for step in steps] == [
        (10, Fraction(3, 4)),
        (20, Fraction(3, 4)),
        (30, Fraction(3, 8)),
        (40, Fraction(3, 8)),
    ]
    assert at(steps, 20, 4) == (Fraction(3, 4), 3)
    assert at(steps, 21, 4) == (Fraction(3, 4), 2)
    assert at([], 5, 0) == (Fraction(1), 0)
