"""The replay of requests through the routing, in short: `make bench-routing` is the long one."""

from __future__ import annotations

import pytest
from bench.routing import InMemory, Kept, everywhere, invent, routed

from diapason.desk.models import Assignment, Case, Referral
from diapason.directory.contracts import Role
from tests.directory.factories import person


@pytest.mark.django_db
def test_the_front_desk_does_what_the_assignment_says() -> None:
    """Each deed by the room's own actions, counted by the database: as in memory, to the day."""
    territory = invent(requests=40, houses=6, years=1)
    router = Kept(territory, person(Role.PROGRAMME_MANAGER))
    kept, counted = routed(territory, router), routed(territory, InMemory(territory))
    assert kept == counted
    assert kept.over_capacity == 0
    assert Case.objects.filter(closed_on__isnull=True).count() < 40
    assert Referral.objects.filter(assignment__in=Assignment.objects.all()).count() >= 40
    assert len(router.seconds) == 40


def test_the_longest_wait_is_shorter_than_where_each_request_goes_everywhere() -> None:
    territory = invent(requests=10_000, houses=40)
    course, habit = routed(territory, InMemory(territory)), everywhere(territory)
    assert course.over_capacity == 0
    assert course.longest <= 0.7 * habit.longest
    # And nearly nobody looks at a project that somebody else takes.
    assert course.looks < 1.3 * len(territory.requests) < habit.looks / 3
