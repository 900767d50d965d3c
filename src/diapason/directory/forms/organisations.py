"""Forms and filters of organisations."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diapason.directory.contracts import (
    ActivityRevision,
    OrganisationFacts,
    OrganisationKind,
    PublishedField,
)
from diapason.directory.models import Activity, Organisation
from diapason.directory.models.identifiers import compact
from diapason.directory.models.organisations import published_at_first
from diapason.directory.queries import (
    ORGANISATIONS,
    activities_in_use,
    activity_of_code,
    communes_in_use,
    communes_named,
)
from diapason.kernel.forms import Versioned
from diapason.kernel.tables import folded
from diapason.kernel.texts import Text
from diapason.ui.forms import CheckboxCards, DateInput, one_of

LANGUAGES = [code for code, _name in settings.LANGUAGES]
NAMED_AT_MOST = 5


def _in_each_language(name: str, label: Any, **kwargs: Any) -> dict[str, forms.Field]:
    """One field a language; only the first has to be filled in."""
    fields = {}
    for place, (code, language) in enumerate(settings.LANGUAGES):
        widget = kwargs.get("widget")
        fields[f"{name}_{code}"] = forms.CharField(
            label=format_lazy("{} ({})", label, _lazy(language)),
            required=name == "name" and place == 0,
            help_text=_lazy("Only where it differs.") if name == "name" and place else "",
            max_length=kwargs["max_length"],
            widget=widget(attrs={"rows": 4}) if widget else forms.TextInput(),
        )
    return fields


# Django builds a form from the fields of its class, which here depend on the languages.
WordsForm = type(forms.Form)(
    "WordsForm",
    (forms.Form,),
    {
        **_in_each_language("name", _lazy("Name"), max_length=200),
        **_in_each_language(
            "description", _lazy("What it does"), max_length=5000, widget=forms.Textarea
        ),
    },
)


class OrganisationForm(Versioned, WordsForm):  # type: ignore[misc, valid-type]
    """What is known of an organisation. `version` is the one that the person saw."""

    kind = forms.TypedChoiceField(
        label=_lazy("Kind"),
        choices=OrganisationKind.choices,
        coerce=OrganisationKind,
        initial=OrganisationKind.COMPANY,
    )
    siret = forms.CharField(
        label=_lazy("SIRET"),
        required=False,
        max_length=20,
        help_text=_lazy("14 digits. It holds the SIREN."),
    )
    siren = forms.CharField(
        label=_lazy("SIREN"),
        required=False,
        max_length=15,
        help_text=_lazy("9 digits. Enough where the SIRET is not known."),
    )
    activity = forms.CharField(
        label=_lazy("Activity code (NAF, revision 2)"),
        required=False,
        max_length=10,
        help_text=_lazy("Such as 59.11A."),
    )
    new_activity = forms.CharField(
        label=_lazy("Activity code (NAF 2025)"), required=False, max_length=10
    )
    address = forms.CharField(label=_lazy("Address"), required=False, max_length=200)
    postcode = forms.CharField(label=_lazy("Postcode"), required=False, max_length=10)
    commune = forms.CharField(
        label=_lazy("Commune"),
        required=False,
        max_length=100,
        help_text=_lazy("Its name, or its official code where several have that name."),
    )
    phone = forms.CharField(label=_lazy("Phone"), required=False, max_length=30)
    email = forms.EmailField(label=_lazy("E-mail address"), required=False)
    url = forms.URLField(label=_lazy("Website"), required=False, assume_scheme="https")
    checked_on = forms.DateField(
        label=_lazy("Last checked on"),
        required=False,
        widget=DateInput(),
        help_text=_lazy("The day on which somebody last made sure that all of this is true."),
    )
    listed = forms.BooleanField(label=_lazy("Show it in the public directory"), required=False)
    published = forms.MultipleChoiceField(
        label=_lazy("What everybody may read of it there"),
        required=False,
        choices=PublishedField.choices,
        initial=published_at_first,
        widget=CheckboxCards(),
        help_text=_lazy("Besides its name, its kind and its commune."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = ORGANISATIONS.but(organisation.pk if organisation else None)
        self.fields["group"] = one_of(
            others,
            none=_("It has none"),
            label=_lazy("Head of its group"),
            required=False,
            help_text=_lazy("Where another one controls it: they count as one undertaking."),
        )
        names = list(self.fields)
        self.order_fields([*names[: names.index("checked_on")], "group"])

    def clean_siret(self) -> str:
        return self._sound("siret", compact(self.cleaned_data["siret"]))

    def clean_siren(self) -> str:
        return self._sound("siren", compact(self.cleaned_data["siren"]))

    def clean_phone(self) -> str:
        return self._sound("phone", self.cleaned_data["phone"])

    def _sound(self, name: str, typed: str) -> str:
        """What was typed, by the record's own rules: all that is wrong is told at once."""
        if typed:
            Organisation._meta.get_field(name).run_validators(typed)
        return typed

    def clean_activity(self) -> Activity | None:
        return self._activity("activity", ActivityRevision.SECOND)

    def clean_new_activity(self) -> Activity | None:
        return self._activity("new_activity", ActivityRevision.THIRD)

    def _activity(self, name: str, revision: ActivityRevision) -> Activity | None:
        code = self.cleaned_data[name]
        if not code:
            return None
        found = activity_of_code(code, revision)
        if found is None:
            raise ValidationError(_("This code is not in the list of activities."))
        return found

    def clean_commune(self) -> str | None:
        typed = self.cleaned_data["commune"]
        if not typed:
            return None
        found = communes_named(typed)
        if len(found) == 1:
            return found[0].pk
        if not found:
            raise ValidationError(_("No commune of this name or code is known here."))
        named = ", ".join(f"{one.name} ({one.code})" for one in found[:NAMED_AT_MOST])
        raise ValidationError(
            _("Several communes answer to this: write the code of one. %(communes)s")
            % {"communes": named}
        )

    def facts(self) -> OrganisationFacts:
        """What a valid form says."""
        given = self.cleaned_data
        return OrganisationFacts(
            name={code: given[f"name_{code}"] for code in LANGUAGES},
            description={code: given[f"description_{code}"] for code in LANGUAGES},
            activity_id=given["activity"].pk if given["activity"] else None,
            new_activity_id=given["new_activity"].pk if given["new_activity"] else None,
            commune_id=given["commune"],
            group_id=given["group"],
            published=tuple(given["published"]),
            **{
                name: given[name]
                for name in (
                    "kind", "siren", "siret", "address", "postcode", "phone", "email", "url",
                    "checked_on", "listed",
                )
            },
        )  # fmt: skip

    def refuse(self, field: str, message: str) -> None:
        """Say a refusal beside its field, or above the form."""
        beside = f"{field}_{LANGUAGES[0]}" if field in {"name", "description"} else field
        self.add_error(beside if beside in self.fields else None, message)


