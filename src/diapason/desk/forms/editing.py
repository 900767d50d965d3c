"""The form that corrects what a case says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diapason.desk.contracts import Need, Sector
from diapason.desk.models import Case
from diapason.directory.api import commune_choices
from diapason.kernel.forms import Versioned


class CorrectForm(Versioned):
    """What the project is. `version` is the one that the person saw."""

    title = forms.CharField(label=_lazy("Project"), max_length=120)
    summary = forms.CharField(
        label=_lazy("In a few sentences"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    needs = forms.MultipleChoiceField(
        label=_lazy("Needs"), widget=forms.CheckboxSelectMultiple, choices=Need.choices()
    )
    sector = forms.ChoiceField(label=_lazy("Sector"), choices=Sector.choices())
    student = forms.BooleanField(
        label=_lazy("Project of a student or student entrepreneur"), required=False
    )
    commune = forms.ChoiceField(label=_lazy("Commune"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, initial=said_of(case), **kwargs)
        self.fields["commune"].choices = [("", _("Not known")), *commune_choices()]

    def beside(self, current: Case) -> list[tuple[Any, str, str]]:
        """What somebody else left that differs from what was typed: the field's label, theirs,
        and the person's own, in words."""
        theirs = said_of(current)
        return [
            (field.label, self._words(name, theirs[name]), self._words(name, mine))
            for name, field in self.fields.items()
            if name != "version"
            and (mine := self.cleaned_data.get(name)) != theirs[name]
            and (mine or theirs[name])
        ]

    def _words(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        choices = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        values = value if isinstance(value, list) else [value]
        told = [choices.get(str(each), str(each)) for each in values if each not in (None, "")]
        return ", ".join(told) or "–"


def said_of(case: Case) -> dict[str, Any]:
    """What a case says of the project, by the form's fields."""
    return {
        "title": case.title,
        "summary": case.summary,
        "needs": list(case.needs),
        "sector": case.sector,
        "student": case.student,
        "commune": case.commune_id,
        "version": case.version,
    }
