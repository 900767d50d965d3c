"""Forms of visits."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import django_filters
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diapason.desk.contracts import Difficulty, Need, Sector, Stage, VisitState
from diapason.desk.models import Visit
from diapason.directory.api import staff_choices
from diapason.kernel import clock
from diapason.kernel.forms import Versioned
from diapason.ui.forms import CardLabel, CheckboxCards, DateInput


class VisitPlanForm(forms.Form):
    """When, and who goes. `version` is the one that the person saw."""

    planned_on = forms.DateField(label=_lazy("Day of the visit"), widget=DateInput())
    visitor = forms.TypedChoiceField(
        label=_lazy("Who goes"), coerce=int, empty_value=None, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        initial = {
            "planned_on": visit.planned_on,
            "visitor": visit.visitor_id,
            "version": visit.version,
        }
        super().__init__(*args, initial=initial, **kwargs)
        people = staff_choices(also=visit.visitor)
        self.fields["visitor"].choices = [("", _("Nobody yet")), *people]


class VisitNotesForm(Versioned):
    """What a visit found, in the words that all visits share; made for a phone."""

    done_on = forms.DateField(
        label=_lazy("Day of the visit"), widget=DateInput(), initial=clock.today
    )
    sector = forms.ChoiceField(label=_lazy("Sector"), choices=Sector.choices())
    needs = forms.MultipleChoiceField(
        label=_lazy("What do they need?"),
        help_text=_lazy("Each need can then become a case."),
        required=False,
        widget=CheckboxCards,
        choices=[(one.value, CardLabel(one.label)) for one in Need],
    )
    difficulties = forms.MultipleChoiceField(
        label=_lazy("What is difficult?"),
        required=False,
        widget=CheckboxCards,
        choices=[(one.value, CardLabel(one.label)) for one in Difficulty],
    )
    notes = forms.CharField(
        label=_lazy("Notes"),
        help_text=_lazy("Between us: the enterprise and the public do not read them."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 10000}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)


class NeedCaseForm(forms.Form):
    """How far along the enterprise is with a need that becomes a case."""

    stage = forms.ChoiceField(
        label=_lazy("Stage"), choices=Stage.choices(), initial=Stage.ACCELERATION.value
    )


def _choice(label: Any, **kwargs: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=label, empty_label=_lazy("All"), **kwargs)


class VisitFilter(django_filters.FilterSet):
    year = django_filters.NumberFilter(label=_lazy("Year"), field_name="year")
    state = _choice(_lazy("State"), choices=VisitState.choices())
    sector = _choice(_lazy("Sector"), choices=Sector.choices())

    class Meta:
        model = Visit
        fields: ClassVar = []
