"""How every form of the project is drawn, and the few widgets that Django lacks."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise


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
