"""Spreadsheets of organisations: our columns, what theirs may be, and the lines that come of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from diapason.directory.contracts import ActivityRevision, ImportedRow, OrganisationKind, RowFate
from diapason.directory.contracts import OrganisationRow as Line
from diapason.directory.models import Activity, Commune
from diapason.directory.models.identifiers import (
    SIREN_LENGTH,
    SIRET_LENGTH,
    compact,
    validate_siren,
    validate_siret,
)
from diapason.kernel import spreadsheets
from diapason.kernel.spreadsheets import CellProblem, Column, Writing, fold

NAMED_AT_MOST = 5
POSTCODE_LENGTH = 5


class Digits:
    """A number that a spreadsheet may have taken for a quantity, and lost the first zeros of.

    `check` raises ValidationError for what is no such number: it is then told beside whatever else
    is wrong with the line, not only once that is mended.
    """

    def __init__(
        self, length: int, longest: int, check: Callable[[str], None] | None = None
    ) -> None:
        self.length = length
        self.text = spreadsheets.text(longest=longest)
        self.check = check

    def __call__(self, value: Any, writing: Writing) -> str:
        written = compact(self.text(value, writing))
        if isinstance(value, int | float):
            written = written.zfill(self.length)
        if self.check and written:
            try:
                self.check(written)
            except ValidationError as error:
                raise CellProblem(str(error.messages[0])) from error
        return written


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
        Column(
            "siret",
            _lazy("SIRET"),
            Digits(SIRET_LENGTH, 20, validate_siret),
            note=_lazy("14 digits."),
        ),
        Column(
            "siren",
            _lazy("SIREN"),
            Digits(SIREN_LENGTH, 15, validate_siren),
            note=_lazy("9 digits."),
        ),
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


def said_of(rows: Sequence[ImportedRow]) -> str:
    """What was done with the lines of a file, in words."""

    def count(*fates: RowFate) -> int:
        return sum(row.fate in fates for row in rows)

    added, filled = count(RowFate.NEW), count(RowFate.FILLED)
    left = count(RowFate.LEFT, RowFate.ASKED)
    told = []
    if added:
        told.append(
            ngettext(
                "%(count)s organisation was added.", "%(count)s organisations were added.", added
            )
            % {"count": _written(added)}
        )
    if filled:
        told.append(
            ngettext("%(count)s was filled in.", "%(count)s were filled in.", filled)
            % {"count": _written(filled)}
        )
    if left:
        told.append(
            ngettext("%(count)s line was left out.", "%(count)s lines were left out.", left)
            % {"count": _written(left)}
        )
    return " ".join(told) or _("Nothing changed: the directory says all of this already.")


def _written(count: int) -> str:
    return str(number_format(count, force_grouping=True))
