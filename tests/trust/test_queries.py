"""How often a page asks the database: as often for many rows as for one, for whoever asks, and
seldom for a list."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diapason.kernel.registries import day_items, personal_data, search_sources
from tests.trust import careless
from tests.trust.routes import Route, walk
from tests.trust.world import PEOPLE, World, build, client_of, enlarge

ROUTES = [route for route in walk() if not route.faults()]
MANY = 7
# For a list with its filters, permissions and the shell around it.
MOST_FOR_A_LIST = 12
# For any page, nothing of it being kept.
MOST = 20
# A page that gathers something from each room grows with what the rooms offer, not with their rows:
# its own queries, and those for each thing offered (for each kind of record about a person).
GATHERING = {
    "site:day": (10, 2, day_items),
    "site:search": (10, 2, search_sources),
    "directory:export": (0, 1, personal_data),
}
# What some may do and others not (approve, say) is counted for them alone.
MOST_BETWEEN_ROLES = 2

Counts = dict[tuple[str, str], list[str]]
# Learnt on the way: the routes that answer with a list.
LISTS: set[str] = set()


def is_list(answer: Any) -> bool:
    return bool(answer.context) and "listing" in answer.context


def asked(
    world: World, routes: list[Route], clients: dict[str, Client], learnt: set[str]
) -> Counts:
    """The queries of each page that answers by GET, by route and person, nothing kept.

    A route that is not in `learnt` is asked once before: some things are learnt once per process.
    """
    counts: Counts = {}
    for route in routes:
        for name in PEOPLE:
            person = world.people[name]
            mine = route.example.own(world, person) if route.open_to(person) else None
            if mine is None:
                continue
            url = route.url(mine)
            with transaction.atomic():
                if route.name not in learnt:
                    clients[name].get(url, route.example.query)
                    learnt.add(route.name)
                cache.clear()
                with CaptureQueriesContext(
                    connection,
                ) as captured:
                    answer = clients[name].get(url, route.example.query)
                    if answer.streaming:
                        list(answer.streaming_content)
                transaction.set_rollback(True)
            if answer.status_code == 200:
                counts[route.name, name] = [query["sql"] for query in captured.captured_queries]
                if is_list(answer):
                    LISTS.add(route.name)
    return counts


@pytest.fixture(scope="module")
def counts(
    request: pytest.FixtureRequest,
    django_db_setup: Any,
    django_db_blocker: Any,
    tmp_path_factory: Any,
) -> tuple[Counts, Counts]:
    """What each page that is tested now asks in a world of one record, and in one of many."""
    chosen = {
        item.callspec.params["route"].name
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and item.module.__name__ == __name__
        and hasattr(item, "callspec")
        and isinstance(item.callspec.params.get("route"), Route)
    }
    routes = [route for route in ROUTES if route.name in chosen]
    from django.conf import settings

    kept, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        clients = {name: client_of(world.people[name]) for name in PEOPLE}
        learnt: set[str] = set()
        few = asked(world, routes, clients, learnt)
        enlarge(world, MANY)
        many = asked(world, routes, clients, learnt)
        transaction.set_rollback(True)
    settings.MEDIA_ROOT = kept
    cache.clear()
    return few, many


def more(few: Counts, many: Counts, route: str) -> list[str]:
    """Where many rows cost more, or less, queries than one."""
    return [
        f"{route} for {name}: {len(few[key])} queries with few rows, {len(many[key])} with many; "
        f"first among the new ones:\n  {_first_new(few[key], many[key])}"
        for name in PEOPLE
        if (key := (route, name)) in few
        and len(few[key]) != len(many[key])
        and not _rest_counted(few[key], many[key])
    ]


def _rest_counted(few: list[str], many: list[str]) -> bool:
    """Whether the only query more counts what a shortened list leaves out."""
    return len(many) == len(few) + 1 and _first_new(few, many).startswith("SELECT COUNT(*)")


def _first_new(few: list[str], many: list[str]) -> str:
    for one, other in zip(few, many, strict=False):
        if one.split(" WHERE ")[0][:200] != other.split(" WHERE ")[0][:200]:
            return other[:500]
    return (many[len(few) :] or few[len(many) :])[0][:500]


@pytest.mark.django_db
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_many_rows_cost_no_more_queries_than_one(route: Route, counts: Any) -> None:
    few, many = counts
    found = more(few, many, route.name)
    assert not found, "\n" + "\n".join(found)


@pytest.mark.django_db
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_pages_ask_seldom_and_the_same_for_every_role(route: Route, counts: Any) -> None:
    _few, many = counts
    costs = {name: len(many[route.name, name]) for name in PEOPLE if (route.name, name) in many}
    most = MOST_FOR_A_LIST if route.name in LISTS else MOST
    if route.name in GATHERING:
        own, each, offers = GATHERING[route.name]
        most = own + each * len(offers)
    dear = {name: cost for name, cost in costs.items() if cost > most}
    assert not dear, f"{route.name}: at most {most} queries, not {dear}"
    if route.name not in LISTS:
        return
    costs.pop("anonymous", None)  # whom nobody looks up
    spread = max(costs.values(), default=0) - min(costs.values(), default=0)
    assert spread <= MOST_BETWEEN_ROLES, f"{route.name}: too different between roles: {costs}"


@pytest.mark.django_db
@pytest.mark.urls("tests.trust.careless")
def test_a_query_for_each_row_is_found(world: World) -> None:
    routes = [route for route in walk() if route.name.endswith(("n_plus_one", "sound"))]
    assert len(routes) == 2
    clients = {name: client_of(world.people[name]) for name in PEOPLE}
    few = asked(world, routes, clients, set())
    enlarge(world, MANY)
    many = asked(world, routes, clients, set())
    assert more(few, many, "careless:n_plus_one")
    assert not more(few, many, "careless:sound")


@pytest.mark.django_db
@pytest.mark.urls("tests.trust.careless")
def test_a_page_that_asks_too_often_is_found(world: World) -> None:
    greedy = next(route for route in walk() if route.name.endswith("greedy"))
    clients = {name: client_of(world.people[name]) for name in PEOPLE}
    costs = asked(world, [greedy], clients, set())
    with pytest.raises(AssertionError, match="at most"):
        test_pages_ask_seldom_and_the_same_for_every_role(greedy, (costs, costs))
    assert careless.greedy
