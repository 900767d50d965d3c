"""Every page is well made, in both languages and for every kind of person who may open it; every
page that any test of the suite asks for is read as strictly (tests/conftest.py)."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils.translation import override

from diapason.kernel.permissions import public
from tests.trust.careless import page
from tests.trust.pages import faults, is_document, language_of
from tests.trust.routes import Route, walk
from tests.trust.world import PEOPLE, World, client_of

ROUTES = [route for route in walk() if not route.faults()]


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    return {name: client_of(world.people[name]) for name in PEOPLE}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_page_is_well_made(
    route: Route, language: str, world: World, clients: dict[str, Client]
) -> None:
    found: dict[str, str] = {}
    for name in PEOPLE:
        person = world.people[name]
        mine = route.example.own(world, person) if route.open_to(person) else None
        if mine is None:
            continue
        with override(language):
            url = route.url(mine)
        answer = clients[name].get(url, route.example.query)
        if answer.streaming or not is_document(answer.get("Content-Type", ""), answer.content):
            continue
        for fault in faults(answer.content, language_of(url)):
            found.setdefault(fault, f"{name} at {url}: {fault}")
    assert not found, "\n" + "\n".join(found.values())


# A planted fault of each sort must be found.


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        pytest.param(page("<h1>Again</h1>"), "one h1", id="two h1"),
        pytest.param(page("<p id=a>a<p id=a>b"), "more than once", id="one id twice"),
        pytest.param(page("", head="<title> </title>"), "no title", id="empty title"),
        pytest.param(page("", lang="en"), "lang", id="wrong language"),
        pytest.param(page("<input name=q>"), "has no label", id="field without label"),
        pytest.param(page("<h3>Too deep</h3>"), "h3 under an h1", id="skipped heading"),
        pytest.param(page("<h2></h2>"), "is empty", id="empty heading"),
        pytest.param(page('<p style="color:red">a</p>'), "inline style", id="inline style"),
        pytest.param(page("<style>p {}</style>"), "inline <style>", id="style element"),
        pytest.param(page("<script>go()</script>"), "inline <script>", id="inline script"),
        pytest.param(page('<button onclick="go()">Go</button>'), "inline onclick", id="onclick"),
        pytest.param(page('<a href="javascript:go()">Go</a>'), "a program", id="javascript link"),
        pytest.param(page('<a href="/no/such/page/">a</a>'), "no page", id="broken link"),
        pytest.param(page('<a href="#nowhere">a</a>'), "points at nothing", id="broken fragment"),
        pytest.param(page('<a href="/"></a>'), "says nothing", id="link without words"),
        pytest.param(page('<form method="post"></form>'), "no CSRF token", id="form without token"),
        pytest.param(page('<img src="/static/a.png">'), "no alt", id="picture without words"),
        pytest.param(page('<p aria-describedby="b">a'), "points at nothing", id="no description"),
        pytest.param(page("<p>{{ name }}</p>"), "piece of a template", id="template left over"),
        pytest.param(page("<p>None</p>"), "“None”", id="value left over"),
        pytest.param(page("<p><div>a</p></div>"), "end tag", id="bad nesting"),
        pytest.param(page("&nosuch;"), "entity", id="bad entity"),
        pytest.param("<p>No doctype", "doctype", id="no doctype"),
    ],
)
def test_a_planted_fault_is_found(planted: str, told: str) -> None:
    found = faults(planted.encode(), "fr")
    assert any(told.lower() in fault.lower() for fault in found), found


def test_a_good_page_is_good() -> None:
    body = '<h2 id="a">b</h2><a href="#a">c</a><label>d <input name="e"></label><a href="/">f</a>'
    assert not faults(page(body).encode(), "fr")
    assert not faults(page("", lang="en").encode(), "en")


urlpatterns = [path("bad/", public(lambda request: HttpResponse(page("<h1>Again</h1>"))))]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_the_client_of_every_test_reads_strictly(client: Any) -> None:
    with pytest.raises(AssertionError, match="one h1"):
        client.get("/bad/")
