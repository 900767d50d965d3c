"""The cells of a spreadsheet file of any format, with limits that no file can get around."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from diapason.kernel.files import FileKind, check_archive, sniff
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets.columns import unguard
from diapason.kernel.spreadsheets.parsing import Writing

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 100
_MAX_UNPACKED = 100_000_000
# Above the rows of a list there may be its headings and a few blank lines.
_ROWS_ABOVE = 20
_STEP = 1_000_000
# What holds the cells of a sheet, wherever in the file its part stands and whatever its name.
_CELLS = b"sheetData"
# Places as every program writes them. Another spelling could be read as another place.
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_REPEATED = re.compile(r"[0-9]{1,9}")
_FILLS = frozenset(
    {"value-type", "value", "string-value", "date-value", "time-value", "boolean-value", "formula"}
)


@dataclass(frozen=True)
class Cells:
    """The rows of a sheet from its first line on, and how it writes numbers."""

    rows: list[list[Any]]
    writing: Writing


def cells_of(file: Any, score: Callable[[Sequence[Any]], int], *, field: str = "") -> Cells:
    """The first sheet of the file (XLSX, ODS or CSV).

    `file` has `size` and `read()`. `score` counts the headings recognised in a line: it decides
    what separates the cells of a CSV file. Raises Refusal, in words, for what is no spreadsheet,
    or a too big or dangerous one.
    """
    if file.size > MAX_BYTES:
        raise Refusal(
            _("This file weighs more than %(limit)s MB. Split it into several files.")
            % {"limit": MAX_BYTES // 1_000_000},
            field=field,
        )
    file.seek(0)
    content = file.read(MAX_BYTES + 1)
    kind = sniff(content)
    try:
        if kind is FileKind.CSV:
            return _csv(content, score)
        if kind in {FileKind.XLSX, FileKind.ODS}:
            return _workbook(content)
    except Refusal as refusal:
        raise Refusal(refusal.message, field=field) from refusal
    raise Refusal(
        _("This file is not a spreadsheet that we can read. Save it as XLSX, ODS or CSV."),
        field=field,
    )


def too_many_rows() -> Refusal:
    return Refusal(
        _("This list has more than %(limit)s rows. Split it into several files.")
        % {"limit": f"{MAX_ROWS:,}".replace(",", "\u202f")}
    )


def _too_wide() -> Refusal:
    return Refusal(
        _("This sheet has more than %(limit)s columns. Keep only those of the template.")
        % {"limit": MAX_COLUMNS}
    )


def _damaged() -> Refusal:
    return Refusal(
        _("This file is damaged. Open it in its program, save it again and send that one.")
    )


def _csv(content: bytes, score: Callable[[Sequence[Any]], int]) -> Cells:
    text = _decoded(content)
    first = next((line for line in io.StringIO(text) if line.strip(" \t\r\n;,")), "")
    best = max((";", ",", "\t"), key=lambda sign: (score(_split(first, sign)), first.count(sign)))
    rows: list[list[Any]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=best):
            if len(rows) > MAX_ROWS + _ROWS_ABOVE:
                raise too_many_rows()
            while len(row) > MAX_COLUMNS and row[-1] == "":
                row.pop()
            if len(row) > MAX_COLUMNS:
                raise _too_wide()
            rows.append([unguard(cell) for cell in row])
    except csv.Error as error:
        raise _damaged() from error
    # A semicolon separates where the comma is kept for decimals, and the other way round.
    french = (get_language() or "").startswith("fr")
    return Cells(rows, Writing(decimal_comma={";": True, ",": False}.get(best, french)))


def _split(line: str, sign: str) -> list[str]:
    """The cells of a line, were they separated by that sign; none where one would be too long."""
    try:
        return next(csv.reader([line], delimiter=sign), [])
    except csv.Error:
        return []


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheet programs of western Europe write when they do not write UTF-8.
        return content.decode("cp1252")


def _workbook(content: bytes) -> Cells:
    check_archive(content, limit=_MAX_UNPACKED)
    _measure(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except PasswordError as error:
        raise Refusal(_("This file has a password. Save it without and send that one.")) from error
    except (CalamineError, IndexError, OSError, ValueError) as error:
        raise _damaged() from error
    return Cells(rows, Writing(decimal_comma=(get_language() or "").startswith("fr")))


class _TooBig(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class _Extent(ABC):
    """How far the filled cells of a sheet reach, told while its XML is read.

    The reader of spreadsheets makes room for every cell up to the last one: a file of one kilobyte
    that fills only the very last cell would take gigabytes.
    """

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.StartDoctypeDeclHandler = self.doctype

    def doctype(self, *_args: Any) -> None:
        raise _TooBig(_damaged())

    @abstractmethod
    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    @staticmethod
    def reaches(row: int, column: int) -> None:
        """A filled cell at that place, counted from 1."""
        if row > MAX_ROWS + _ROWS_ABOVE:
            raise _TooBig(too_many_rows())
        if column > MAX_COLUMNS:
            raise _TooBig(_too_wide())


class _OfficeExtent(_Extent):
    row = column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "row":
            self.row = _whole(_ROW, attributes.get("r"), self.row + 1)
            self.column = 0
        elif tag == "c":
            self.column += 1
            if "r" in attributes:
                place = _PLACE.fullmatch(attributes["r"])
                if place is None:
                    raise _TooBig(_damaged())
                self.row, self.column = int(place[2]), 0
                for letter in place[1]:
                    self.column = self.column * 26 + ord(letter) - 64
        elif tag in {"v", "is", "f"}:
            self.reaches(self.row, self.column)


class _OpenDocumentExtent(_Extent):
    row = column = repeated_rows = repeated_cells = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        # Of two of one name in different spaces, whichever repeats most.
        local = {
            key.rpartition(" ")[2]: value
            for key, value in sorted(attributes.items(), key=lambda pair: _most(pair[1]))
        }
        if tag == "table":
            self.row = self.column = self.repeated_rows = 0
        elif tag == "table-row":
            self.row += self.repeated_rows
            self.column = self.repeated_cells = 0
            self.repeated_rows = _whole(_REPEATED, local.get("number-rows-repeated"), 1)
        elif tag in {"table-cell", "covered-table-cell"}:
            self.column += self.repeated_cells
            self.repeated_cells = _whole(_REPEATED, local.get("number-columns-repeated"), 1)
            if not _FILLS.isdisjoint(local):
                self.filled()
        elif tag == "p":
            self.filled()

    def filled(self) -> None:
        self.reaches(self.row + self.repeated_rows, self.column + self.repeated_cells)


def _whole(spelling: re.Pattern[str], written: str | None, otherwise: int) -> int:
    if written is None:
        return otherwise
    if not spelling.fullmatch(written):
        raise _TooBig(_damaged())
    return int(written)


def _most(written: str) -> tuple[bool, int]:
    """Orders what is illegible after every number: it is then what is found, and refused."""
    legible = bool(_REPEATED.fullmatch(written))
    return not legible, int(written) if legible else 0


def _measure(content: bytes) -> None:
    """Raises Refusal where the filled cells reach too far, in any part that may hold a sheet: the
    reader tries every kind that it knows, whatever the file says that it is."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            extent: _Extent
            if entry.filename.lower() == "xl/workbook.bin":
                raise _damaged()  # a workbook of a third kind, behind the one that it pretends
            if entry.filename.lower() == "content.xml":
                extent = _OpenDocumentExtent()
            elif _holds_cells(archive, entry):
                extent = _OfficeExtent()
            else:
                continue
            try:
                with archive.open(entry) as part:
                    while chunk := part.read(_STEP):
                        extent.parser.Parse(chunk, False)
                    extent.parser.Parse(b"", True)
            except _TooBig as found:
                raise found.refusal from found
            except (expat.ExpatError, NotImplementedError) as error:
                raise _damaged() from error


def _holds_cells(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    end = b""
    with archive.open(entry) as part:
        while chunk := part.read(_STEP):
            if _CELLS in end + chunk:
                return True
            end = chunk[-len(_CELLS) :]
    return False
