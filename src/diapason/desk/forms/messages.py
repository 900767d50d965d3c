"""Forms of what is said on a case."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diapason.desk.contracts import Rhythm, Satisfied
from diapason.kernel.files import StoredFileField
from diapason.ui.forms import CardLabel, RadioCards


class MessageForm(forms.Form):
    """A few words, a document, or both."""

    text = forms.CharField(
        label=_lazy("Your message"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 5000}),
    )
    document = StoredFileField(label=_lazy("Document"), required=False)
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One of the two is asked for: neither is optional by itself.
        self.fields["text"].conditional = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given.get("text") and not given.get("document"):
            raise ValidationError({"text": _("Write a few words, or attach a document.")})
        return given


class LettersForm(forms.Form):
    """How often one is told what is late."""

    digest = forms.ChoiceField(
        label=_lazy("When should we write to you about what is late?"),
        widget=RadioCards,
        choices=[(one.value, CardLabel(one.label)) for one in Rhythm],
    )


class SatisfactionForm(forms.Form):
    """The one question at the end."""

    answer = forms.ChoiceField(
        label=_lazy("Was the help of use to you?"),
        widget=RadioCards,
        choices=[(one.value, CardLabel(one.label)) for one in Satisfied],
    )
    words = forms.CharField(
        label=_lazy("What helped, what was missing?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 5000}),
    )


class ForgetForm(forms.Form):
    """One more word before everything is erased: a slip of the finger is no wish."""

    sure = forms.BooleanField(label=_lazy("Yes, erase my data. It cannot be brought back."))
