"""The form of a person to reach."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diapason.directory.contracts import CONSENTED, ContactFacts
from diapason.directory.models import Contact
from diapason.kernel import clock
from diapason.ui.forms import CheckboxCards, DateInput

LABELS = {
    "name": _("Name"),
    "function": _("Function"),
    "email": _("E-mail address"),
    "phone": _("Phone"),
}


class ContactForm(forms.Form):
    name = forms.CharField(label=LABELS["name"], max_length=150)
    function = forms.CharField(
        label=LABELS["function"],
        max_length=150,
        required=False,
        help_text=_("What the person does there."),
    )
    email = forms.EmailField(label=LABELS["email"], required=False)
    phone = forms.CharField(label=LABELS["phone"], max_length=30, required=False)
    starts = forms.DateField(label=_("From"), required=False, widget=DateInput())
    ends = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DateInput(),
        help_text=_("The first day on which the person is no longer there."),
    )
    public = forms.MultipleChoiceField(
        label=_("What the person agrees to show to everybody"),
        required=False,
        choices=[(name, LABELS[name]) for name in CONSENTED],
        widget=CheckboxCards(),
        help_text=_("Only with the person’s own consent; taken back, it is gone at once."),
    )
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    def facts(self) -> ContactFacts:
        given = dict(self.cleaned_data)
        given.pop("request_key")
        return ContactFacts(**{**given, "public": tuple(given["public"])})


def contact_as_typed(contact: Contact) -> dict[str, Any]:
    values = {name: getattr(contact, name) for name in (*CONSENTED, "starts", "ends")}
    shown = [name for name in CONSENTED if getattr(contact, f"{name}_public_on")]
    return values | {"public": shown}


def new_contact() -> dict[str, Any]:
    return {"starts": clock.today()}
