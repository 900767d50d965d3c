"""The style guide shows everything in both languages; something wrong has a page with a way on."""

import html5lib
import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override

from diapason.ui.views import ERROR_PAGES

pytestmark = pytest.mark.django_db
PREFIXES = {"fr": "", "en": "/en"}


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
    answer = reader.get(PREFIXES[language] + path)
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
    french = reader.get("/styleguide").content.decode()
    english = reader.get("/en/styleguide").content.decode()
    assert "De quoi Diapason est fait" in french
    assert "What Diapason is made of" in english
    assert "What waits" not in french
    assert "Ce qui attend" not in english


def test_an_unknown_error_is_not_found(reader):
    assert reader.get("/styleguide/error/418").status_code == 404


def test_a_page_that_is_not_there_says_so(reader, settings):
    settings.DEBUG = False
    answer = reader.get("/en/nothing-here")
    assert answer.status_code == 404
    assert "There is no page here" in answer.content.decode()


def test_a_form_without_its_token_is_refused_with_words():
    answer = Client(enforce_csrf_checks=True).post("/en/styleguide")
    assert answer.status_code == 403
    assert "This form has been open for too long" in answer.content.decode()


def test_the_page_of_last_resort_needs_neither_request_nor_database():
    with override("en"), connection.execute_wrapper(refuse):
        html = render_to_string("500.html")
    assert "Something broke on our side" in html


def refuse(execute, sql, params, many, context):
    raise AssertionError(f"asked the database: {sql}")
