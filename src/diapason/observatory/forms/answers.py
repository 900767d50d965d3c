"""What an enterprise's year was: the survey's own form, and staff's."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diapason.kernel.forms import Versioned
from diapason.observatory.contracts import MONEY, Facts, Question, Status
from diapason.observatory.forms.numbers import CountField, MoneyField, ShareField, TypedNumber
from diapason.observatory.models import Answer
from diapason.ui import formats
from diapason.ui.forms import CardLabel, DateInput, RadioCards

YES, NO = "yes", "no"
HELP = {
    Question.TURNOVER: _lazy("Without tax, over the whole year."),
    Question.ABROAD: _lazy("The part of it sold outside the country. Zero if there was none."),
    Question.HEADCOUNT: _lazy("People employed on 31 December, you included if you are paid."),
    Question.FTE: _lazy("Two half-time jobs make one."),
    Question.TRAINING: _lazy("For your employees, all courses together."),
    Question.CLIENTS: _lazy("Clients you had not had before."),
    Question.MARKETS: _lazy("Countries or sectors in which you had not sold before."),
}


def _field(question: Question) -> TypedNumber:
    kind: type[TypedNumber] = CountField
    if question in MONEY:
        kind = MoneyField
    elif question is Question.FTE:
        kind = ShareField
    return kind(label=question.label, help_text=_help(question))


def _help(question: Question) -> str:
    """What is asked, in which currency where it is money."""
    said = str(HELP[question])
    if question not in MONEY:
        return said
    return _("In %(currency)s. %(help)s") % {
        "currency": formats.symbol(settings.CURRENCY),
        "help": said,
    }


class AnswerForm(forms.Form):
    """The questions of one survey; what is not known can stay empty."""

    active = forms.ChoiceField(
        label=_lazy("Is the enterprise still active?"),
        widget=RadioCards,
        choices=[(YES, CardLabel(_lazy("Yes"))), (NO, CardLabel(_lazy("No, it stopped")))],
        initial=YES,
    )
    ceased_on = forms.DateField(
        label=_lazy("If it stopped, on which day?"), required=False, widget=DateInput()
    )

    def __init__(
        self,
        *args: Any,
        questions: Sequence[str],
        before: Answer | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for question in Question:
            if question.value in questions:
                field = _field(question)
                if before is not None and (last := getattr(before, question.value)) is not None:
                    field.help_text = _("%(help)s In %(year)s: %(value)s.") % {
                        "help": _help(question),
                        "year": before.campaign.year,
                        "value": formats.money(last, settings.CURRENCY)
                        if question in MONEY
                        else formats.number(last),
                    }
                self.fields[question.value] = field

    def facts(self) -> Facts:
        given = self.cleaned_data
        active = given["active"] == YES
        return Facts(
            active=active,
            ceased_on=given["ceased_on"],
            **{one.value: given.get(one.value) for one in Question},
        )


def as_typed(facts: Facts, questions: Sequence[str]) -> dict[str, Any]:
    """Facts as the form shows them."""
    shown: dict[str, Any] = {name: getattr(facts, name) for name in questions}
    return shown | {"active": YES if facts.active else NO, "ceased_on": facts.ceased_on}


def typed_over(initial: Mapping[str, Any], kept: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What was typed and not sent, over what would be shown otherwise."""
    return {**initial, **{name: values[-1] for name, values in kept.items() if values}}


class RecordForm(Versioned, AnswerForm):
    """The same for staff, with how sure it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"] = forms.ChoiceField(
            label=_("How sure is it?"),
            choices=[
                (Status.DECLARED.value, _("The enterprise said so")),
                (Status.ESTIMATED.value, _("We work it out")),
            ],
        )
        self.fields["source"] = forms.CharField(
            label=_("What it rests on"),
            required=False,
            max_length=300,
            help_text=_("Needed for an estimate: a published balance sheet, last year’s figures…"),
        )
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=0)
        self.fields["request_key"] = forms.UUIDField(
            required=False, widget=forms.HiddenInput, initial=uuid.uuid4
        )


class VerifyForm(forms.Form):
    verified_with = forms.CharField(
        label=_lazy("Verified with"),
        max_length=300,
        help_text=_lazy("The document that you saw: accounts, a tax return, a register."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


def in_words(answer: Answer, questions: Sequence[str]) -> list[dict[str, Any]]:
    """What an answer says, as facts of a page."""
    told: list[dict[str, Any]] = [
        {
            "label": _("Still active"),
            "value": _("yes")
            if answer.active
            else _("no, since %(day)s") % {"day": formats.date_long(answer.ceased_on)},
        }
    ]
    for question in Question:
        if question.value not in questions:
            continue
        value = getattr(answer, question.value)
        words = (
            formats.money(value, settings.CURRENCY) if question in MONEY else formats.number(value)
        )
        told.append({"label": question.label, "value": words})
    return told
