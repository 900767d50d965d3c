"""Which enterprise a project is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from diapason.directory.api import organisation_choices


class EnterpriseForm(forms.Form):
    organisation = forms.TypedChoiceField(
        label=_lazy("Enterprise"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_lazy("Add it to the directory first if it is not there."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.choices = [("", "–"), *organisation_choices()]
