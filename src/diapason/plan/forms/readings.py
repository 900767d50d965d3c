"""Forms that decide on figures, and that bring many at once."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from diapason.plan.contracts import WORDS_AT_MOST


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_lazy("What has to be mended"),
        max_length=WORDS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_lazy("Your spreadsheet"),
        help_text=_lazy("XLSX, ODS or CSV, with the headings of the template."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )
