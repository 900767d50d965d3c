"""Enterprises (legal units): the names and the kinds of the establishments that are there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from typing import NamedTuple

from diapason.directory.actions.sirene.following import follow, told
from diapason.directory.models import Organisation, RegisterEntry

_SHOWN = "O"
_HIDDEN = "[ND]"


class Row(NamedTuple):
    """A row of StockUniteLegale, in the order of `files.COLUMNS`."""

    siren: str
    diffusion: str
    legal_category: str
    name: str
    usual_name: str
    used_surname: str
    surname: str
    first_name: str

    @property
    def shown(self) -> str:
        if self.diffusion != _SHOWN:
            return ""
        person = f"{self.first_name} {self.used_surname or self.surname}"
        said = [self.name, self.usual_name, person]
        names = (" ".join(each.replace(_HIDDEN, "").split()) for each in said)
        return next(filter(None, names), "")[:200]


class Loading:
    """One load: the enterprises whose establishments are there."""

    def __init__(self) -> None:
        known = RegisterEntry.objects.values_list("siren", flat=True).distinct()
        self.known = {int(one) for one in known.iterator(chunk_size=5000)}

    def wanted(self, rows: Iterable[tuple[str, ...]], counts: Counter[str]) -> Iterator[Row]:
        for values in rows:
            counts["read"] += 1
            number = values[0]
            if len(number) == 9 and number.isdecimal() and int(number) in self.known:
                yield Row(*values)

    def write(self, batch: Sequence[Row], counts: Counter[str]) -> None:
        """Write a batch, in the caller's transaction."""
        units = {row.siren: row for row in batch}
        entries = list(
            RegisterEntry.objects.select_for_update().filter(siren__in=units).order_by("siret")
        )
        held = Organisation.objects.select_for_update(no_key=True).filter(
            siret__in=[one.siret for one in entries], merged_into__isnull=True
        )
        living = {one.siret: one for one in held.order_by("pk")}
        different, changed = [], []
        by_number = defaultdict(list)
        for entry in entries:
            by_number[entry.siren].append(entry)
        for siren, row in units.items():
            for entry in by_number[siren]:
                before = copy(entry)
                entry.legal_category = row.legal_category[:4]
                entry.unit_name = "" if entry.hidden else row.shown
                if told(entry) != told(before):
                    different.append(entry)
                there = living.get(entry.siret)
                if there is not None and follow(there, before, entry):
                    changed.append(there)
        counts["changed"] += len(changed)
        counts["unchanged"] += len(entries) - len(changed)
        RegisterEntry.objects.bulk_update(different, ["legal_category", "unit_name"])
        Organisation.objects.bulk_update(changed, ["name", "kind", "version"])
