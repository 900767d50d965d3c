"""The style guide shows everything in both languages; something wrong has a page with a way on."""

import html5lib
import pytest
from django.test import Client
from django.urls import reverse

from diapason.ui.views import ERROR_PAGES


def pages():
    yield "/styleguide"
    yield "/styleguide?state=error"
    yield "/styleguide/workspace"
    for code in ERROR_PAGES:
        yield f"/styleguide/error/{code}"


@pytest.fixture
def reader():
    return Client()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", list(pages()))
def test_pages_are_well_formed(reader, path, language):
    answer = reader.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    html = answer.content.decode()
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    assert tree.get("lang") == language
    assert len(list(tree.iter("h1"))) == 1
    assert len(list(tree.iter("main"))) == 1
    assert "".join(tree.find("head/title").itertext()).endswith("· Diapason")
    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert "style=" not in html
    assert "<style" not in html
    for node in tree.iter():
        assert not any(name.startswith("on") for name in node.attrib)
        assert node.tag != "script" or node.get("src")


def test_each_language_has_its_words(reader):
    french = reader.get("/styleguide", headers={"accept-language": "fr"}).content.decode()
    english = reader.get("/styleguide", headers={"accept-language": "en"}).content.decode()
    assert "De quoi Diapason est fait" in french
    assert "What Diapason is made of" in english
    assert "What waits" not in french
    assert "Ce qui attend" not in english


def test_the_language_is_remembered_and_the_page_found_again(reader):
    answer = reader.get(reverse("ui:language", args=["en"]), {"next": "/styleguide?state=error"})
    assert answer.status_code == 302
    assert answer["location"] == "/styleguide?state=error"
    page = reader.get("/styleguide", headers={"accept-language": "fr"})
    assert 'lang="en"' in page.content.decode()


@pytest.mark.parametrize("next_url", ["https://elsewhere.example/", "//elsewhere.example", "x:y"])
def test_the_language_link_never_leads_elsewhere(reader, next_url):
    answer = reader.get(reverse("ui:language", args=["en"]), {"next": next_url})
    assert answer["location"] == "/"


def test_an_unknown_language_or_error_is_not_found(reader):
    assert reader.get("/language/xx").status_code == 404
    assert reader.get("/styleguide/error/418").status_code == 404


def test_a_page_that_is_not_there_says_so(reader, settings):
    settings.DEBUG = False
    answer = reader.get("/nothing-here", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "There is no page here" in answer.content.decode()


def test_a_form_without_its_token_is_refused_with_words():
    answer = Client(enforce_csrf_checks=True).post(
        "/styleguide", headers={"accept-language": "en"}
    )
    assert answer.status_code == 403
    assert "This form has been open for too long" in answer.content.decode()
