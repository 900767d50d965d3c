"""How every form of the project is drawn, and the few widgets that Django lacks."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy


class FormRenderer(TemplatesSetting):
    """Draws `{{ form }}` and `{{ field.as_field_group }}` in our look (setting FORM_RENDERER)."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"


@dataclass(frozen=True, slots=True)
class CardLabel:
    """The label of a choice drawn as a card: its words and, under them, what already exists.

    `("idea", CardLabel("Clarify my idea", "3 organisations, an answer in 4 days"))`.
    """

    text: str | Promise
    detail: str | Promise = ""

    def __str__(self) -> str:
        return str(self.text)


class RadioCards(forms.RadioSelect):
    """One choice among cards."""

    template_name = "ui/forms/cards.html"


class CheckboxCards(forms.CheckboxSelectMultiple):
    """Several choices among cards."""

    template_name = "ui/forms/cards.html"


class DateInput(forms.DateInput):
    """The browser's own date field, which wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class FileInput(forms.ClearableFileInput):
    """A file, with the one already given and the means to take it away."""

    template_name = "ui/forms/file.html"


def speak_our_words() -> None:
    """Every form says what to do, where Django says what is wrong.

    Side effects: replaces the messages of Django's own fields, for the whole program.
    """
    for field, code, words in (
        (forms.Field, "required", _lazy("Fill this in.")),
        (forms.ChoiceField, "required", _lazy("Choose an answer.")),
        (forms.BooleanField, "required", _lazy("Tick this box to go on.")),
        (forms.DateField, "required", _lazy("Give a date.")),
        (forms.DateField, "invalid", _lazy("This is not a date: write day, month and year.")),
        (forms.FileField, "required", _lazy("Choose a file.")),
        (
            forms.URLField,
            "invalid",
            _lazy("This is not a link: copy it whole, such as https://example.org/report."),
        ),
    ):
        field.default_error_messages = {**field.default_error_messages, code: words}
    validate_email.message = _lazy("Write a whole address, such as name@example.org.")
