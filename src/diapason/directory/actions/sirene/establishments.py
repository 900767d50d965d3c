"""Establishments: those of the territory's cultural activities, and those that are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings

from diapason.directory.actions.organisations import free_codes
from diapason.directory.actions.sirene.following import follow, told
from diapason.directory.contracts import ActivityRevision, OrganisationKind
from diapason.directory.models import Activity, Organisation, RegisterEntry
from diapason.kernel import clock
from diapason.kernel.refusals import in_words
from diapason.kernel.texts import Text

_HIDDEN = "[ND]"
_SHOWN, _ACTIVE = "O", "A"
# What the register calls the list of a code.
_REVISIONS = {"NAFRev2": ActivityRevision.SECOND, "NAF2025": ActivityRevision.THIRD}


class Row(NamedTuple):
    """A row of StockEtablissement, in the order of `files.COLUMNS`."""

    siret: str
    siren: str
    diffusion: str
    state: str
    commune: str
    activity: str
    list_of_activity: str
    new_activity: str
    opened: str
    since: str
    usual_name: str
    sign: str
    number: str
    repeat: str
    way: str
    street: str
    more: str
    postcode: str


class Loading:
    """One load: what is wanted of the file, and the writing of it."""

    def __init__(self, territory: frozenset[str], cultural: frozenset[int], file_name: str) -> None:
        self.territory = territory
        self.source = f"Sirene, {file_name}"
        self.activities = {
            (revision, code.replace(".", "")): pk
            for revision, code, pk in Activity.objects.values_list("revision", "code", "pk")
        }
        self.telling = {key for key, pk in self.activities.items() if pk in cultural}
        # As numbers: a million of them weigh less than as texts.
        self.known = _numbers(
            Organisation.objects.exclude(siret="").values_list("siret", flat=True)
        ) | _numbers(RegisterEntry.objects.values_list("siret", flat=True))

    def wanted(self, rows: Iterable[tuple[str, ...]], counts: Counter[str]) -> Iterator[Row]:
        """The rows of the establishments that are there, and of those to bring in."""
        for values in rows:
            counts["read"] += 1
            number = values[0]
            if not (len(number) == 14 and number.isdecimal()):
                continue
            if int(number) in self.known or self._eligible(values):
                yield Row(*values)

    def _eligible(self, values: Sequence[str]) -> bool:
        return (
            values[4] in self.territory
            and values[3] == _ACTIVE
            and values[2] == _SHOWN
            and (
                (_REVISIONS.get(values[6]), values[5].replace(".", "")) in self.telling
                or (ActivityRevision.THIRD, values[7].replace(".", "")) in self.telling
            )
        )

    def write(self, batch: Sequence[Row], counts: Counter[str]) -> None:
        """Write a batch, in the caller's transaction."""
        sirets = [row.siret for row in batch]
        before = RegisterEntry.objects.select_for_update().in_bulk(sirets)
        rows = Organisation.objects.filter(siret__in=sirets)
        held = rows.select_for_update(no_key=True).filter(merged_into__isnull=True)
        living = {one.siret: one for one in held.order_by("pk")}
        gone = set(rows.values_list("siret", flat=True)) - living.keys()
        fresh: dict[str, RegisterEntry] = {}
        added: list[Organisation] = []
        changed: list[Organisation] = []
        for row in batch:
            entry = fresh[row.siret] = self._entry(row, before.get(row.siret))
            there = living.get(row.siret)
            if there is None and row.siret not in gone | before.keys():
                if self._eligible(row):
                    entry.brought = True
                    added.append(self._organisation(entry))
                    continue
                del fresh[row.siret]
            elif there is not None and follow(there, before.get(row.siret), entry):
                changed.append(there)
        counts["closed"] += sum(
            not one.active and (number not in before or before[number].active)
            for number, one in fresh.items()
        )
        counts["added"] += len(added)
        counts["changed"] += len(changed)
        counts["unchanged"] += len(fresh) - len(added) - len(changed)
        self._save(fresh.values(), before, added, changed)

    def _save(
        self,
        entries: Iterable[RegisterEntry],
        before: dict[str, RegisterEntry],
        added: list[Organisation],
        changed: list[Organisation],
    ) -> None:
        different = [one for one in entries if told(one) != told(before.get(one.siret))]
        RegisterEntry.objects.bulk_create(
            different,
            update_conflicts=True,
            unique_fields=["siret"],
            update_fields=[name for name in _names(RegisterEntry) if name != "siret"],
        )
        names = [one.name.in_language(settings.LANGUAGE_CODE) for one in added]
        for one, code in zip(added, free_codes(names) if added else [], strict=True):
            one.code = code
        with in_words(Organisation):
            Organisation.objects.bulk_create(added)
            Organisation.objects.bulk_update(changed, FOLLOWING)

    def _entry(self, row: Row, before: RegisterEntry | None) -> RegisterEntry:
        hidden = row.diffusion != _SHOWN
        active = row.state == _ACTIVE
        second, third = self._codes(row)
        street = " ".join(filter(None, map(_said, (row.number, row.repeat, row.way, row.street))))
        place = ", ".join(filter(None, (_said(row.more), street)))
        entry = RegisterEntry(
            siret=row.siret,
            siren=row.siret[:9],
            name="" if hidden else (_said(row.usual_name) or _said(row.sign))[:200],
            active=active,
            opened_on=_day(row.opened),
            closed_on=None if active else _day(row.since),
            activity_id=second,
            new_activity_id=third,
            address="" if hidden else place[:200],
            postcode="" if hidden else _said(row.postcode)[:10],
            commune_id=row.commune if row.commune in self.territory else None,
            hidden=hidden,
        )
        if before is not None:
            entry.brought, entry.legal_category = before.brought, before.legal_category
            entry.unit_name = "" if hidden else before.unit_name
        return entry

    def _codes(self, row: Row) -> tuple[int | None, int | None]:
        """The activity in each of the two lists; the first column may be in either."""
        found = {ActivityRevision.THIRD: self._activity(ActivityRevision.THIRD, row.new_activity)}
        revision = _REVISIONS.get(row.list_of_activity)
        if revision is not None and (pk := self._activity(revision, row.activity)):
            found[revision] = pk
        return found.get(ActivityRevision.SECOND), found[ActivityRevision.THIRD]

    def _activity(self, revision: ActivityRevision, code: str) -> int | None:
        return self.activities.get((revision.value, code.replace(".", "")))

    def _organisation(self, entry: RegisterEntry) -> Organisation:
        return Organisation(
            name=Text({settings.LANGUAGE_CODE: entry.shown_name}),
            kind=OrganisationKind.COMPANY,
            siren=entry.siren,
            siret=entry.siret,
            activity_id=entry.activity_id,
            new_activity_id=entry.new_activity_id,
            address=entry.address,
            postcode=entry.postcode,
            commune_id=entry.commune_id,
            verified_at=clock.now(),
            verified_with=self.source[:200],
        )


FOLLOWING = [
    "name",
    "kind",
    "activity",
    "new_activity",
    "address",
    "postcode",
    "commune",
    "version",
]


def _names(model: Any) -> list[str]:
    return [field.name for field in model._meta.concrete_fields]


def _numbers(sirets: Any) -> set[int]:
    return {int(one) for one in sirets.iterator(chunk_size=5000) if one.isdecimal()}


def _said(value: str) -> str:
    return "" if value == _HIDDEN else " ".join(value.split())


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None
