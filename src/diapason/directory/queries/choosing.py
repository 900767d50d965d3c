"""Organisations to choose from in a form, however many there are."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from diapason.directory.contracts import OrganisationKind
from diapason.directory.models import Membership, Organisation
from diapason.directory.models.identifiers import SIREN_LENGTH, SIRET_LENGTH, compact
from diapason.kernel import clock
from diapason.kernel.choosing import Choices, Records
from diapason.kernel.tables import folded, text_in
from diapason.kernel.texts import bare

# More than anybody reads through in a list of choices.
MOST_TO_READ = 300
# The kinds whose trade it is to support others; few, however many organisations there are.
SUPPORTING = (
    OrganisationKind.ACCELERATOR,
    OrganisationKind.AGENCY,
    OrganisationKind.AUTHORITY,
    OrganisationKind.CHAMBER,
    OrganisationKind.CLUSTER,
    OrganisationKind.FUND,
    OrganisationKind.INCUBATOR,
    OrganisationKind.NETWORK,
    OrganisationKind.UNIVERSITY,
)
# As many as a person compares before writing more of the name.
MOST_FOUND = 8


def _living() -> QuerySet[Organisation]:
    return Organisation.objects.filter(merged_into__isnull=True)


def _by_name(records: Iterable[Organisation]) -> list[tuple[int, str]]:
    names = [(record.pk, str(record)) for record in records]
    return sorted(names, key=lambda choice: bare(choice[1]))


def organisation_choices() -> list[tuple[int, str]]:
    """Every organisation, by its name in the reader's language, as choices of a form field."""
    return _by_name(_living().only("name"))


def few_organisations() -> Choices | None:
    """The same while a person can read through them; None where they are too many."""
    found = list(_living().only("name").order_by("pk")[: MOST_TO_READ + 1])
    return _by_name(found) if len(found) <= MOST_TO_READ else None


def organisations_called(words: str) -> Choices:
    """The organisations that these words mean, a few at most: as `known_as`, else those whose name
    holds the words."""
    rows = _living().select_related("commune")
    found = _named(rows, words)
    if not found and (plain := words.strip()):
        holding = rows.alias(said=folded(Cast("name", TextField())))
        found = list(
            holding.filter(said__contains=folded(Value(plain))).order_by("code")[:MOST_FOUND]
        )
    return [(one.pk, _told_apart(one)) for one in found]


def known_as(words: str) -> list[int]:
    """The organisations that these words name: by SIRET, SIREN or code, else by name in any
    language, whatever the case and accents. A few at most."""
    return [one.pk for one in _named(_living().only("pk"), words)]


def _named(rows: QuerySet[Organisation], words: str) -> list[Organisation]:
    plain, number = words.strip(), compact(words)
    if not plain:
        return []
    rows = rows.order_by("pk")
    exact = [Q(code=plain)]
    if number.isdigit() and len(number) in {SIREN_LENGTH, SIRET_LENGTH}:
        exact = [Q(siret=number), Q(siren=number), *exact]
    for each in exact:
        if found := list(rows.filter(each)[:MOST_FOUND]):
            return found
    said = folded(Value(plain))
    named = rows.alias(in_french=text_in("name", "fr"), in_english=text_in("name", "en"))
    return list(named.filter(Q(in_french=said) | Q(in_english=said))[:MOST_FOUND])


def _told_apart(record: Organisation) -> str:
    commune = record.commune.name if record.commune else ""
    return " · ".join(filter(None, [str(record), commune, record.siret or record.siren]))


def organisation_name(pk: int) -> str:
    """Its name, as choices say it; empty where there is none."""
    found = Organisation.objects.filter(pk=pk).first()
    return str(found) if found else ""


def structure_choices(also: Iterable[int] = ()) -> list[tuple[int, str]]:
    """The organisations that may support others, as choices of a form field: all of them while a
    person can read the list, then those of the `SUPPORTING` kinds, those in which somebody holds a
    role today, and `also`."""
    known = _living().only("name").order_by("pk")
    found = list(known[: MOST_TO_READ + 1])
    if len(found) > MOST_TO_READ:
        roles = Membership.objects.on(clock.today()).values("organisation")
        found = list(known.filter(Q(kind__in=SUPPORTING) | Q(pk__in=roles) | Q(pk__in=set(also))))
    return _by_name(found)


ORGANISATIONS = Records(
    few_organisations,
    organisations_called,
    organisation_name,
    how=_("Write its name or its SIRET."),
)
