"""No sentence stays untranslated: what the code says is in the French catalogue, well written, and
pages speak one language."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import allauth
import click
import pytest
from django.test import Client
from django.utils.translation import override

from diapason.config.messages import CONTEXT_END, PLURAL_END
from tests.trust import wording
from tests.trust.pages import is_document, language_of
from tests.trust.routes import Route, walk
from tests.trust.wording import SOURCES, french_faults, literal_texts, placeholders
from tests.trust.world import PEOPLE, World, client_of

ROUTES = [route for route in walk() if not route.faults()]
# The same in every language.
NAMES = {"Diapason", "API", "CSV", "XLSX", "ODS", "JSON", "PDF", "OpenAPI"}
NAMES |= {"Authorization: Bearer …"}  # what a program writes
ROOMS = sorted(path.name for path in SOURCES.iterdir() if (path / "__init__.py").exists())


@cache
def french() -> dict[str, str]:
    return wording.catalogue()


def missing(said: list[wording.Said], known: dict[str, str]) -> list[str]:
    """The sentences that have no French, with where they are said."""
    return [
        f"{Path(one.where).name}: {one.key!r}" for one in said if one.key and one.key not in known
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_has_its_french(room: str) -> None:
    found = missing(list(wording.said(SOURCES / room)), french())
    assert not found, f"{len(found)} sentences without French:\n" + "\n".join(found)


@pytest.mark.parametrize("path", wording.catalogue_paths(), ids=lambda path: path.parts[-5])
def test_no_translation_is_doubtful_or_empty(path: Path) -> None:
    text = path.read_text("utf-8")
    # The catalogue's reader leaves out what is fuzzy or empty, and knows a sentence once.
    assert len(re.findall(r"^msgid ", text, re.MULTILINE)) == len(wording.read(path))


@cache
def everything_said() -> frozenset[str]:
    """What the code, its templates, and the libraries whose words we translate may say."""
    found = {said.key for said in wording.said()}
    libraries = (Path(one.__file__).parent for one in (allauth, click))
    for folder in (SOURCES, *libraries):
        for path in folder.rglob("*.py"):
            found |= set(wording.texts_in_python(path))
    return frozenset(found)


def said_by_nobody(known: Iterable[str]) -> list[str]:
    """The sentences of a catalogue that nothing says any more."""
    found = []
    for key in known:
        singular = key.split(CONTEXT_END)[-1].split(PLURAL_END)[0]
        if key and not {key, singular} & everything_said():
            found.append(key)
    return found


@pytest.mark.parametrize("path", wording.catalogue_paths(), ids=lambda path: path.parts[-5])
def test_every_translation_is_of_something_said(path: Path) -> None:
    assert said_by_nobody(wording.read(path)) == []


@pytest.mark.parametrize("path", wording.catalogue_paths(), ids=lambda path: path.parts[-5])
def test_french_is_well_written(path: Path) -> None:
    found = [
        f"{fault}: {text!r}"
        for text in wording.read(path).values()
        if "charset=" not in text
        for form in text.split(PLURAL_END)
        for fault in french_faults(form)
    ]
    assert not found, "\n" + "\n".join(found)


def disagreeing(known: dict[str, str]) -> list[str]:
    """The translations that lose a placeholder, or invent one."""
    found = []
    for key, text in known.items():
        asked = placeholders(key.split(CONTEXT_END)[-1])
        for form in text.split(PLURAL_END):
            given = placeholders(form)
            # A singular may write its number in words.
            if not given <= asked or (PLURAL_END not in text and given != asked):
                found.append(f"{key!r} → {form!r}")
    return found


def test_placeholders_agree() -> None:
    found = disagreeing({key: text for key, text in french().items() if key})
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    "path",
    wording.templates(),
    ids=lambda path: "/".join(path.parts[path.parts.index("diapason") + 1 :]),
)
def test_templates_say_nothing_untranslated(path: Path) -> None:
    found = [words for words in literal_texts(path.read_text("utf-8")) if words not in NAMES]
    assert not found, f"{path}: {found}"


@cache
def only_in(language: str) -> frozenset[str]:
    """The texts that can only be of that language."""
    english, translated = set(), set()
    for key, text in french().items():
        if key:
            english |= set(key.split(CONTEXT_END)[-1].split(PLURAL_END))
            translated |= set(text.split(PLURAL_END))
    found = english - translated if language == "en" else translated - english
    return frozenset(text for text in found if " " in text and not placeholders(text))


_ELSEWHERE = re.compile(r"<(\w+)\b[^>]*\blang=.*?</\1>", re.DOTALL)
_PIECE = re.compile(r">([^<>]+)<")


def strays(content: str, language: str) -> list[str]:
    """The texts of a page that are of the other language, where it does not say so."""
    body = content[content.index("<body") :] if "<body" in content else content
    pieces = {
        " ".join(html.unescape(piece).split()) for piece in _PIECE.findall(_ELSEWHERE.sub("", body))
    }
    other = "fr" if language == "en" else "en"
    # The records of tests carry their language in their text.
    return sorted(pieces & only_in(other)) + sorted(
        piece for piece in pieces if f"({other})" in piece
    )


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    return {name: client_of(world.people[name]) for name in PEOPLE}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_pages_speak_one_language(
    route: Route, language: str, world: World, clients: dict[str, Client]
) -> None:
    found: list[str] = []
    # The operator may see everything but a manager's own affairs.
    for name in ("anonymous", "programme_manager", "operator"):
        person = world.people[name]
        mine = route.example.own(world, person) if route.open_to(person) else None
        if mine is None:
            continue
        with override(language):
            url = route.url(mine)
        answer = clients[name].get(url, route.example.query)
        if not answer.streaming and is_document(answer.get("Content-Type", ""), answer.content):
            found += strays(answer.content.decode(), language_of(url))
    assert not found, "\n".join(dict.fromkeys(found))


# A planted fault of each sort must be found.


def test_an_untranslated_sentence_is_found(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text(
        "from django.utils.translation import gettext as _, ngettext\n"
        'A = _("A sentence that nobody translated")\n'
        'B = ngettext("one of them", "many of them", 2)\n'
    )
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "a.html").write_text(
        "{% load i18n %}{% if a %}{% translate 'In a template' %}{% endif %}"
        "{% blocktranslate trimmed with a=b %}\n  In a {{ a }}\n  block{% endblocktranslate %}"
        '{% include "ui/mark.html" with label=_("In an argument") %}'
    )
    told = "\n".join(missing(list(wording.said(tmp_path)), french()))
    for words in ("nobody", "one of them", "In a template", "In a %(a)s block", "In an argument"):
        assert words in told


def test_a_translation_of_what_nobody_says_is_found() -> None:
    kept = "A sentence that " + "went away"
    assert said_by_nobody(["", "Sign in", kept]) == [kept]


@pytest.mark.parametrize(
    "text",
    ["l'action", "Pourquoi ?", "Pourquoi?", "Suite :", "Suite:", "« mot »", "Attendez..."],
)
def test_badly_written_french_is_found(text: str) -> None:
    assert french_faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "l’action",
        "Pourquoi\u00a0?",
        "Suite\u202f: à 12:30, voyez https://example.org/?a=b",
        "«\u00a0mot\u00a0»",
        'un <a href="{{ url }}">lien</a>…',
    ],
)
def test_well_written_french_passes(text: str) -> None:
    assert not french_faults(text)


def test_a_lost_placeholder_is_found() -> None:
    assert disagreeing({"Hello %(name)s": "Bonjour"})
    assert disagreeing({"Hello": "Bonjour %(name)s"})
    assert not disagreeing({"Hello %(name)s": "Bonjour %(name)s"})


@pytest.mark.parametrize(
    "source",
    [
        "<p>Good day</p>",
        '<img alt="A picture" src="{{ url }}">',
        '<button aria-label="Close {{ name }}">×</button>',
        "{% if a %}yes{% endif %}",
    ],
)
def test_literal_text_in_a_template_is_found(source: str) -> None:
    assert literal_texts(source)


def test_a_translated_template_passes() -> None:
    source = (
        '{% load i18n %}<p class="a {{ b }}">{% translate "Good day" %} {{ name }}, '
        "{% blocktranslate %}you{% endblocktranslate %}</p><script>var a</script><!-- c d -->"
    )
    assert not literal_texts(source)


def test_a_page_of_two_languages_is_found() -> None:
    text = next(iter(sorted(only_in("fr"))))
    other: Any = next(iter(sorted(only_in("en"))))
    assert strays(f"<body><p>{text}</p>", "en")
    assert strays(f"<body><p>{other}</p>", "fr")
    assert strays("<body><p>Plan (fr)</p>", "en")
    assert not strays(f"<body><p>{text}</p><p lang='en'>{other}</p>", "fr")
