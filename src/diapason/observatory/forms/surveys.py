"""Forms that open a survey, ask enterprises, and look at whom it asks."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diapason.directory.api import ORGANISATIONS, OrganisationKind, organisation_ids
from diapason.kernel import clock
from diapason.kernel.registries import CohortKind
from diapason.observatory.contracts import Question, Standing
from diapason.observatory.models import Invitation
from diapason.observatory.queries import cohorts
from diapason.ui.forms import CardLabel, CheckboxCards, DateInput, RadioCards, one_of

ENTERPRISES = (OrganisationKind.COMPANY, OrganisationKind.ASSOCIATION)
HELPED, EVERY, ONE = "helped", "every", "one"


class DaysField(forms.CharField):
    """A few numbers of days: "14, 3"."""

    def clean(self, value: Any) -> list[int]:
        typed = super().clean(value).replace(";", " ").replace(",", " ").split()
        if not all(word.isdecimal() and len(word) <= 3 for word in typed):
            raise ValidationError(_("Write numbers of days, such as 14, 3."))
        return [int(word) for word in typed]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value


def _reminders() -> DaysField:
    return DaysField(
        label=_lazy("Reminders, in days before the last day"),
        required=False,
        max_length=40,
        help_text=_lazy("Such as 14, 3. Only those who have not answered are reminded."),
    )


class SurveyForm(forms.Form):
    year = forms.IntegerField(label=_lazy("Which year do you ask about?"), min_value=1990)
    questions = forms.MultipleChoiceField(
        label=_lazy("What do you ask?"),
        help_text=_lazy("Whether the enterprise is still active is always asked."),
        widget=CheckboxCards,
        choices=[(one.value, CardLabel(one.label)) for one in Question],
        initial=[one.value for one in Question],
    )
    closes_on = forms.DateField(label=_lazy("Last day to answer"), widget=DateInput())
    reminder_days = _reminders()
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)


class ChangeForm(forms.Form):
    closes_on = forms.DateField(label=_lazy("Last day to answer"), widget=DateInput())
    reminder_days = _reminders()
    version = forms.IntegerField(widget=forms.HiddenInput)


class CloseForm(forms.Form):
    """Nothing to fill in: the button says it."""


class InviteForm(forms.Form):
    whom = forms.ChoiceField(
        label=_lazy("Whom do you ask?"),
        widget=RadioCards,
        choices=[
            (
                HELPED,
                CardLabel(
                    _lazy("All who were helped"), _lazy("By a structure, or shown at an event.")
                ),
            ),
            (
                EVERY,
                CardLabel(
                    _lazy("All enterprises of the directory"), _lazy("Companies and associations.")
                ),
            ),
            (ONE, CardLabel(_lazy("One enterprise"), _lazy("Choose it below."))),
        ],
        initial=HELPED,
    )
    language = forms.ChoiceField(label=_lazy("Language of the letter"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = one_of(
            ORGANISATIONS, label=_lazy("Enterprise"), required=False
        )
        self.order_fields(["whom", "organisation"])

    def organisations(self) -> list[int]:
        """Those that the answers name."""
        given = self.cleaned_data
        if given["whom"] == ONE:
            return [given["organisation"]] if given["organisation"] else []
        if given["whom"] == EVERY:
            return organisation_ids(ENTERPRISES)
        tomorrow = clock.today() + cohorts.ONE_DAY
        return sorted(
            {who for kind in CohortKind for who in cohorts.entered_before(kind, tomorrow)}
        )


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_lazy("Your spreadsheet"),
        help_text=_lazy("XLSX, ODS or CSV, with the headings of the template."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )


class AskedFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_lazy("Enterprise"), method="named")
    standing = django_filters.ChoiceFilter(
        label=_lazy("Where it stands"),
        empty_label=_lazy("All"),
        choices=Standing.choices(),
        field_name="standing",
    )

    class Meta:
        model = Invitation
        fields: ClassVar = []

    def named(self, rows: QuerySet[Invitation], _name: str, value: str) -> QuerySet[Invitation]:
        return rows.filter(organisation__name__icontains=value)
