"""Who gets what: every route, for every kind of person, by GET and POST, on their own record,
somebody else's and none. A new route falls under it by existing."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

from diapason.kernel import permissions
from tests.trust.examples import Example
from tests.trust.routes import Route, walk
from tests.trust.world import PEOPLE, VISITOR, World, client_of

ROUTES = list(walk())
SOUND = [route for route in ROUTES if not route.faults()]
METHODS = ("get", "post")
OWN, OTHERS, NOWHERE = "own", "others", "nowhere"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name or route.pattern)
def test_the_gates_know_the_route(route: Route) -> None:
    assert not route.faults(), "\n".join(route.faults())


def ask(client: Client, route: Route, method: str, parameters: dict[str, Any]) -> int:
    """The status of the answer; what it wrote is taken back, and a crash raises."""
    if method == "post":
        cache.clear()  # the limits on what is sent too often
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        try:
            query = route.example.query if method == "get" else None
            return getattr(client, method)(route.url(parameters), query).status_code
        finally:
            transaction.set_rollback(True)
            client.cookies = cookies


def wrong(
    route: Route, person: Any, whose: str, status: int, own_status: int, method: str = "get"
) -> str:
    """What is wrong with this answer; empty for the right one."""
    if status >= 500:
        return f"failed with {status}"
    writing = route.example.writing if method == "post" else ""
    reads_only = bool(writing) and not permissions.allowed(person, writing)
    if reads_only and whose == NOWHERE and status == 404:
        return ""
    if not route.open_to(person) or reads_only:
        # Nobody is told more than: sign in, or not you.
        expected = {302, 401} if person is None else {403}
        return "" if status in expected else f"answered {status} instead of {sorted(expected)}"
    if whose == OWN:
        refused = status in {401, 403, 404, 429} and status not in route.example.settled
        return f"refused with {status}" if refused else ""
    if status == 405 and own_status in {0, 405}:
        return ""
    allowed = {404} if whose == OTHERS else {404, *route.example.gone}
    return "" if status in allowed else f"answered {status} instead of {sorted(allowed)}"


def matrix(route: Route, world: World, clients: dict[str, Client]) -> list[str]:
    """Every cell of the matrix that is wrong."""
    found = []
    example = route.example
    # Who may not come asks for the record of somebody who may.
    let_in = next((person for person in world.people.values() if route.open_to(person)), None)
    for method in METHODS:
        for name in PEOPLE:
            person = world.people[name]
            open_to_them = route.open_to(person)
            mine = example.own(world, person if open_to_them else let_in)
            asked = {OWN: mine} if mine is not None else {}
            if route.parameters:
                asked[NOWHERE] = route.nowhere
            hidden = example.others(world, person) if example.others and open_to_them else None
            if hidden:
                asked[OTHERS] = hidden
            own_status = 0
            for whose, parameters in asked.items():
                status = ask(clients[name], route, method, parameters)
                own_status = status if whose == OWN else own_status
                fault = wrong(route, person, whose, status, own_status, method)
                if fault:
                    found.append(f"{route.name}, {method}, {name}, {whose}: {fault}")
    return found


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    return {name: client_of(world.people[name]) for name in PEOPLE}


@pytest.mark.django_db
@pytest.mark.parametrize("route", SOUND, ids=lambda route: route.name)
def test_everybody_gets_what_is_declared(
    route: Route, world: World, clients: dict[str, Client]
) -> None:
    found = matrix(route, world, clients)
    assert not found, "\n" + "\n".join(found)


@pytest.mark.django_db
@pytest.mark.parametrize("route", SOUND, ids=lambda route: route.name)
def test_no_form_is_taken_from_another_site(route: Route, world: World) -> None:
    """A write without the token of our own page is refused to whoever is signed in by a cookie."""
    for name in PEOPLE:
        person = world.people[name]
        if person is None or not route.open_to(person):
            continue
        mine = route.example.own(world, person)
        if mine is None:
            continue
        client = client_of(person, enforce_csrf_checks=True)
        status = ask(client, route, "post", mine)
        assert status in {403, 405, 401}, f"{name}: {status}"
        break


# A planted fault of each sort must be found.


def planted(view: Any, pattern: str = "planted/", name: str = "planted") -> Route:
    resolver = URLResolver(RegexPattern(r""), [path(pattern, view, name=name)])
    return next(walk(resolver))


def test_a_route_without_access_is_found() -> None:
    fault = planted(lambda request: HttpResponse()).faults()
    assert fault
    assert "@public" in fault[0]


def test_a_route_with_an_unknown_permission_is_found() -> None:
    view = permissions.requires("plan.no_such_thing")(lambda request: HttpResponse())
    assert "no room declares" in planted(view).faults()[0]


def test_a_route_without_a_name_is_found() -> None:
    assert "has no name" in planted(permissions.public(lambda request: None), name="").faults()[0]


def test_a_route_without_an_example_is_found() -> None:
    view = permissions.public(lambda request, pk: HttpResponse())
    assert "EXAMPLES" in planted(view, "planted/<int:pk>/").faults()[0]


def test_an_example_must_tell_whose_records_are_hidden(monkeypatch: Any) -> None:
    view = permissions.signed_in(lambda request, pk: HttpResponse())
    route = planted(view, "planted/<int:pk>/")
    given = {"planted": Example(own=lambda world, person: {"pk": 1})}
    monkeypatch.setattr("tests.trust.routes.examples", lambda: given)
    assert "somebody else's" in route.faults()[0]


class Planted:
    """A route of the product whose view is replaced by a careless one."""

    def __init__(self, name: str) -> None:
        self.route = next(route for route in ROUTES if route.name == name)

    def found(self, world: World, statuses: dict[str, int]) -> list[str]:
        """What the matrix says when the route answers so."""
        return [
            wrong(self.route, world.people[name], whose, statuses[whose], statuses[OWN])
            for name in PEOPLE
            for whose in statuses
        ]


@pytest.mark.django_db
def test_an_answer_that_nobody_should_get_is_found(world: World) -> None:
    tokens = Planted("directory:revoke_token")
    # Open to everybody although it declares a permission.
    assert any(tokens.found(world, {OWN: 200}))
    # Shows somebody else's record, or tells that it exists.
    assert any(tokens.found(world, {OWN: 403, OTHERS: 200}))
    assert any(tokens.found(world, {OWN: 403, OTHERS: 403}))
    assert any(Planted("site:home").found(world, {OWN: 500}))
    assert any(Planted("site:home").found(world, {OWN: 403}))
    assert not any(Planted("site:home").found(world, {OWN: 200}))


@pytest.mark.django_db
@pytest.mark.urls("tests.trust.careless")
def test_a_careless_view_is_found(world: World, monkeypatch: Any) -> None:
    from tests.trust import careless

    monkeypatch.setattr("tests.trust.routes.examples", lambda: careless.EXAMPLES)
    clients = {name: client_of(world.people[name]) for name in PEOPLE}
    routes = {route.name: route for route in walk()}
    assert any("anonymous" in cell for cell in matrix(routes["careless:open"], world, clients))
    assert any("others" in cell for cell in matrix(routes["careless:leaky"], world, clients))
    assert not matrix(routes["careless:sound"], world, clients)
    assert VISITOR in PEOPLE
