"""Forms of what structures offer."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diapason.desk.contracts import Need, Sector, Stage, Tongue
from diapason.desk.models import Offer
from diapason.desk.queries import cases, places
from diapason.desk.queries.support import structures
from diapason.kernel import clock
from diapason.kernel.permissions import allowed
from diapason.ui.forms import DateInput


def _key() -> forms.UUIDField:
    return forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)


def _choice(label: Any, **kwargs: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=label, empty_label=_lazy("All"), **kwargs)


def structures_for(user: Any) -> list[tuple[int, str]]:
    """The structures in whose name a person may speak."""

    every = structures()
    if allowed(user, "desk.see_every_case"):
        return every
    mine = cases.own_organisations(user)
    return [choice for choice in every if choice[0] in mine]


class OfferForm(forms.Form):
    structure = forms.TypedChoiceField(label=_lazy("Structure"), coerce=int)
    title = forms.CharField(label=_lazy("What is offered"), max_length=120)
    description = forms.CharField(
        label=_lazy("In one or two sentences"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    stages = forms.MultipleChoiceField(
        label=_lazy("For projects at which stage?"),
        widget=forms.CheckboxSelectMultiple,
        choices=Stage.choices(),
    )
    needs = forms.MultipleChoiceField(
        label=_lazy("For which needs?"),
        widget=forms.CheckboxSelectMultiple,
        choices=Need.choices(),
    )
    sectors = forms.MultipleChoiceField(
        label=_lazy("For which sectors?"),
        help_text=_lazy("None ticked: all of them."),
        widget=forms.CheckboxSelectMultiple,
        choices=[one for one in Sector.choices() if one[0] != Sector.OTHER],
        required=False,
    )
    communes = forms.CharField(
        label=_lazy("For projects of where?"),
        help_text=_lazy(
            "Communes, postcodes or an intercommunality, separated by commas. Empty: everywhere."
        ),
        required=False,
        max_length=2000,
    )
    languages = forms.MultipleChoiceField(
        label=_lazy("In which languages?"),
        help_text=_lazy("None ticked: all that a project asks in."),
        widget=forms.CheckboxSelectMultiple,
        choices=Tongue.choices(),
        required=False,
    )
    seats = forms.IntegerField(label=_lazy("Projects at the same time"), min_value=0, max_value=999)
    hours = forms.IntegerField(
        label=_lazy("Expert hours a month"),
        help_text=_lazy("What your experts can give in all, as long as the offer runs."),
        required=False,
        min_value=1,
        max_value=9999,
    )
    starts = forms.DateField(label=_lazy("From"), widget=DateInput(), initial=clock.today)
    ends = forms.DateField(label=_lazy("Until"), required=False, widget=DateInput())
    conditions = forms.CharField(label=_lazy("Conditions"), required=False, max_length=400)
    cost = forms.CharField(
        label=_lazy("Cost"), required=False, max_length=120, help_text=_lazy("Free if left empty.")
    )
    request_key = _key()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["structure"].choices = structures_for(user)

    def clean_communes(self) -> list[str]:
        codes: set[str] = set()
        for words in self.cleaned_data["communes"].replace(";", ",").split(","):
            if words.strip():
                found = places.within(words.strip())
                if not found:
                    raise ValidationError(
                        _("We do not know “%(words)s”: try a postcode.") % {"words": words.strip()}
                    )
                codes |= {commune.pk for commune in found}
        return sorted(codes)


class AbsenceForm(forms.Form):
    structure = forms.TypedChoiceField(label=_lazy("Structure"), coerce=int)
    starts = forms.DateField(label=_lazy("From"), widget=DateInput())
    ends = forms.DateField(label=_lazy("Until"), widget=DateInput())
    request_key = _key()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["structure"].choices = structures_for(user)


class SupportFilter(django_filters.FilterSet):
    stage = _choice(_lazy("Stage"), method="for_stage", choices=Stage.choices())
    need = _choice(_lazy("Need"), method="for_need", choices=Need.choices())
    sector = _choice(
        _lazy("Sector"),
        method="for_sector",
        choices=[one for one in Sector.choices() if one[0] != Sector.OTHER],
    )
    free = django_filters.ChoiceFilter(
        label=_lazy("Seats"),
        empty_label=_lazy("All"),
        method="with_seats",
        choices=[("yes", _lazy("With a free seat"))],
    )

    class Meta:
        model = Offer
        fields: ClassVar = []

    def for_stage(self, rows: QuerySet[Offer], _name: str, value: str) -> QuerySet[Offer]:
        return rows.filter(stages__contains=[value])

    def for_need(self, rows: QuerySet[Offer], _name: str, value: str) -> QuerySet[Offer]:
        return rows.filter(needs__contains=[value])

    def for_sector(self, rows: QuerySet[Offer], _name: str, value: str) -> QuerySet[Offer]:
        return rows.filter(Q(sectors=[]) | Q(sectors__contains=[value]))

    def with_seats(self, rows: QuerySet[Offer], _name: str, _value: str) -> QuerySet[Offer]:
        return rows.filter(free__gt=0)
