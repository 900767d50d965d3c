"""The common pages."""

from __future__ import annotations

import html
import re

import pytest
from django.core.cache import cache
from django.utils.translation import override

from diapason.kernel.registries import (
    Concerned,
    DayItem,
    Hit,
    NavigationItem,
    SearchSource,
    Shell,
    Tone,
    day_items,
    personal_data,
    search_sources,
)
from tests.directory.factories import person
from tests.plan.factories import PlanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_kept_page():
    cache.clear()


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.mark.parametrize("page", ["", "search/?q=film", "accessibility/", "privacy/"])
def test_anybody_reads_the_common_pages_in_both_languages(client, page):
    assert '<html lang="fr">' in text(client.get(f"/{page}"))
    assert '<html lang="en">' in text(client.get(f"/en/{page}"))


def test_the_privacy_page_says_to_each_what_concerns_them(client):
    page = text(client.get("/en/privacy/"))
    parts = re.split(r'<section aria-labelledby="(\w+)"', page)
    told = {who: html.unescape(part) for who, part in zip(parts[1::2], parts[2::2], strict=True)}
    assert list(told) == list(Concerned)
    with override("en"):
        for one in personal_data:
            assert str(one.purpose) in told[one.concerned]
    assert "follow it with them" in told["project"]
    assert "yearly survey" in told["organisation"]
    for who in told:
        assert f'href="#{who}"' in parts[0]


@pytest.mark.parametrize(
    ("path", "other", "elsewhere"),
    [
        ("/nowhere/?a=1", "en", "/en/nowhere/?a=1"),
        ("/en/nowhere/", "fr", "/nowhere/"),
        ("/en//evil.example/", "fr", "/evil.example/"),
        ("/plan/timeline/?tasks=1", "en", "/en/plan/timeline/?tasks=1"),
    ],
)
def test_every_page_leads_to_the_same_in_the_other_language(client, path, other, elsewhere):
    page = client.get(path).content.decode()
    link = re.search(rf'<a href="([^"]*)" lang="{other}" hreflang="{other}"', page)
    assert link
    assert html.unescape(link.group(1)) == elsewhere


def test_the_home_page_leads_to_what_a_visitor_may_begin(client, monkeypatch):
    PlanFactory()
    link = NavigationItem(label="Begin", url_name="site:search", shell=Shell.HOME)
    monkeypatch.setattr("diapason.site.queries.navigation", [link])
    page = text(client.get("/en/"))
    assert '<a class="button button-main" href="/en/search/">Begin</a>' in page


def test_my_day_asks_a_visitor_to_sign_in(client):
    answer = client.get("/my-day/")
    assert answer.status_code == 302
    assert "login" in answer.url


def test_my_day_lists_what_waits_what_is_due_first_on_top(client):
    from datetime import date

    def source(user):
        yield DayItem(title="No date", url="/plan/", act="Open")
        yield DayItem(
            title="Long ago", url="/search/", act="Answer", due=date(2019, 1, 1), tone=Tone.BAD
        )

    client.force_login(person(name="Inès Durand"))
    with day_items.lent("test.source", source):
        page = text(client.get("/en/my-day/"))
    assert "Hello Inès, 2 things wait for you" in page
    assert page.index("Long ago") < page.index("No date")
    assert "Deadline passed" in page


def test_my_day_teaches_when_nothing_waits(client):
    client.force_login(person(name="Inès Durand"))
    page = text(client.get("/en/my-day/"))
    assert "nothing waits for you" in page


def test_search_shows_what_each_room_finds_best_first(client):
    def find(user, words, limit):
        assert words == "short film"
        yield Hit(title="Second", url="/plan/", rank=0.2)
        yield Hit(title="First <b>", url="/plan/timeline/", rank=0.9)

    with search_sources.lent("test.source", SearchSource(label="Things", search=find)):
        page = text(client.get("/en/search/?q=%20short%20%20film"))
    assert page.index("First &lt;b&gt;") < page.index("Second")


def test_search_without_words_and_without_answers(client):
    assert "Search everywhere" in text(client.get("/en/search/"))
    assert "Nothing matches" in text(client.get("/en/search/?q=zzzzqqq"))
    assert "Nothing matches" in text(client.get("/en/search/", {"q": "x" * 5000}))


def test_the_language_switch_leads_to_the_same_page(client):
    assert 'href="/en/accessibility/"' in text(client.get("/accessibility/"))
    assert 'href="/accessibility/"' in text(client.get("/en/accessibility/"))


def test_a_demonstration_says_so_on_every_page(client, settings):
    settings.DEMONSTRATION = True
    with override("en"):
        assert "invented" in text(client.get("/en/privacy/"))
