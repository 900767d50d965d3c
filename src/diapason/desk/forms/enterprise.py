"""Which enterprise a project is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from diapason.directory.api import ORGANISATIONS
from diapason.ui.forms import one_of


class EnterpriseForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = one_of(
            ORGANISATIONS,
            label=_lazy("Enterprise"),
            required=False,
            help_text=_lazy("Add it to the directory first if it is not there."),
        )
