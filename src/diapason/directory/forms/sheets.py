"""Spreadsheets of organisations: our columns, what theirs may be, and the lines that come of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diapason.directory.contracts import ADD, LEAVE, ActivityRevision, OrganisationKind
from diapason.directory.contracts import OrganisationRow as Line
from diapason.directory.models import Activity, Commune
from diapason.directory.models.identifiers import SIREN_LENGTH, SIRET_LENGTH, compact
from diapason.kernel import spreadsheets
from diapason.kernel.spreadsheets import CellProblem, Column, FoundColumn, Writing, fold

NAMED_AT_MOST = 5
POSTCODE_LENGTH = 5


class Digits:
    """A number that a spreadsheet may have taken for a quantity, and lost the first zeros of."""

    def __init__(self, length: int, longest: int) -> None:
        self.length = length
        self.text = spreadsheets.text(longest=longest)

    def __call__(self, value: Any, writing: Writing) -> str:
        written = compact(self.text(value, writing))
        return written.zfill(self.length) if isinstance(value, int | float) else written


class Activities:
    """The activity of a code, with or without its dot, in one revision of the list."""

    def __init__(self, revision: ActivityRevision) -> None:
        found = Activity.objects.filter(revision=revision).values_list("code", "pk")
        self.known = {code.replace(".", ""): pk for code, pk in found}

    def __call__(self, value: Any, writing: Writing) -> int:
        code = fold(value).upper().replace(" ", "")
        if code not in self.known:
            raise CellProblem(_("this code is not in the list of activities."))
        return self.known[code]


class Communes:
    """The commune of a name or of an official code."""

    def __init__(self) -> None:
        self.named: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for code, name in Commune.objects.values_list("code", "name"):
            self.named[_plain(name)].append((code, name))
            self.named[code.casefold()].append((code, name))

    def __call__(self, value: Any, writing: Writing) -> str:
        if isinstance(value, int | float):
            value = str(int(value)).zfill(POSTCODE_LENGTH)
        found = self.named.get(_plain(value), [])
        if len(found) == 1:
            return found[0][0]
        if not found:
            raise CellProblem(_("no commune of this name or code is known here."))
        raise CellProblem(
            _("several communes answer to this: write the code of one. %(communes)s")
            % {"communes": ", ".join(f"{name} ({code})" for code, name in found[:NAMED_AT_MOST])}
        )


def _plain(name: Any) -> str:
    words = fold(name).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


def _address(value: Any, writing: Writing) -> str:
    written = spreadsheets.text(longest=254)(value, writing)
    try:
        validate_email(written)
    except ValidationError as error:
        raise CellProblem(str(error.messages[0])) from error
    return written


def _website(value: Any, writing: Writing) -> str:
    written = spreadsheets.text(longest=200)(value, writing)
    whole = written if "://" in written else f"https://{written}"
    try:
        URLValidator(schemes=["http", "https"])(whole)
    except ValidationError as error:
        raise CellProblem(
            _("this is not a link: copy it whole, such as https://example.org.")
        ) from error
    return whole


def columns() -> list[Column]:
    """The columns of a spreadsheet of organisations."""
    kinds = {kind: kind.label for kind in OrganisationKind}
    return [
        Column(
            "name",
            _lazy("Name"),
            spreadsheets.text(longest=200),
            required=True,
            aliases=(
                "nom", "structure", "raison sociale", "dénomination", "enseigne", "organisme",
                "entreprise", "organisation", "company", "denomination unite legale",
            ),
            example="Studio Exemple",
        ),
        Column("siret", _lazy("SIRET"), Digits(SIRET_LENGTH, 20), note=_lazy("14 digits.")),
        Column("siren", _lazy("SIREN"), Digits(SIREN_LENGTH, 15), note=_lazy("9 digits.")),
        Column("kind", _lazy("Kind"), spreadsheets.choice(kinds), aliases=("nature", "type")),
        Column(
            "activity_id",
            _lazy("Activity code (NAF, revision 2)"),
            Activities(ActivityRevision.SECOND),
            aliases=("naf", "ape", "code naf", "code ape", "activite principale"),
            example="59.11A",
        ),
        Column(
            "new_activity_id",
            _lazy("Activity code (NAF 2025)"),
            Activities(ActivityRevision.THIRD),
            aliases=("naf 2025", "naf25", "ape 2025"),
        ),
        Column(
            "address",
            _lazy("Address"),
            spreadsheets.text(longest=200),
            aliases=("rue", "street"),
        ),
        Column(
            "postcode",
            _lazy("Postcode"),
            Digits(POSTCODE_LENGTH, 10),
            aliases=("cp", "code postal", "zip", "postal code"),
        ),
        Column(
            "commune_id",
            _lazy("Commune"),
            Communes(),
            aliases=("ville", "city", "town", "municipality", "code commune", "code insee"),
        ),
        Column(
            "phone",
            _lazy("Phone"),
            spreadsheets.text(longest=30),
            aliases=("tél", "tel", "téléphone", "telephone", "mobile", "portable"),
        ),
        Column(
            "email",
            _lazy("E-mail address"),
            _address,
            aliases=("mail", "email", "e mail", "courriel", "mél"),
        ),
        Column(
            "url",
            _lazy("Website"),
            _website,
            aliases=("site", "web", "site web", "site internet", "url", "lien"),
        ),
        Column(
            "description",
            _lazy("What it does"),
            spreadsheets.text(longest=5000),
            aliases=("description", "activité", "activités", "présentation", "objet"),
        ),
        Column(
            "checked_on",
            _lazy("Last checked on"),
            spreadsheets.day(),
            aliases=("mise à jour", "vérifié", "updated"),
        ),
    ]  # fmt: skip


def lines_of(reading: spreadsheets.Reading) -> list[Line]:
    """The lines of a file that was read without an error."""
    return [
        Line(
            number=row.number,
            **{key: value for key, value in row.values.items() if value is not None},
        )
        for row in reading.rows
    ]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_lazy("Your spreadsheet"),
        help_text=_lazy("XLSX, ODS or CSV, one organisation a line, with headings of any kind."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )


class MatchForm(forms.Form):
    """Which of our columns each column of a file is."""

    def __init__(
        self, found: Sequence[FoundColumn], ours: Sequence[Column], data: Any = None
    ) -> None:
        super().__init__(data)
        self.ours = ours
        choices = [("", _("Leave it out")), *((each.key, str(each.heading)) for each in ours)]
        for one in found:
            self.fields[f"column-{one.place}"] = forms.ChoiceField(
                label=one.heading or _("Column %(letter)s") % {"letter": one.letter},
                required=False,
                choices=choices,
                initial=one.guess,
                help_text=format_html_join(" · ", "{}", ((sample[:40],) for sample in one.samples)),
            )
            # To leave a column out is as good an answer as any.
            self.fields[f"column-{one.place}"].conditional = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first: dict[str, str] = {}
        for name, key in list(given.items()):
            if key and key in first:
                self.add_error(
                    name,
                    _("“%(column)s” already holds this: leave one of the two out.")
                    % {"column": self.fields[first[key]].label},
                )
            elif key:
                first[key] = name
        if "name" not in first and not self.errors:
            raise ValidationError(_("Say which column holds the name of the organisation."))
        return given

    def places(self) -> dict[str, int]:
        """The place in the file of each of our columns."""
        return {key: int(name.partition("-")[2]) for name, key in self.cleaned_data.items() if key}


class RestForm(forms.Form):
    rest = forms.ChoiceField(
        label=_lazy("The rest of them"),
        choices=[
            (LEAVE, _lazy("Leave them out for now")),
            (ADD, _lazy("Add them: duplicates can be merged later")),
        ],
        initial=LEAVE,
        widget=forms.RadioSelect,
    )


def choices_of(data: Mapping[str, Any]) -> dict[int, str]:
    """What a person said of the lines in question, by their number."""
    said = {}
    for name, answer in data.items():
        head, _dash, number = name.partition("-")
        known = answer in {ADD, LEAVE} or str(answer).isdecimal()
        if head == "line" and known and number.isdecimal() and len(number) < 9:
            said[int(number)] = str(answer)
    return said
