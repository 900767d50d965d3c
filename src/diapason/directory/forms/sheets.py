"""What a person says of a spreadsheet of organisations: the file, its columns, its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diapason.directory.contracts import ADD, LEAVE
from diapason.kernel.spreadsheets import Column, FoundColumn


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_lazy("Your spreadsheet"),
        help_text=_lazy("XLSX, ODS or CSV, one organisation a line, with headings of any kind."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )


class MatchForm(forms.Form):
    """Which of our columns each column of a file is."""

    def __init__(
        self, found: Sequence[FoundColumn], ours: Sequence[Column], data: Any = None
    ) -> None:
        super().__init__(data)
        self.ours = ours
        choices = [("", _("Leave it out")), *((each.key, str(each.heading)) for each in ours)]
        for one in found:
            self.fields[f"column-{one.place}"] = forms.ChoiceField(
                label=one.heading or _("Column %(letter)s") % {"letter": one.letter},
                required=False,
                choices=choices,
                initial=one.guess,
                help_text=format_html_join(" · ", "{}", ((sample[:40],) for sample in one.samples)),
            )
            # To leave a column out is as good an answer as any.
            self.fields[f"column-{one.place}"].conditional = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first: dict[str, str] = {}
        for name, key in list(given.items()):
            if key and key in first:
                self.add_error(
                    name,
                    _("“%(column)s” already holds this: leave one of the two out.")
                    % {"column": self.fields[first[key]].label},
                )
            elif key:
                first[key] = name
        if "name" not in first and not self.errors:
            raise ValidationError(_("Say which column holds the name of the organisation."))
        return given

    def places(self) -> dict[str, int]:
        """The place in the file of each of our columns."""
        return {key: int(name.partition("-")[2]) for name, key in self.cleaned_data.items() if key}


class RestForm(forms.Form):
    rest = forms.ChoiceField(
        label=_lazy("The rest of them"),
        choices=[
            (LEAVE, _lazy("Leave them out for now")),
            (ADD, _lazy("Add them: duplicates can be merged later")),
        ],
        initial=LEAVE,
        widget=forms.RadioSelect,
    )


def choices_of(data: Mapping[str, Any]) -> dict[int, str]:
    """What a person said of the lines in question, by their number."""
    said = {}
    for name, answer in data.items():
        head, _dash, number = name.partition("-")
        known = answer in {ADD, LEAVE} or str(answer).isdecimal()
        if head == "line" and known and number.isdecimal() and len(number) < 9:
            said[int(number)] = str(answer)
    return said
