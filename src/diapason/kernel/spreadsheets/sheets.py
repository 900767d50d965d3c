"""The cells of a spreadsheet file of any format, with limits that no file can get around."""

from __future__ import annotations

import csv
import io
import zipfile
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
            return _workbook(content, kind)
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
    best = max(
        (";", ",", "\t"),
        key=lambda sign: (score(next(csv.reader([first], delimiter=sign), [])), first.count(sign)),
    )
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


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheet programs of western Europe write when they do not write UTF-8.
        return content.decode("cp1252")


def _workbook(content: bytes, kind: FileKind) -> Cells:
    check_archive(content, limit=_MAX_UNPACKED)
    _measure(content, kind)
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


class _Extent:
    """How far the filled cells of a sheet reach, told while its XML is read.

    The reader of spreadsheets makes room for every cell up to the last one: a file of one kilobyte
    that fills only the very last cell would take gigabytes.
    """

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.doctype

    def doctype(self, *_args: Any) -> None:
        raise _TooBig(_damaged())

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None: ...

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
            self.row = _whole(attributes.get("r"), self.row + 1)
            self.column = 0
        elif tag == "c":
            self.column += 1
            if reference := attributes.get("r"):
                letters = reference.rstrip("0123456789")
                self.row = _whole(reference[len(letters) :], self.row)
                self.column = 0
                for letter in letters[:8]:
                    self.column = self.column * 26 + ord(letter) - 64
        elif tag in {"v", "is", "f"}:
            self.reaches(self.row, self.column)


class _OpenDocumentExtent(_Extent):
    row = column = repeated_rows = repeated_cells = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        local = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if tag == "table":
            self.row = self.column = self.repeated_rows = 0
        elif tag == "table-row":
            self.row += self.repeated_rows
            self.column = self.repeated_cells = 0
            self.repeated_rows = _whole(local.get("number-rows-repeated"), 1)
        elif tag in {"table-cell", "covered-table-cell"}:
            self.column += self.repeated_cells
            self.repeated_cells = _whole(local.get("number-columns-repeated"), 1)
            if "value-type" in local or "formula" in local:
                self.filled()
        elif tag == "p":
            self.filled()

    def filled(self) -> None:
        self.reaches(self.row + self.repeated_rows, self.column + self.repeated_cells)


def _whole(written: str | None, otherwise: int) -> int:
    return int(written) if written and written.isdecimal() and len(written) < 12 else otherwise


def _measure(content: bytes, kind: FileKind) -> None:
    """Raises Refusal where the filled cells reach too far."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            extent: _Extent
            if kind is FileKind.ODS and name == "content.xml":
                extent = _OpenDocumentExtent()
            elif kind is FileKind.XLSX and name.startswith("xl/worksheets/"):
                if not name.endswith(".xml"):
                    continue
                extent = _OfficeExtent()
            else:
                continue
            try:
                with archive.open(name) as part:
                    while chunk := part.read(_STEP):
                        extent.parser.Parse(chunk, False)
                    extent.parser.Parse(b"", True)
            except _TooBig as found:
                raise found.refusal from found
            except (expat.ExpatError, NotImplementedError) as error:
                raise _damaged() from error
