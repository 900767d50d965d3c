"""Catalogues compiled by us read like those that GNU gettext compiles."""

import gettext
import io
import os

import pytest

from diapason.config import messages

CATALOGUE = r"""
# A comment.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=n > 1;\n"

#: somewhere.py:3
msgid "Open"
msgstr "Ouvrir"
msgctxt "state"
msgid "Open"
msgstr "Ouvert"

msgid "one day"
msgid_plural "%(n)s days"
msgstr[0] "un jour"
msgstr[1] "%(n)s jours"

msgid ""
"long "
"\"text\"\n"
msgstr ""
"long « texte »\n"

#, fuzzy
msgid "Guess"
msgstr "Devine"

msgid "Empty"
msgstr ""

#~ msgid "Old"
#~ msgstr "Vieux"
"""


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "room" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE, "utf-8")
    return path


def test_compiled_catalogue_is_read_by_gettext(source):
    read = gettext.GNUTranslations(io.BytesIO(messages.compiled(messages.read(source))))
    assert read.gettext("Open") == "Ouvrir"
    assert read.pgettext("state", "Open") == "Ouvert"
    assert read.ngettext("one day", "%(n)s days", 1) == "un jour"
    assert read.ngettext("one day", "%(n)s days", 2) == "%(n)s jours"
    assert read.gettext('long "text"\n') == "long « texte »\n"
    for left_out in ("Guess", "Empty", "Old"):
        assert read.gettext(left_out) == left_out


def test_only_what_changed_is_compiled(tmp_path, source):
    target = source.with_suffix(".mo")
    assert messages.compile_all(tmp_path) == [target]
    assert messages.compile_all(tmp_path) == []
    later = target.stat().st_mtime + 5
    os.utime(source, (later, later))
    assert messages.compile_all(tmp_path) == [target]


def test_a_broken_catalogue_is_named_with_its_line(source):
    source.write_text('msgid "a"\nmsgstr "b\n', "utf-8")
    with pytest.raises(messages.CatalogueError, match=r"django\.po:2"):
        messages.read(source)


def test_the_same_words_are_translated_alike_in_every_catalogue():
    # One catalogue silently wins over the others: a page would then speak another page's words.
    # Words that mean two things need a context (`pgettext`).
    said: dict[str, dict[str, list[str]]] = {}
    for path in sorted(messages.SOURCES.rglob("locale/fr/LC_MESSAGES/django.po")):
        for key, translation in messages.read(path).items():
            if key:
                said.setdefault(key, {}).setdefault(translation, []).append(path.parts[-5])
    assert {key: found for key, found in said.items() if len(found) > 1} == {}
