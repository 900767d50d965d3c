"""The register's stock files, read row by row: a CSV as it is published, or zipped."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from diapason.kernel.refusals import Refusal

# How far a load has come: bytes read so far, of this file.
Progress = Callable[[int], None]
# The progress is told every so many rows.
_TOLD_EVERY = 2000
_KINDS_OF_ENDS = (".csv", ".txt")


class Stock(StrEnum):
    """The two files that can be loaded, by the names that their owner gives them."""

    ESTABLISHMENTS = "StockEtablissement"
    UNITS = "StockUniteLegale"


COLUMNS = {
    Stock.ESTABLISHMENTS: (
        "siret",
        "siren",
        "statutDiffusionEtablissement",
        "etatAdministratifEtablissement",
        "codeCommuneEtablissement",
        "activitePrincipaleEtablissement",
        "nomenclatureActivitePrincipaleEtablissement",
        "activitePrincipaleNAF25Etablissement",
        "dateCreationEtablissement",
        "dateDebut",
        "denominationUsuelleEtablissement",
        "enseigne1Etablissement",
        "numeroVoieEtablissement",
        "indiceRepetitionEtablissement",
        "typeVoieEtablissement",
        "libelleVoieEtablissement",
        "complementAdresseEtablissement",
        "codePostalEtablissement",
    ),
    Stock.UNITS: (
        "siren",
        "statutDiffusionUniteLegale",
        "categorieJuridiqueUniteLegale",
        "denominationUniteLegale",
        "denominationUsuelle1UniteLegale",
        "nomUsageUniteLegale",
        "nomUniteLegale",
        "prenomUsuelUniteLegale",
    ),
}
# Files published before the new list of activities lack its column.
OPTIONAL = frozenset({"activitePrincipaleNAF25Etablissement"})


class StockFile:
    """One of the register's files: which, how big, and its rows as tuples of `COLUMNS`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        with self._opened() as (lines, _position):
            self.headings = [name.strip() for name in next(lines, [])]
        self.kind = self._kind()

    def _kind(self) -> Stock:
        known = set(self.headings)
        for kind, columns in COLUMNS.items():
            if columns[0] in known and set(columns) - OPTIONAL <= known:
                return kind
        raise Refusal(
            _(
                "%(file)s is not one of the register’s files: give StockEtablissement or "
                "StockUniteLegale, as CSV or zip."
            )
            % {"file": self.path.name}
        )

    def rows(self, progress: Progress) -> Iterator[tuple[str, ...]]:
        """Each row's values of `COLUMNS`, in that order; an optional column that the file lacks is
        empty. Raises Refusal, with the line, where the file is damaged."""
        places = {name: place for place, name in enumerate(self.headings)}
        # A column that is not there is read from one more value, always empty, at each row's end.
        absent = len(self.headings)
        pick = itemgetter(*(places.get(name, absent) for name in COLUMNS[self.kind]))
        with self._opened() as (lines, position):
            next(lines, None)
            for number, row in enumerate(lines, start=2):
                if not row:
                    continue
                if len(row) != absent:
                    raise self._damaged(number - 1)
                row.append("")
                if number % _TOLD_EVERY == 0:
                    progress(position())
                yield pick(row)
        progress(self.size)

    def _damaged(self, line: int) -> Refusal:
        return Refusal(
            _("%(file)s is damaged after line %(line)s: download it again.")
            % {"file": self.path.name, "line": line}
        )

    @contextmanager
    def _opened(self) -> Iterator[tuple[Iterator[list[str]], Callable[[], int]]]:
        with ExitStack() as stack:
            try:
                raw = stack.enter_context(self.path.open("rb"))
                content: Any = raw
                zipped = zipfile.is_zipfile(raw)
                raw.seek(0)
                if zipped:
                    archive = stack.enter_context(zipfile.ZipFile(raw))
                    content = stack.enter_context(archive.open(self._only(archive)))
                text = stack.enter_context(
                    io.TextIOWrapper(content, encoding="utf-8-sig", newline="")
                )
                yield self._lines(text), raw.tell
            except (OSError, zipfile.BadZipFile) as error:
                raise Refusal(
                    _("%(file)s cannot be read: %(why)s.")
                    % {"file": self.path.name, "why": str(error).rstrip(".")}
                ) from error

    def _lines(self, text: io.TextIOWrapper) -> Iterator[list[str]]:
        lines = csv.reader(text)
        try:
            yield from lines
        except (csv.Error, UnicodeDecodeError, EOFError, zipfile.BadZipFile) as error:
            raise self._damaged(lines.line_num) from error

    def _only(self, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
        inside = [one for one in archive.infolist() if one.filename.endswith(_KINDS_OF_ENDS)]
        if len(inside) != 1:
            raise Refusal(
                _("%(file)s does not hold one CSV file alone.") % {"file": self.path.name}
            )
        return inside[0]
