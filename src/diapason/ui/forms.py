"""How every form of the project is drawn, and the few widgets that Django lacks."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext_lazy

from diapason.kernel.choosing import Choices, Records
from diapason.kernel.texts import as_seen


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


class FoundInput(forms.TextInput):
    """A name or a number in words, and under it those that it may mean, to choose from.

    Its value is what was written and the key that was chosen, if any.
    """

    template_name = "ui/forms/found.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.candidates: Choices = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        return data.get(name, ""), data.get(f"{name}_chosen", "")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        words, chosen = value or ("", "")
        context = super().get_context(name, words, attrs)
        context["widget"]["candidates"] = [
            (key, label, str(key) == chosen) for key, label in self.candidates
        ]
        return context


class FoundField(forms.Field):
    """One record among many: written in words, found on the server, chosen among those that the
    words may mean where they are several. Gives its key, None where nothing is written."""

    widget = FoundInput

    def __init__(self, *, records: Records, **kwargs: Any) -> None:
        told = format_lazy("{} {}", records.how, kwargs.pop("help_text", ""))
        super().__init__(help_text=told, **kwargs)
        self.records = records

    def prepare_value(self, value: Any) -> Any:
        """A key is written by its name, and is the one chosen; words stay as they are."""
        if value in self.empty_values or isinstance(value, tuple):
            return value
        if isinstance(value, str):
            return value, ""
        label = self.records.name(value)
        self.widget.candidates = [(value, label)]
        return label, str(value)

    def clean(self, value: Any) -> int | None:
        words, chosen = value or ("", "")
        words = " ".join(words.split())[:200]
        if not words:
            super().clean("")
            return None
        found = self.records.called(words)
        self.widget.candidates = found if len(found) > 1 else ()
        keys = [key for key, _label in found]
        if len(keys) == 1:
            return keys[0]
        for key in keys:
            if chosen == str(key):
                return key
        if not keys:
            raise ValidationError(_("Nothing of this name or number is known here."))
        raise ValidationError(_("Several answer to this: choose one below, or write more of it."))

    def has_changed(self, initial: Any, data: Any) -> bool:
        words, chosen = data or ("", "")
        return bool(words) if initial in self.empty_values else chosen != str(initial)


def one_of(records: Records, *, none: str | Promise = "–", **kwargs: Any) -> forms.Field:
    """A field that asks for one of these records: a list while it can be read through, else words.

    `none`: what the list says where nothing is chosen."""
    few = records.few()
    if few is None:
        return FoundField(records=records, **kwargs)
    return forms.TypedChoiceField(
        coerce=int, empty_value=None, choices=[("", none), *few], **kwargs
    )


def read_as_seen() -> None:
    """Every field of text leaves out the signs that no eye sees; passwords are taken as they are.

    Side effects: wraps Django's own field, for the whole program.
    """
    if hasattr(forms.CharField, "_read_as_typed"):
        return
    as_typed = forms.CharField.to_python

    def to_python(self: forms.CharField, value: Any) -> Any:
        if isinstance(value, str) and not isinstance(self.widget, forms.PasswordInput):
            value = as_seen(value)
        return as_typed(self, value)

    forms.CharField._read_as_typed = as_typed  # type: ignore[attr-defined]
    forms.CharField.to_python = to_python  # type: ignore[method-assign]


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
    MaxLengthValidator.message = ngettext_lazy(
        "This is too long: write %(limit_value)s character at most. You wrote %(show_value)s.",
        "This is too long: write %(limit_value)s characters at most. You wrote %(show_value)s.",
        "limit_value",
    )
    validate_email.message = _lazy("Write a whole address, such as name@example.org.")
