"""Forms have our face: labels, help, errors beside their field and at the top."""

from datetime import date

import html5lib
import pytest
from django import forms
from django.utils.translation import override

from diapason.kernel.choosing import Records
from diapason.ui.forms import (
    CardLabel,
    CheckboxCards,
    DateInput,
    FileInput,
    FormRenderer,
    FoundField,
    one_of,
)


@pytest.fixture(autouse=True)
def in_french():
    with override("fr"):
        yield


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As on your papers")
    stage = forms.ChoiceField(
        label="Stage",
        widget=forms.RadioSelect,
        choices=[("a", "Idea"), ("b", "Project")],
        required=False,
    )
    needs = forms.MultipleChoiceField(
        label="Needs", widget=CheckboxCards, choices=[("p", CardLabel("A place", "2 free"))]
    )
    begins = forms.DateField(label="First day", widget=DateInput, required=False)
    paper = forms.FileField(label="Paper", widget=FileInput, required=False)
    agreed = forms.BooleanField(label="I agree")
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("Not together")


def parse(form):
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    return parser.parseFragment(str(form), container="form")


def find(tree, **attributes):
    return [
        node
        for node in tree.iter()
        if isinstance(node.tag, str)
        and all(node.get(name.rstrip("_").replace("_", "-")) == v for name, v in attributes.items())
    ]


def text(node):
    return " ".join("".join(node.itertext()).split())


def test_the_project_draws_its_forms_this_way(settings):
    assert settings.FORM_RENDERER == "diapason.ui.forms.FormRenderer"
    assert isinstance(Sample().renderer, FormRenderer)


def test_every_field_has_one_label_or_legend():
    tree = parse(Sample())
    labelled = {node.get("for") for node in tree.iter("label")}
    for control in [*tree.iter("input"), *tree.iter("textarea"), *tree.iter("select")]:
        if control.get("type") != "hidden":
            assert control.get("id") in labelled
    assert [text(node) for node in tree.iter("legend")] == ["Stage (facultatif)", "Needs"]


def test_help_and_errors_are_tied_to_their_field():
    tree = parse(Sample({}))
    (field,) = find(tree, id="id_name")
    assert field.get("aria-invalid") == "true"
    described = field.get("aria-describedby").split()
    assert [text(find(tree, id=part)[0]) for part in described] == [
        "As on your papers",
        "À remplir.",
    ]


def test_the_summary_leads_to_every_refused_field():
    tree = parse(Sample({}))
    (summary,) = find(tree, role="alert")
    links = [node.get("href") for node in summary.iter("a")]
    assert links == ["#id_name", "#id_needs", "#id_agreed"]
    for link in links:
        assert len(find(tree, id=link[1:])) == 1
    assert "Not together" in text(summary)


def test_a_form_not_yet_sent_has_no_summary():
    assert find(parse(Sample()), role="alert") == []


def test_ids_are_unique():
    ids = [node.get("id") for node in parse(Sample({})).iter() if node.get("id")]
    assert len(ids) == len(set(ids))


def test_a_card_says_what_already_exists():
    tree = parse(Sample({"needs": ["p"]}))
    (label,) = find(tree, for_="id_needs_0")
    assert text(label) == "A place2 free"
    assert label.find("input").get("checked") is not None


def test_dates_go_to_the_browser_in_iso_whatever_the_language():
    (field,) = find(parse(Sample(initial={"begins": date(2020, 11, 3)})), id="id_begins")
    assert (field.get("type"), field.get("value")) == ("date", "2020-11-03")


def test_wrong_answers_are_told_what_to_do() -> None:
    class Asked(forms.Form):
        name = forms.CharField()
        day = forms.DateField()
        link = forms.URLField(assume_scheme="https")
        email = forms.EmailField()

    with override("en"):
        form = Asked({"name": "", "day": "soon", "link": "not a link", "email": "me"})
        assert {name: str(errors[0]) for name, errors in form.errors.items()} == {
            "name": "Fill this in.",
            "day": "This is not a date: write day, month and year.",
            "link": "This is not a link: copy it whole, such as https://example.org/report.",
            "email": "Write a whole address, such as name@example.org.",
        }


