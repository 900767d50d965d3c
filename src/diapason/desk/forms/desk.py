"""Forms of the front desk."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diapason.desk.contracts import (
    Channel,
    Closing,
    Gender,
    Need,
    OutcomeKind,
    Sector,
    Stage,
    Verified,
)
from diapason.desk.models import Case, DeskContact
from diapason.desk.queries import cases, conversations, places, support
from diapason.desk.queries.support import structures, structures_in_groups
from diapason.directory.api import staff_choices
from diapason.kernel import clock
from diapason.kernel.forms import Versioned
from diapason.ui.forms import CardLabel, CheckboxCards, DateInput, RadioCards

# No telephone answers to fewer.
FEWEST_DIGITS = 6
STAGE_WORDS = {
    Stage.IDEA: _lazy("I have an idea, nothing is written down"),
    Stage.DEFINITION: _lazy("I am working out what it is and for whom"),
    Stage.STRUCTURING: _lazy("I am choosing a status, partners, a budget"),
    Stage.PROTOTYPING: _lazy("I am making a first version"),
    Stage.INCUBATION: _lazy("I am starting up, with first users or customers"),
    Stage.ACCELERATION: _lazy("My business runs and wants to grow"),
}


def _key() -> forms.UUIDField:
    return forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)


def _needs_at_hand() -> list[tuple[str, CardLabel]]:
    """Each need with what is there for it today, so that nobody asks in the dark."""
    there = support.at_hand(clock.today())
    return [(one.value, CardLabel(one.label, str(there[one]))) for one in Need]


class ProjectForm(forms.Form):
    """First screen: the project."""

    title = forms.CharField(
        label=_lazy("In a few words, what is your project?"),
        help_text=_lazy("You do not need to have a company."),
        max_length=120,
    )
    stage = forms.ChoiceField(
        label=_lazy("How far along are you?"),
        widget=RadioCards,
        choices=[(one.value, CardLabel(one.label, STAGE_WORDS[one])) for one in Stage],
    )
    needs = forms.MultipleChoiceField(
        label=_lazy("What do you need?"),
        help_text=_lazy("Several answers are possible."),
        widget=CheckboxCards,
        choices=_needs_at_hand,
    )


class DetailForm(forms.Form):
    """Second screen: what helps to find the right structure."""

    sector = forms.ChoiceField(
        label=_lazy("Sector"),
        required=False,
        choices=[("", _lazy("I do not know yet")), *Sector.choices()],
    )
    place = forms.CharField(label=_lazy("Commune or postcode"), required=False, max_length=100)
    student = forms.BooleanField(
        label=_lazy("I am a student or student entrepreneur"), required=False
    )
    summary = forms.CharField(
        label=_lazy("A few sentences more"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    siret = forms.CharField(
        label=_lazy("SIRET number"),
        required=False,
        max_length=20,
        help_text=_lazy("Only if you have a company already: 14 digits."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = places.few()
        if known:
            self.fields["place"].help_text = _("Known here: %(names)s.") % {
                "names": ", ".join(known)
            }
        elif known is not None:
            # No commune would be the right answer.
            del self.fields["place"]

    def clean_place(self) -> str:
        words = self.cleaned_data["place"].strip()
        if words:
            found = places.called(words)
            if not found:
                raise ValidationError(
                    _("We do not know this commune: try its postcode, or leave this empty.")
                )
            if len(found) > 1:
                names = ", ".join(commune.name for commune in found)
                raise ValidationError(
                    _("Several communes answer to this: write one of %(names)s.") % {"names": names}
                )
            self.commune_id = found[0].pk
        return words

    commune_id: str | None = None

    def clean_siret(self) -> str:
        digits = "".join(self.cleaned_data["siret"].split())
        if digits and not (digits.isascii() and digits.isdigit() and len(digits) == 14):
            raise ValidationError(_("A SIRET number has 14 digits. You may leave this empty."))
        return digits


class ContactForm(forms.Form):
    """Third screen: how to answer."""

    contact_name = forms.CharField(label=_lazy("Your name"), max_length=120)
    contact_email = forms.EmailField(label=_lazy("E-mail address"))
    contact_phone = forms.CharField(label=_lazy("Phone"), required=False, max_length=30)
    gender = forms.ChoiceField(
        label=_lazy("You are"),
        help_text=_lazy(
            "Only if you like: nobody who reads your request sees it. It tells, in figures of five "
            "people at least, whether support reaches women and men alike, and is erased with your "
            "addresses."
        ),
        required=False,
        widget=forms.RadioSelect,
        choices=[("", _lazy("I would rather not say")), *Gender.choices()],
    )
    agreed = forms.BooleanField(
        label=_lazy("I agree that my request is passed on to the structures that can help.")
    )
    request_key = _key()

    def clean_contact_phone(self) -> str:
        words: str = self.cleaned_data["contact_phone"]
        if words and sum(sign.isdigit() for sign in words) < FEWEST_DIGITS:
            raise ValidationError(_("Write a number that can be called, such as 06 12 34 56 78."))
        return words


class NextForm(Versioned):
    """What comes next in a case. `version` is the one that the person saw."""

    next_on = forms.DateField(label=_lazy("Next step on"), widget=DateInput())
    next_step = forms.CharField(label=_lazy("Next step"), required=False, max_length=200)
    responsible = forms.TypedChoiceField(
        label=_lazy("Person in charge"), coerce=int, empty_value=None, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        initial = {
            "next_on": case.next_on,
            "next_step": case.next_step,
            "responsible": case.responsible_id,
            "version": case.version,
        }
        super().__init__(*args, initial=initial, **kwargs)
        people = staff_choices(also=case.responsible)
        self.fields["responsible"].choices = [("", _("The organisation")), *people]


class MoveForm(forms.Form):
    stage = forms.ChoiceField(label=_lazy("Next stage"), choices=Stage.choices())
    on = forms.DateField(label=_lazy("Since"), widget=DateInput(), initial=clock.today)


class NoteForm(forms.Form):
    text = forms.CharField(label=_lazy("Your note"), widget=forms.Textarea(attrs={"rows": 3}))
    request_key = _key()


class DeclineForm(forms.Form):
    reason = forms.CharField(label=_lazy("Reason, if you decline"), required=False, max_length=400)


class OutcomeForm(forms.Form):
    kind = forms.ChoiceField(label=_lazy("Outcome"), choices=OutcomeKind.choices())
    on = forms.DateField(label=_lazy("Day"), widget=DateInput())
    count = forms.IntegerField(label=_lazy("How many"), min_value=1, max_value=999, initial=1)
    fte = forms.DecimalField(
        label=_lazy("Full-time equivalents"),
        required=False,
        max_digits=6,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    evidence = forms.CharField(
        label=_lazy("What proves it"),
        max_length=300,
        help_text=_lazy("An extract of the register, a contract, a declaration of hiring…"),
    )
    link = forms.URLField(label=_lazy("Link"), required=False, assume_scheme="https")
    verified = forms.ChoiceField(label=_lazy("How was it verified?"), choices=Verified.choices())
    request_key = _key()


class WithdrawForm(forms.Form):
    why = forms.CharField(label=_lazy("Why is it withdrawn?"), max_length=300)


class CloseForm(forms.Form):
    closing = forms.ChoiceField(label=_lazy("How did it end?"), choices=Closing.choices())
    on = forms.DateField(label=_lazy("Day"), widget=DateInput(), initial=clock.today)


class DeskContactForm(forms.Form):
    """Less than a minute: how, about what, sent to whom."""

    channel = forms.ChoiceField(
        label=_lazy("How did they reach you?"),
        widget=RadioCards,
        choices=[(one.value, CardLabel(one.label)) for one in Channel],
        initial=Channel.PHONE.value,
    )
    subject = forms.CharField(
        label=_lazy("What was it about?"),
        max_length=200,
        help_text=_lazy("A few words, without anybody’s name."),
    )
    oriented_to = forms.TypedChoiceField(
        label=_lazy("Oriented to"), coerce=int, empty_value=None, required=False
    )
    on = forms.DateField(label=_lazy("Day"), widget=DateInput(), initial=clock.today)
    request_key = _key()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oriented_to"].choices = [("", _("Nobody")), *structures_in_groups()]
        self.fields["on"].widget.attrs["max"] = clock.today().isoformat()


class DoorForm(forms.Form):
    organisation = forms.TypedChoiceField(
        label=_lazy("Organisation at the front door"), coerce=int, choices=structures
    )
    remind_after = forms.CharField(
        label=_lazy("Remind structures after so many days"),
        required=False,
        max_length=40,
        help_text=_lazy("Days since the proposal, such as 3, 7, 14. Empty: no reminder."),
    )

    def clean_remind_after(self) -> list[int]:
        words = self.cleaned_data["remind_after"].replace(",", " ").replace(";", " ").split()
        if not all(word.isascii() and word.isdigit() and len(word) < 5 for word in words):
            raise ValidationError(_("Write numbers of days, such as 3, 7, 14."))
        return [int(word) for word in words]


def _choice(label: Any, **kwargs: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=label, empty_label=_lazy("All"), **kwargs)


class CaseFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_lazy("Project"), method="titled")
    stage = _choice(_lazy("Stage"), choices=Stage.choices())
    state = _choice(
        _lazy("State"),
        method="in_state",
        choices=[
            ("open", _lazy("Still open")),
            ("late", _lazy("Late")),
            ("new", _lazy("Proposed to nobody yet")),
            ("waits", _lazy("Awaits an answer")),
            ("asks", _lazy("Its owner wrote and awaits an answer")),
            ("helped", _lazy("Supported")),
            ("closed", _lazy("Closed")),
        ],
    )
    structure = _choice(_lazy("Structure"), method="with_structure")

    class Meta:
        model = Case
        fields: ClassVar = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["structure"].extra["choices"] = cases.structures_helping()

    def titled(self, rows: QuerySet[Case], _name: str, words: str) -> QuerySet[Case]:
        return cases.with_title(rows, words)

    def in_state(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        opened = rows.filter(closed_on__isnull=True)
        return {
            "open": opened,
            "late": rows.filter(late=True),
            "new": opened.filter(waits=False, helped=False),
            "waits": opened.filter(waits=True),
            "asks": conversations.unanswered(rows),
            "helped": opened.filter(helped=True),
            "closed": rows.filter(closed_on__isnull=False),
        }[value]

    def with_structure(self, rows: QuerySet[Case], _name: str, key: str) -> QuerySet[Case]:
        return rows.filter(pk__in=cases.held_by(int(key)))


class ContactFilter(django_filters.FilterSet):
    channel = _choice(_lazy("By"), choices=Channel.choices())
    first = django_filters.DateFilter(
        label=_lazy("Since"), field_name="on", lookup_expr="gte", widget=DateInput()
    )
    last = django_filters.DateFilter(
        label=_lazy("Until"), field_name="on", lookup_expr="lte", widget=DateInput()
    )

    class Meta:
        model = DeskContact
        fields: ClassVar = []
