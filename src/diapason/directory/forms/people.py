"""Forms of accounts, roles and keys."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from diapason.directory.contracts import Role
from diapason.directory.models import Membership, User
from diapason.directory.queries import ORGANISATIONS, structure_choices
from diapason.kernel import clock
from diapason.ui.forms import DateInput, one_of

NO_ROLE = ("none", _("No role today"))


def name_field() -> forms.CharField:
    return forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


def language_field(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=lambda: settings.LANGUAGES)


class SignUpForm(forms.Form):
    """What signing up asks besides the e-mail address."""

    name = name_field()
    field_order = ["name", "email"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by django-allauth once the account exists."""
        user.name = self.cleaned_data["name"].strip()
        user.language = get_language() or settings.LANGUAGE_CODE
        user.save(update_fields=["name", "language"])


class ProfileForm(forms.Form):
    name = name_field()
    language = language_field(_("Language of our letters"))


class EraseForm(forms.Form):
    confirmation = forms.CharField(
        label=_("Your e-mail address, to confirm"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class AcceptanceForm(forms.Form):
    """Who accepts an invitation; the password is optional, since codes do.

    Somebody whose account is `known` has nothing to fill in: it stays as they made it.
    """

    name = name_field()
    language = language_field(_("Language of our letters"))
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        help_text=_("At least 12 characters. Without one, you sign in with a code by e-mail."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            self.fields.clear()

    def answers(self) -> dict[str, str]:
        return {"name": "", "language": get_language() or "", "password": "", **self.cleaned_data}

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if password:
            password_validation.validate_password(password)
        return password


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.TypedChoiceField(label=_("Role"), choices=Role.choices, coerce=Role)
    language = language_field(_("Language of the invitation"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = one_of(
            ORGANISATIONS, none=_("Choose…"), label=_("Organisation")
        )
        self.order_fields(["email", "organisation"])


class RoleForm(forms.Form):
    role = forms.TypedChoiceField(label=_("Role"), choices=Role.choices, coerce=Role)
    starts = forms.DateField(label=_("From"), required=False, widget=DateInput())
    ends = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DateInput(),
        help_text=_("The first day on which the role is no longer held. Empty: until you end it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = one_of(
            ORGANISATIONS, none=_("Choose…"), label=_("Organisation")
        )
        self.order_fields(["email", "organisation"])


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What will use it, such as “Website”.")
    )
    organisation = forms.TypedChoiceField(label=_("Organisation"), coerce=int)
    expires = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=DateInput(),
        help_text=_("The first day on which it no longer works. Empty: until you revoke it."),
    )

    def __init__(self, *args: Any, only: set[int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [choice for choice in structure_choices() if only is None or choice[0] in only]
        self.fields["organisation"].choices = [("", _("Choose…")), *choices]


class PeopleFilter(django_filters.FilterSet):
    """What narrows the list of accounts; kept in the address."""

    words = django_filters.CharFilter(label=_("Name or address"), method="with_words")
    role = django_filters.ChoiceFilter(
        label=_("Role today"),
        method="with_role",
        empty_label=_("All"),
        choices=lambda: [*Role.choices(), NO_ROLE],
    )
    organisation = django_filters.ChoiceFilter(
        label=_("Organisation"),
        method="in_organisation",
        empty_label=_("All of them"),
        choices=structure_choices,
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="in_state",
        empty_label=_("All"),
        choices=[("open", _("Active")), ("closed", _("Closed"))],
    )

    class Meta:
        model = User
        fields: ClassVar = []

    def with_words(self, people: QuerySet[User], _name: str, words: str) -> QuerySet[User]:
        return people.filter(Q(name__icontains=words) | Q(email__icontains=words))

    def with_role(self, people: QuerySet[User], _name: str, role: str) -> QuerySet[User]:
        held = Membership.objects.on(clock.today())
        if role == NO_ROLE[0]:
            return people.exclude(pk__in=held.values("user_id"))
        return people.filter(pk__in=held.filter(role=role).values("user_id"))

    def in_organisation(self, people: QuerySet[User], _name: str, pk: str) -> QuerySet[User]:
        held = Membership.objects.on(clock.today()).filter(organisation_id=pk)
        return people.filter(pk__in=held.values("user_id"))

    def in_state(self, people: QuerySet[User], _name: str, state: str) -> QuerySet[User]:
        return people.filter(is_active=state == "open")
