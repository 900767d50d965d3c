"""Texts in several languages."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from diapason.directory.models import Organisation
from diapason.kernel.texts import Text, TextField, bare

texts = st.dictionaries(st.sampled_from(["fr", "en", "de"]), st.text(max_size=10)).map(Text)


@given(texts, st.sampled_from(["fr", "en", "de", "en-gb", "pl", ""]))
def test_a_reader_always_gets_words_where_there_are_some(text: Text, language: str) -> None:
    shown = text.in_language(language)
    assert bool(shown) == any(text.values()) == bool(text)
    if wanted := text.get(language):
        assert shown == wanted


def test_a_text_speaks_the_active_language() -> None:
    text = Text(fr="Été", en="Summer")
    with override("fr"):
        assert str(text) == "Été"
    with override("en-gb"):
        assert str(text) == "Summer"


def test_a_field_takes_texts_as_they_come() -> None:
    field = TextField()
    assert isinstance(field.to_python({"fr": "a"}), Text)
    assert field.to_python(None) is None
    assert field.get_default() == {}


@pytest.mark.django_db
def test_a_text_is_a_text_again_when_it_is_read() -> None:
    Organisation.objects.create(code="a", name={"fr": "Été"})
    found = Organisation.objects.get().name
    assert isinstance(found, Text)
    assert str(found) == "Été"
    assert Organisation.objects.filter(name__fr="Été").exists()


def test_an_accent_does_not_send_a_name_to_the_end() -> None:
    names = ["Ville", "École", "Pôle emploi", "Écho", "Port", "eau"]
    assert sorted(names, key=bare) == [
        "eau",
        "Écho",
        "École",
        "Pôle emploi",
        "Port",
        "Ville",
    ]
