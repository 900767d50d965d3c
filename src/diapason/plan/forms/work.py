"""Forms of tasks, money and targets."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diapason.directory.api import staff_choices
from diapason.kernel import clock, money, periods
from diapason.kernel.forms import Versioned
from diapason.plan.contracts import WORDS_AT_MOST, Aggregation, Goal, TaskState
from diapason.plan.forms.numbers import AmountField
from diapason.plan.models import BudgetEntry, Indicator, Plan, Target, Task
from diapason.ui.forms import DateInput


class TaskForm(Versioned):
    """Where a task stands. `version` is the one that the person saw."""

    state = forms.TypedChoiceField(
        label=_lazy("State"),
        coerce=TaskState,
        choices=[(state.value, state.label) for state in TaskState],
    )
    owner = forms.TypedChoiceField(
        label=_lazy("Person in charge"), coerce=int, empty_value=None, required=False
    )
    due = forms.DateField(label=_lazy("Due"), required=False, widget=DateInput())
    done_on = forms.DateField(
        label=_lazy("Done on"),
        required=False,
        widget=DateInput(),
        help_text=_lazy("For a task that is done; today if you leave it empty."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        initial = {
            "state": task.state,
            "owner": task.owner_id,
            "due": task.due,
            "done_on": task.done_on,
            "version": task.version,
        }
        super().__init__(*args, initial=initial, **kwargs)
        people = staff_choices(also=task.owner)
        self.fields["owner"].choices = [("", _("Nobody yet")), *people]


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_lazy("What has moved since?"),
        max_length=WORDS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)


class EntryForm(forms.Form):
    """Money committed or spent on a budget line."""

    kind = forms.ChoiceField(
        label=_lazy("This money is"),
        choices=[(BudgetEntry.COMMITTED, _lazy("committed")), (BudgetEntry.SPENT, _lazy("spent"))],
    )
    amount = AmountField(
        label=_lazy("Amount"), help_text=_lazy("A negative amount corrects an earlier entry.")
    )
    on = forms.DateField(label=_lazy("Date"), widget=DateInput())
    source = forms.CharField(label=_lazy("Order, award or invoice"), max_length=300)
    reason = forms.CharField(
        label=_lazy("Reason"),
        required=False,
        max_length=300,
        help_text=_lazy("Only for a correction, which says why."),
    )
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].widget.attrs["max"] = clock.today().isoformat()

    def clean_amount(self) -> Decimal:
        amount = self.cleaned_data["amount"]
        if amount != amount.quantize(Decimal("0.01")):
            raise ValidationError(_("Write an amount to the cent."), code="invalid")
        return amount

    def cents(self) -> int:
        return money.cents(self.cleaned_data["amount"])


EXACT, LEAST, MOST, RANGE, OPEN = "exact", "least", "most", "range", "open"


class TargetForm(forms.Form):
    """A target that was decided. `seen` says which target the person saw in force in each period,
    so that nobody replaces one that they have not seen."""

    period = forms.ChoiceField(label=_lazy("Period"))
    goal = forms.ChoiceField(
        label=_lazy("The target is"),
        choices=[
            (EXACT, _lazy("a single value")),
            (LEAST, _lazy("at least a value")),
            (MOST, _lazy("at most a value")),
            (RANGE, _lazy("between two values")),
            (OPEN, _lazy("still to be set")),
        ],
    )
    value = AmountField(
        label=_lazy("Value"),
        required=False,
        help_text=_lazy("Leave it empty only where the target is still to be set."),
    )
    upper = AmountField(
        label=_lazy("Upper value"), required=False, help_text=_lazy("Only between two values.")
    )
    # What else was answered decides whether they are needed: their help says so.
    value.conditional = upper.conditional = True
    decided_on = forms.DateField(label=_lazy("Date of the decision"), widget=DateInput())
    reason = forms.CharField(
        label=_lazy("Why it changes"),
        max_length=WORDS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("Who decided, and for what reason: it stays beside the target for ever."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, indicator: Indicator, plan: Plan, targets: list[Target], **kwargs: Any
    ) -> None:
        in_force = [target for target in targets if target.replaced_at is None]
        initial = {
            "decided_on": clock.today(),
            "seen": " ".join(f"{target.period}:{target.pk}" for target in in_force),
            **(kwargs.pop("initial", None) or {}),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.indicator = indicator
        self.fields["period"].choices = [
            (period.key, period.label)
            for period in [*plan.periods(), plan.period(periods.WHOLE_PLAN)]
        ]
        self.fields["decided_on"].widget.attrs["max"] = clock.today().isoformat()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        shape = given.get("goal")
        if shape and shape != OPEN and "value" not in self.errors and given.get("value") is None:
            self.add_error("value", _("Give the value."))
        if shape == RANGE and "upper" not in self.errors and given.get("upper") is None:
            self.add_error("upper", _("Give the upper value."))
        # What was typed is not dropped without a word.
        if shape == OPEN and given.get("value") is not None:
            self.add_error("value", _("A target still to be set has no value: empty this field."))
        if shape and shape != RANGE and given.get("upper") is not None:
            self.add_error(
                "upper", _("Only a target between two values has an upper one: empty this field.")
            )
        return given

    def decided(self) -> Goal:
        """The goal that a valid form gives."""
        shape, value = self.cleaned_data["goal"], self.cleaned_data["value"]
        each_event = self.indicator.aggregation == Aggregation.PER_EVENT
        if shape == OPEN:
            return Goal(unknown=True)
        if shape == EXACT:
            return Goal(value, value, exact=True, per_event=each_event)
        if shape == LEAST:
            return Goal(low=value, per_event=each_event)
        if shape == MOST:
            return Goal(high=value, per_event=each_event)
        return Goal(low=value, high=self.cleaned_data["upper"], per_event=each_event)

    def instead_of(self) -> int | None:
        """The target that the person saw in force in the period that they chose."""
        for pair in self.cleaned_data["seen"].split():
            period, _colon, key = pair.rpartition(":")
            if period == self.cleaned_data["period"] and key.isdecimal():
                return int(key)
        return None
