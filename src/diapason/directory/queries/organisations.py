"""Reads of organisations, communes and activities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast

from diapason.directory.contracts import (
    EnterpriseCard,
    OrganisationCard,
    OrganisationKind,
    PublishedField,
)
from diapason.directory.models import Activity, Commune, Membership, Organisation, RegisterEntry
from diapason.directory.models.identifiers import compact
from diapason.kernel import clock
from diapason.kernel.tables import folded

# The tables that the public pages of organisations read.
TABLES = (
    "directory_organisation",
    "directory_commune",
    "directory_activity",
    "directory_contact",
)
_WITH = ("commune", "activity", "new_activity")


def organisations() -> QuerySet[Organisation]:
    """Every organisation but the duplicates that were merged into another."""
    return Organisation.objects.filter(merged_into__isnull=True).select_related(*_WITH)


def published_organisations() -> QuerySet[Organisation]:
    """Those that the public directory shows."""
    return organisations().filter(listed=True)


def organisation(pk: int) -> Organisation | None:
    """One organisation, merged or not."""
    return Organisation.objects.select_related(*_WITH, "verified_by", "group").filter(pk=pk).first()


def register_entry(organisation: Organisation) -> RegisterEntry | None:
    """What the official register last said of its establishment."""
    if not organisation.siret:
        return None
    return RegisterEntry.objects.filter(pk=organisation.siret).first()


def published_organisation(code: str) -> Organisation | None:
    """What the public directory shows under that code; None where it shows nothing."""
    return organisation_of_code(code, published_only=True)


def organisation_of_code(code: str, *, published_only: bool) -> Organisation | None:
    """The organisation of that code; of a merged one, the one that took its place."""
    pk = Organisation.objects.filter(code=code).values_list("pk", flat=True).first()
    if pk is None:
        return None
    rows = published_organisations() if published_only else organisations()
    return rows.filter(pk=survivors([pk])[pk]).first()


def named(words: str, *, published_only: bool) -> QuerySet[Organisation]:
    """The organisations whose name holds these words, by name; numbers and people are not
    searched, so that nothing hidden is found by guessing."""
    rows = published_organisations() if published_only else organisations()
    plain = rows.annotate(folded_name=folded(Cast("name", TextField())))
    return plain.filter(folded_name__contains=folded(Value(words))).order_by("code")


def as_published(found: Organisation) -> Organisation:
    """The organisation without what it does not show; it is never saved."""
    hidden = {each for each in PublishedField if each.value not in found.published}
    found.checked_on = None
    if PublishedField.DESCRIPTION in hidden:
        found.description = {}
    if PublishedField.NUMBER in hidden:
        found.siren = found.siret = ""
    if PublishedField.ACTIVITY in hidden:
        found.activity = found.new_activity = None
    if PublishedField.ADDRESS in hidden:
        found.address = found.postcode = ""
    for each in (PublishedField.PHONE, PublishedField.EMAIL, PublishedField.URL):
        if each in hidden:
            setattr(found, each.value, "")
    return found


def people_at(family: Iterable[Organisation]) -> list[Membership]:
    """Who holds a role today in one of these organisations, by name."""
    held = Membership.objects.on(clock.today()).filter(
        organisation__in=list(family), user__is_active=True
    )
    return list(held.select_related("user").order_by("user__name", "user__email", "role"))


def organisations_by_id(ids: Iterable[int]) -> dict[int, OrganisationCard]:
    """Those organisations, by id; unknown ids are left out. One query."""
    found = Organisation.objects.filter(pk__in=set(ids))
    return {
        record.pk: OrganisationCard(
            id=record.pk,
            code=record.code,
            name=record.name,
            kind=OrganisationKind(record.kind),
            url=record.url,
        )
        for record in found
    }


def names_by_code(codes: Iterable[str]) -> dict[str, str]:
    """The names of these codes' organisations, in the reader's language. One query."""
    found = Organisation.objects.filter(code__in=set(codes)).only("code", "name")
    return {one.code: str(one) for one in found}


def known_organisation_codes(codes: Iterable[str]) -> set[str]:
    """Those of these codes that already name an organisation. One query."""
    found = Organisation.objects.filter(code__in=set(codes))
    return set(found.values_list("code", flat=True))


def survivors(ids: Iterable[int]) -> dict[int, int]:
    """Which organisation stands for each of these: itself, or the one that it was merged into.

    Unknown ids are left out. A query for each level of merging, one where nothing was merged.
    """
    leads = {}
    wanted = set(ids)
    while wanted:
        found = Organisation.objects.filter(pk__in=wanted).values_list("pk", "merged_into_id")
        leads |= dict(found)
        wanted = {into for into in leads.values() if into is not None} - leads.keys()
    ends = {}
    for first in leads:
        last = first
        while leads.get(last) is not None:
            last = leads[last]
        ends[first] = last
    return ends


def same_organisations(ids: Iterable[int]) -> set[int]:
    """These, and every other row that was merged with one of them: records name any of these."""
    return set().union(*Organisation.families(ids).values())


def surviving(path: str) -> Case:
    """The same in a query: the id of the organisation that stands for the one at `path`, so that
    a merged pair counts once."""
    return Case(
        When(**{f"{path}__merged_into__isnull": True}, then=F(f"{path}_id")),
        default=Func(
            F(f"{path}_id"), function="directory_survivor", output_field=BigIntegerField()
        ),
    )


def surviving_code(path: str) -> Case:
    """The code of the organisation that stands for the one at `path`, in a query."""
    stands = Organisation.objects.filter(
        pk=Func(
            OuterRef(f"{path}_id"), function="directory_survivor", output_field=BigIntegerField()
        )
    )
    return Case(
        When(**{f"{path}__merged_into__isnull": True}, then=F(f"{path}__code")),
        default=Subquery(stands.values("code")[:1]),
    )


def public_codes(ids: Iterable[int]) -> dict[int, str]:
    """The code of the public page of each of these that has one, by the id that was asked for; of
    a merged organisation, that of the one that took its place."""
    ends = survivors(ids)
    listed = published_organisations().filter(pk__in=set(ends.values()))
    codes = dict(listed.order_by().values_list("pk", "code"))
    return {asked: codes[end] for asked, end in ends.items() if end in codes}


def card(pk: int) -> EnterpriseCard | None:
    """One organisation as a record of another room shows it; None where there is none."""
    return cards([pk]).get(pk)


def cards(ids: Iterable[int]) -> dict[int, EnterpriseCard]:
    """The same for many, by the id that was asked for."""
    ends = survivors(ids)
    found = Organisation.objects.select_related(*_WITH).in_bulk(set(ends.values()))
    return {asked: card_of(found[end]) for asked, end in ends.items()}


def card_of(record: Organisation) -> EnterpriseCard:
    return EnterpriseCard(
        pk=record.pk,
        code=record.code,
        name=str(record),
        kind=record.kind,
        commune=record.commune.name if record.commune else "",
        sector=record.sector,
        siren=record.siren,
        siret=record.siret,
        verified=record.is_verified,
        invented=record.invented,
    )


def find_by_siret(siret: str) -> EnterpriseCard | None:
    """The organisation of that SIRET, however it is written; None where nobody has it."""
    number = compact(siret)
    if not number:
        return None
    found = Organisation.objects.filter(siret=number).order_by(
        F("merged_into_id").asc(nulls_first=True), "pk"
    )
    first = found.values_list("pk", flat=True).first()
    return card(first) if first is not None else None


def organisations_of(user: Any) -> list[EnterpriseCard]:
    """The organisations in which a person holds a role today, by name, each once."""
    held = Membership.objects.on(clock.today()).filter(user_id=user.pk)
    found = cards(held.values_list("organisation_id", flat=True))
    once = {each.pk: each for each in found.values()}
    return sorted(once.values(), key=lambda each: each.name.casefold())


def organisation_ids(kinds: Iterable[OrganisationKind]) -> list[int]:
    """Every organisation of these kinds."""
    found = organisations().filter(kind__in=list(kinds)).order_by("pk")
    return list(found.values_list("pk", flat=True))


def commune_choices() -> list[tuple[str, str]]:
    """Every commune that was loaded, by name, as choices of a form field."""
    found = Commune.objects.order_by(folded("name"), "code")
    return [(one.code, _with_postcode(one)) for one in found]


def _with_postcode(commune: Commune) -> str:
    return f"{commune.name} ({commune.postcodes[0]})" if commune.postcodes else commune.name


def communes_named(words: str) -> list[Commune]:
    """The communes that a person means by a name, an official code or a postcode."""
    typed = words.strip()
    if not typed:
        return []
    if typed.isalnum() and any(sign.isdigit() for sign in typed):
        exact = Commune.objects.filter(code=typed.upper())
        return list(exact) or list(Commune.objects.filter(postcodes__contains=[typed]))
    plain = Commune.objects.annotate(folded=folded("name"))
    return list(plain.filter(folded=folded(Value(typed))).order_by("code"))


def communes_in_use(*, listed_only: bool = False) -> list[tuple[str, str]]:
    """The communes of the organisations, as choices of a filter."""
    rows = published_organisations() if listed_only else organisations()
    found = Commune.objects.filter(pk__in=rows.values("commune"))
    return [(one.code, one.name) for one in found.order_by(folded("name"), "code")]


def activities_in_use() -> list[tuple[int, str]]:
    """The activities of the organisations, as choices of a filter."""
    rows = organisations()
    found = Activity.objects.filter(pk__in=rows.values("activity")) | Activity.objects.filter(
        pk__in=rows.values("new_activity")
    )
    return [(one.pk, str(one)) for one in found.order_by("code", "revision")]


def activity_of_code(code: str, revision: str) -> Activity | None:
    """The activity of that code, with or without its dot."""
    plain = code.strip().upper().replace(" ", "")
    dotted = f"{plain[:2]}.{plain[2:]}" if "." not in plain and len(plain) > 2 else plain
    return Activity.objects.filter(revision=revision, code__in={plain, dotted}).first()


def family(organisation: Organisation) -> list[Organisation]:
    """The organisation and every duplicate that leads to it."""
    whole, level = [organisation], [organisation.pk]
    while level:
        found = list(Organisation.objects.filter(merged_into__in=level).order_by("pk"))
        whole += found
        level = [one.pk for one in found]
    return whole


def same_undertaking(organisation: Organisation) -> list[Organisation]:
    """The other organisations of its single undertaking: those of its group, and the other
    establishments of the enterprises in it. A query, and one more for each step that leads on."""
    living = Organisation.objects.filter(merged_into__isnull=True)
    heads, numbers = {organisation.group_id or organisation.pk}, {organisation.siren} - {""}
    while True:
        linked = Q(pk__in=heads) | Q(group__in=heads) | Q(siren__in=numbers)
        found = list(living.filter(linked).order_by("code"))
        all_heads = heads | {one.group_id or one.pk for one in found}
        all_numbers = numbers | {one.siren for one in found} - {""}
        if (all_heads, all_numbers) == (heads, numbers):
            return [one for one in found if one != organisation]
        heads, numbers = all_heads, all_numbers


def group_of(pk: int) -> frozenset[int]:
    """The ids of the organisations that are one undertaking with this one, itself included, and of
    the duplicates that were merged into any of them: records may name any of these. Empty for an
    unknown id."""
    end = survivors([pk]).get(pk)
    if end is None:
        return frozenset()
    whole = {end, *(one.pk for one in same_undertaking(Organisation.objects.get(pk=end)))}
    level = whole
    while level:
        level = set(Organisation.objects.filter(merged_into__in=level).values_list("pk", flat=True))
        whole |= level
    return frozenset(whole)
