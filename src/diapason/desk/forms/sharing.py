"""Forms of what structures lend each other."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any, ClassVar

import django_filters
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diapason.desk.contracts import LoanState, Need
from diapason.desk.models import Case, Loan
from diapason.desk.queries.support import running, structures_in_groups
from diapason.kernel import clock
from diapason.ui.forms import DateInput


def _hours(**kwargs: Any) -> forms.DecimalField:
    bounds = _lazy("From a quarter of an hour to 2,000 hours.")
    return forms.DecimalField(
        min_value=Decimal("0.25"),
        max_value=2000,
        error_messages={"min_value": bounds, "max_value": bounds},
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        **kwargs,
    )


class LoanForm(forms.Form):
    """Ask a structure for hours."""

    lender = forms.TypedChoiceField(label=_lazy("Ask which structure?"), coerce=int)
    need = forms.ChoiceField(label=_lazy("For which need?"))
    hours = _hours(label=_lazy("How many hours?"))
    offer = forms.TypedChoiceField(
        label=_lazy("With a seat"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_lazy("A desk or a place in a programme, if the project needs one there."),
    )
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = structures_in_groups(but=case.owner_id)
        self.fields["lender"].choices = [("", _("Choose")), *others]
        first = [(one, Need(one).label) for one in case.needs]
        rest = [one for one in Need.choices() if one[0] not in case.needs]
        self.fields["need"].choices = [*first, *rest]
        seats = running(clock.today()).exclude(structure=case.owner_id).filter(free__gt=0)
        self.fields["offer"].choices = [
            ("", _("No seat")),
            *(
                (one.pk, f"{one.structure}, {one.title}")
                for one in seats.order_by("structure__code", "title")
            ),
        ]


class RefuseForm(forms.Form):
    reason = forms.CharField(label=_lazy("Reason, if you refuse"), required=False, max_length=400)


class HoursForm(forms.Form):
    """Hours given to the project."""

    hours = _hours(label=_lazy("Hours"), max_digits=4)
    what = forms.CharField(label=_lazy("What for?"), max_length=200)
    on = forms.DateField(label=_lazy("Day"), widget=DateInput(), initial=clock.today)
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)


class LoanFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_lazy("State"), empty_label=_lazy("All"), choices=LoanState.choices()
    )
    need = django_filters.ChoiceFilter(
        label=_lazy("Need"), empty_label=_lazy("All"), choices=Need.choices()
    )

    class Meta:
        model = Loan
        fields: ClassVar = []