def as_typed(organisation: Organisation) -> dict[str, Any]:
    """An organisation as the form's initial values."""
    values = {
        name: getattr(organisation, name)
        for name in (
            "kind", "siren", "siret", "address", "postcode", "phone", "email", "url",
            "checked_on", "listed", "published", "version",
        )
    }  # fmt: skip
    for name in ("name", "description"):
        words = Text(getattr(organisation, name) or {})
        values |= {f"{name}_{code}": words.get(code, "") for code in LANGUAGES}
    if not values[f"name_{LANGUAGES[0]}"]:
        values[f"name_{LANGUAGES[0]}"] = str(organisation)
    return values | {
        "activity": organisation.activity.code if organisation.activity else "",
        "new_activity": organisation.new_activity.code if organisation.new_activity else "",
        "commune": organisation.commune_id or "",
        "group": organisation.group_id,
    }


class VerifyForm(forms.Form):
    verified_with = forms.CharField(
        label=_lazy("Where did you see this number?"),
        max_length=200,
        help_text=_lazy("Such as a statement of the register, or its own letterhead."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


def with_words(rows: QuerySet[Organisation], words: str) -> QuerySet[Organisation]:
    """The organisations whose name or number holds what was typed."""
    digits = "".join(sign for sign in words if sign.isdecimal())
    named = Q(folded_name__contains=folded(Value(words)))
    if len(digits) >= 3 and digits == "".join(words.split()):
        named |= Q(siret__startswith=digits) | Q(siren__startswith=digits)
    return rows.annotate(folded_name=folded(Cast("name", TextField()))).filter(named)


class PublicFilter(django_filters.FilterSet):
    """What narrows the public directory; kept in the address."""

    words = django_filters.CharFilter(label=_lazy("Name"), method="of_words")
    kind = django_filters.ChoiceFilter(
        label=_lazy("Kind"), empty_label=_lazy("All"), choices=OrganisationKind.choices
    )
    commune = django_filters.ChoiceFilter(
        label=_lazy("Commune"),
        empty_label=_lazy("All"),
        choices=lambda: communes_in_use(listed_only=True),
    )

    class Meta:
        model = Organisation
        fields: ClassVar = []

    def of_words(
        self, rows: QuerySet[Organisation], _name: str, words: str
    ) -> QuerySet[Organisation]:
        return rows.annotate(folded_name=folded(Cast("name", TextField()))).filter(
            folded_name__contains=folded(Value(words))
        )


class OrganisationFilter(PublicFilter):
    """What narrows the workspace's list."""

    words = django_filters.CharFilter(label=_lazy("Name or number"), method="of_words")
    commune = django_filters.ChoiceFilter(
        label=_lazy("Commune"), empty_label=_lazy("All"), choices=communes_in_use
    )
    sector = django_filters.ChoiceFilter(
        label=_lazy("Activity"),
        empty_label=_lazy("All"),
        method="of_sector",
        choices=activities_in_use,
    )
    verified = django_filters.ChoiceFilter(
        label=_lazy("Number"),
        empty_label=_lazy("All"),
        method="of_number",
        choices=[
            ("verified", _lazy("Verified")),
            ("unverified", _lazy("Not verified")),
            ("none", _lazy("No number")),
        ],
    )

    def of_words(
        self, rows: QuerySet[Organisation], _name: str, words: str
    ) -> QuerySet[Organisation]:
        return with_words(rows, words)

    def of_sector(
        self, rows: QuerySet[Organisation], _name: str, pk: str
    ) -> QuerySet[Organisation]:
        return rows.filter(Q(activity=pk) | Q(new_activity=pk))

    def of_number(
        self, rows: QuerySet[Organisation], _name: str, state: str
    ) -> QuerySet[Organisation]:
        if state == "verified":
            return rows.filter(verified_at__isnull=False)
        rows = rows.filter(verified_at__isnull=True)
        return rows.filter(siren="") if state == "none" else rows.exclude(siren="")
