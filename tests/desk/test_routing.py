"""The replay of requests through the routing, in short: `make bench-routing` is the long one."""

from __future__ import annotations

import pytest
from bench.habits import HABITS, Habit, everywhere
from bench.routing import InMemory, Kept, invent, routed

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


def test_nearly_nobody_looks_at_a_project_that_somebody_else_takes() -> None:
    """And where structures that were all sent a request learn too late that another has it, the
    longest wait is shorter when each goes to one. `make bench-waiting` tells where it is not."""
    territory = invent(requests=3_000, houses=40, years=1)
    course = routed(territory, InMemory(territory))
    told, late = (everywhere(territory, Habit(stops=stops)) for stops in (True, False))
    assert course.over_capacity == 0
    assert course.looks < 1.3 * len(territory.requests) < told.looks / 2
    assert course.longest <= 0.7 * late.longest


def test_sent_everywhere_a_structure_takes_no_more_than_its_seats() -> None:
    """Whatever is taken for granted, each request is taken once, and seats are seats."""
    territory = invent(requests=300, houses=5, years=1)
    for habit in HABITS.values():
        course = everywhere(territory, habit)
        assert course.waits.keys() == {one.key for one in territory.requests}
        assert course.over_capacity == 0
        assert course.looks >= len(territory.requests)
