"""Public pages kept while nothing that they show has changed."""

from __future__ import annotations

import gzip

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils.translation import override

from diapason.directory.models import Organisation, User
from diapason.kernel.pages import UnnamedTables, hole, kept_while_unchanged
from tests.directory.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    cache.clear()

    @kept_while_unchanged(lambda: ["directory_organisation"], named_by=("period",))
    def view(request):
        view.made += 1
        return HttpResponse(f"{Organisation.objects.count()} {request.user.is_authenticated}")

    view.made = 0
    view.__wrapped__.made = 0

    def ask(path="/", *, user=None, language="fr", **headers):
        request = RequestFactory().get(path, **headers)
        request.user = user or AnonymousUser()
        with override(language):
            return view(request)

    ask.view = view
    return ask


def test_it_is_made_once_while_nothing_changes_and_anew_after_a_write(page):
    assert page().content == b"0 False"
    assert page().content == b"0 False"
    assert page.view.made == 1
    OrganisationFactory()
    assert page().content == b"1 False"
    assert page.view.made == 2
    Organisation.objects.all().delete()
    assert page().content == b"0 False"


def test_a_browser_that_has_the_page_is_told_so(page):
    tag = page().headers["ETag"]
    again = page(HTTP_IF_NONE_MATCH=tag)
    assert again.status_code == 304
    assert not again.content
    OrganisationFactory()
    assert page(HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_languages_addresses_and_people_do_not_share_pages(page):
    page()
    page(language="en")
    page("/?period=2019")
    assert page.view.made == 3
    assert page(user=UserFactory()).content == b"0 True"
    assert page(user=UserFactory()).content == b"0 True"
    assert page.view.made == 5, "nothing of an account is kept"
    assert page().content == b"0 False"


def test_the_page_of_a_reader_told_apart_is_kept_for_them_alone():
    cache.clear()

    @kept_while_unchanged(lambda: ["directory_organisation"], reader=lambda user: user.email)
    def view(request):
        view.__wrapped__.made += 1
        return HttpResponse(f"{request.user.is_authenticated and request.user.email}")

    view.__wrapped__.made = 0

    def ask(user):
        request = RequestFactory().get("/")
        request.user = user
        return view(request)

    ada, bo = UserFactory(email="ada@quill.invalid"), UserFactory(email="bo@reed.invalid")
    for _time in range(2):
        assert ask(ada).content == b"ada@quill.invalid"
        assert ask(bo).content == b"bo@reed.invalid"
        assert ask(AnonymousUser()).content == b"False"
    assert view.__wrapped__.made == 3
    ada.email = "ada@press.invalid"
    assert ask(ada).content == b"ada@press.invalid"
    assert "ETag" not in ask(ada)


def test_a_page_that_reads_a_table_it_does_not_name_is_told():
    cache.clear()

    @kept_while_unchanged(lambda: ["directory_organisation"])
    def view(request):
        return HttpResponse(f"{User.objects.count()}")

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with pytest.raises(UnnamedTables, match=r"^directory_user$"):
        view(request)


def test_a_file_is_made_each_time():
    made = []

    @kept_while_unchanged(lambda: ["directory_organisation"], named_by=None)
    def view(request):
        made.append(request.GET["export"])
        answer = HttpResponse(b"\xff\x00", content_type="application/zip")
        answer.headers["Content-Disposition"] = 'attachment; filename="rows.zip"'
        return answer

    for _time in range(2):
        request = RequestFactory().get("/?export=zip")
        request.user = AnonymousUser()
        answer = view(request)
        assert answer.content == b"\xff\x00"
        assert "rows.zip" in answer.headers["Content-Disposition"]
    assert made == ["zip", "zip"]


@pytest.mark.parametrize(
    ("takes", "packed"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.8", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0, br", False),
        ("br", False),
        ("", False),
    ],
)
def test_a_page_kept_whole_is_sent_packed_to_those_who_take_it_so(page, takes, packed):
    made = page(HTTP_ACCEPT_ENCODING=takes)
    kept = page(HTTP_ACCEPT_ENCODING=takes)
    assert page.view.made == 1
    assert (kept.get("Content-Encoding") == "gzip") is packed
    content = gzip.decompress(kept.content) if packed else kept.content
    assert content == made.content == b"0 False"
    assert "Accept-Encoding" in kept["Vary"]
    assert page(HTTP_IF_NONE_MATCH=kept["ETag"]).status_code == 304


def test_a_strangers_endless_parameters_are_not_kept(page):
    for number in range(3):
        page(f"/?page={number}")
        page(f"/?page={number}")
        page(f"/?period=2019&period={number}")
    assert page.view.made == 9
    page("/?period=2019")
    page("/?period=2019")
    page("/?%70eriod=201%39&&")
    assert page.view.made == 10, "the same question written otherwise is the same page"


def test_no_host_is_kept_and_none_fills_the_memory(page):
    page(HTTP_HOST="127.0.0.1:1")
    page(HTTP_HOST="127.0.0.1:2")
    page(HTTP_X_FORWARDED_HOST="elsewhere.example")
    assert page.view.made == 1


def test_a_page_kept_is_the_page_made(page):
    first, second = page(), page()
    assert first.content == second.content
    assert first.headers["Content-Type"] == second.headers["Content-Type"]
    assert first.headers["ETag"] == second.headers["ETag"]


@pytest.fixture
def holed():
    """A view that shows everybody the same, but for the messages of its reader."""
    cache.clear()

    @kept_while_unchanged(lambda: ["directory_organisation"], same_for_all=True)
    def view(request, said=""):
        view.__wrapped__.made += 1
        part = hole(request, "ui/portal_account.html") or "(nothing is kept)"
        return HttpResponse(f"{Organisation.objects.count()} {said}{part}")

    view.__wrapped__.made = 0

    def ask(*, user=None, said="", **headers):
        request = RequestFactory().get("/", **headers)
        request.user, request.session = user or AnonymousUser(), {}
        with override("en"):
            return view(request, said)

    ask.view = view.__wrapped__
    return ask


def test_a_page_is_shared_and_each_reader_finds_their_own_part(holed):
    people = [UserFactory(email="ada@quill.invalid"), UserFactory(email="bo@reed.invalid")]
    pages = [holed(user=person).content.decode() for person in people]
    assert "ada@quill" in pages[0]
    assert "bo@reed" not in pages[0]
    assert "bo@reed" in pages[1]
    assert "ada@quill" not in pages[1]
    visitor = holed()
    assert "Sign in" in visitor.content.decode()
    assert "quill" not in visitor.content.decode()
    assert holed.view.made == 1
    assert "ETag" in visitor
    assert "ETag" not in holed(user=people[0]), "a browser must not keep somebody's own part"
    OrganisationFactory()
    assert holed(user=people[0]).content.startswith(b"1 ")


def test_no_text_opens_a_hole(holed):
    forged = "\ue00000000000000000000000:ui/portal_account.html\ue001"
    content = holed(user=UserFactory(email="ada@quill.invalid"), said=forged).content.decode()
    assert forged in content
    assert content.count("ada@quill") == 1


def test_a_visitor_with_a_session_gets_the_page_that_is_kept(page):
    page()
    page(HTTP_COOKIE="sessionid=unknown")
    assert page.view.made == 1


def test_an_answer_to_somebody_with_a_session_is_kept_by_no_cache_between(client):
    client.force_login(UserFactory())
    assert client.get(reverse("site:home")).headers["Cache-Control"] == "private, no-cache"