NAMES = {1: "Atelier du volcan", 2: "Atelier des vignes", 3: "Piano"}


def many(few: bool = False) -> Records:
    return Records(
        few=lambda: list(NAMES.items()) if few else None,
        called=lambda words: [(key, name) for key, name in NAMES.items() if words in name],
        name=lambda key: NAMES.get(key, ""),
        how="By name.",
    )


def asks(data=None, initial=None, **kwargs):
    class Asks(forms.Form):
        default_renderer = FormRenderer
        who = one_of(many(), label="Who", required=False, **kwargs)

    return Asks(data, initial={"who": initial})


def test_few_records_are_a_list_and_many_are_written() -> None:
    assert isinstance(one_of(many(few=True), label="Who"), forms.TypedChoiceField)
    field = one_of(many(), label="Who", help_text="If any.")
    assert isinstance(field, FoundField)
    assert str(field.help_text) == "By name. If any."


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"who": "Piano"}, 3),
        ({"who": "  volcan "}, 1),
        ({"who": "Atelier", "who_chosen": "2"}, 2),
        # What is written counts, not what was chosen before.
        ({"who": "Piano", "who_chosen": "2"}, 3),
        ({"who": ""}, None),
        ({"who": "", "who_chosen": "2"}, None),
        ({}, None),
    ],
)
def test_what_is_written_is_found(given, meant) -> None:
    form = asks(given)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["who"] == meant


def test_of_several_one_is_chosen_and_nothing_written_is_lost() -> None:
    form = asks({"who": "Atelier", "who_chosen": "3"})
    assert not form.is_valid()
    page = parse(form)
    assert page.find(".//input[@name='who']").get("value") == "Atelier"
    radios = page.findall(".//input[@name='who_chosen']")
    assert [one.get("value") for one in radios] == ["1", "2"]
    assert not asks({"who": "Nobody"}).is_valid()
    for wrong in ("²", "9" * 5000, "-1"):
        assert not asks({"who": "Atelier", "who_chosen": wrong}).is_valid()
    # One form's candidates are not another's.
    assert not parse(asks({"who": "Piano"})).findall(".//input[@name='who_chosen']")


def test_who_is_kept_is_written_by_name_and_stays_when_untouched() -> None:
    page = parse(asks(initial=2))
    assert page.find(".//input[@name='who']").get("value") == "Atelier des vignes"
    chosen = page.find(".//input[@name='who_chosen']")
    assert (chosen.get("value"), chosen.get("checked") is not None) == ("2", True)
    same = asks({"who": "Atelier des vignes", "who_chosen": "2"}, initial=2)
    assert same.is_valid()
    assert same.cleaned_data["who"] == 2
    # A draft gives back what was written.
    assert parse(asks(initial="Atel")).find(".//input[@name='who']").get("value") == "Atel"


def test_what_no_eye_sees_is_left_out_of_what_is_typed():
    """A mark that turns the text around it, such as U+202E, stays in no record."""
    words = forms.CharField()
    assert words.clean("Rapport \u202elive\u202c\ufeff 20\u200b20\x07") == "Rapport live 2020"
    assert words.clean("de\u0301ja\u0300 vu 👩\u200d🎤\net\tla suite") == (
        "de\u0301ja\u0300 vu 👩\u200d🎤\net\tla suite"
    )
    with pytest.raises(forms.ValidationError):
        words.clean("\u202e \u200b")
    secret = forms.CharField(widget=forms.PasswordInput, strip=False)
    assert secret.clean("a\u200bb") == "a\u200bb"


def test_a_text_too_long_says_how_long_it_may_be():
    with pytest.raises(forms.ValidationError) as told:
        forms.CharField(max_length=300).clean("x" * 10_000)
    assert told.value.messages == [
        "C’est trop long\u00a0: 300 caractères au plus. Vous en avez écrit 10000."
    ]
