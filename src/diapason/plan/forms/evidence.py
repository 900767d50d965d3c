"""What narrows the rows behind a figure; kept in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diapason.kernel.measures import Evidence
from diapason.plan.queries import presenting
from diapason.ui.forms import DateInput


class EvidenceFilter(forms.Form):
    """Some days, and some values of the dimensions that the evidence has."""

    period = forms.CharField(required=False, widget=forms.HiddenInput)
    first = forms.DateField(label=_("From"), required=False, widget=DateInput)
    last = forms.DateField(label=_("Until"), required=False, widget=DateInput)

    def __init__(self, data: Any, *, evidence: Evidence) -> None:
        super().__init__(data)
        self.names = list(evidence.by)
        for name in self.names:
            self.fields[name] = forms.ChoiceField(
                label=presenting.dimension(name),
                required=False,
                choices=[("", _("All"))]
                + [(str(value), evidence.told(name, value)) for value in evidence.choices(name)],
            )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day comes before the first: exchange them."))
        return given

    @property
    def dimensions(self) -> dict[str, str]:
        """The values chosen, by dimension."""
        return {name: chosen for name in self.names if (chosen := self.cleaned_data[name])}

    @property
    def narrows(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.dimensions or self.cleaned_data["first"] or self.cleaned_data["last"])
