"""Writing spreadsheets out, in bounded memory."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import IllegalCharacterError

from diapason.kernel.money import units
from diapason.kernel.spreadsheets.columns import Kind, guard, legible, letters

CSV = "csv"
XLSX = "xlsx"
FORMATS = (CSV, XLSX)
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET_LIMIT = 1_048_576
_BATCH = 500
_NUMBER_FORMATS = {
    Kind.MONEY: "#,##0.00",
    Kind.PERCENT: "0.0%",
    Kind.DATE: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm:ss",
}


@dataclass(frozen=True)
class Heading:
    """The top of a column of an export."""

    text: Any
    kind: Kind = Kind.TEXT


def _plain(value: Any, kind: Kind) -> Any:
    """The value as a cell holds it: None, text, number, date, naive local moment or yes/no."""
    if value is None or value == "":
        return None
    if kind is Kind.MONEY and isinstance(value, int):
        return units(value).quantize(Decimal("0.01"))
    if kind is Kind.NUMBER and isinstance(value, Decimal) and value.is_finite():
        return value.normalize()  # a column of the database writes 86 as 86.000000
    if isinstance(value, datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, bool | int | float | Decimal | date):
        return value
    return legible(str(value))


def _decimal_comma(language: str) -> bool:
    return language.startswith("fr")


def _written(value: Any, *, french: bool) -> str:
    """The value as a CSV cell of that language."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M:%S}" if french else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}" if french else value.isoformat()
    if isinstance(value, int | float | Decimal):
        text = f"{Decimal(str(value)):f}"
        return text.replace(".", ",") if french else text
    return guard(value)


def csv_parts(headings: Sequence[Heading], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The CSV file in parts: UTF-8 with its mark; in French `;` between cells, as spreadsheet
    programs expect there. The language is the one active at the call."""
    language = get_language() or "en"
    return _csv_parts(headings, rows, language)


def _csv_parts(
    headings: Sequence[Heading], rows: Iterable[Sequence[Any]], language: str
) -> Iterator[bytes]:
    french = _decimal_comma(language)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if french else ",", lineterminator="\r\n")
    kinds = [heading.kind for heading in headings]
    # The reader's language is no longer active when a streamed answer is sent.
    with override(language):
        writer.writerow([guard(legible(str(heading.text))) for heading in headings])
    yield b"\xef\xbb\xbf"
    waiting = iter(rows)
    while True:
        with override(language):
            batch = list(islice(waiting, _BATCH))
            writer.writerows(
                [
                    _written(_plain(value, kind), french=french)
                    for value, kind in zip(row, kinds, strict=True)
                ]
                for row in batch
            )
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
        if len(batch) < _BATCH:
            return


def xlsx_file(
    headings: Sequence[Heading],
    rows: Iterable[Sequence[Any]],
    *,
    title: str = "",
    notes: Sequence[Sequence[str]] = (),
) -> IO[bytes]:
    """The XLSX file, as an open temporary file that goes when it is closed.

    Texts are stored as texts, so that none runs as a formula. `notes` become a second sheet.
    Raises ValueError past the number of rows that the format can hold.
    """
    book = Workbook(write_only=True)
    _fill(book.create_sheet(_sheet_title(title)), headings, rows)
    if notes:
        note_headings = [Heading(text) for text in notes[0]]
        _fill(book.create_sheet(_sheet_title(_("Explanations"))), note_headings, notes[1:])
    made = tempfile.TemporaryFile()  # noqa: SIM115 - handed to the caller, who closes it
    book.save(made)
    made.seek(0)
    return made


def _sheet_title(title: str) -> str:
    allowed = "".join(" " if letter in "[]:*?/\\'" else letter for letter in legible(title))
    return allowed.strip()[:31] or _("List")


def _fill(sheet: Any, headings: Sequence[Heading], rows: Iterable[Sequence[Any]]) -> None:
    bold = Font(bold=True)
    sheet.freeze_panes = "A2"
    top = []
    for index, heading in enumerate(headings):
        text = legible(str(heading.text))
        sheet.column_dimensions[letters(index)].width = max(12, min(40, len(text) + 4))
        top.append(_text_cell(sheet, text))
        top[-1].font = bold
    sheet.append(top)
    kinds = [heading.kind for heading in headings]
    for count, row in enumerate(rows, start=2):
        if count > _SHEET_LIMIT:
            raise ValueError(f"a sheet holds {_SHEET_LIMIT} rows at most; export as CSV instead")
        sheet.append([_cell(sheet, value, kind) for value, kind in zip(row, kinds, strict=True)])


def _cell(sheet: Any, value: Any, kind: Kind) -> Any:
    plain = _plain(value, kind)
    if plain is None:
        return None
    if isinstance(plain, bool):
        return plain
    if isinstance(plain, str):
        return _text_cell(sheet, plain)
    # Spreadsheets count days from 1900, and the first ones wrongly: before, only a text is exact.
    if isinstance(plain, date) and (plain.year, plain.month) < (1900, 3):
        return _text_cell(sheet, str(plain))
    number_format = _NUMBER_FORMATS.get(_shown_as(plain, kind))
    if number_format is None:
        return plain
    cell = WriteOnlyCell(sheet, value=plain)
    cell.number_format = number_format
    return cell


def _shown_as(plain: Any, kind: Kind) -> Kind:
    if isinstance(plain, datetime):
        return Kind.MOMENT
    return Kind.DATE if isinstance(plain, date) else kind


def _text_cell(sheet: Any, text: str) -> Any:
    try:
        cell = WriteOnlyCell(sheet, value=text[:32767])
    except IllegalCharacterError:
        cell = WriteOnlyCell(sheet, value="".join(filter(str.isprintable, text))[:32767])
    cell.data_type = "s"
    return cell


def export_response(
    headings: Sequence[Heading],
    rows: Iterable[Sequence[Any]],
    *,
    name: str,
    format: str,
) -> HttpResponseBase:
    """The list as a file to download, `name` and the day making the file's name.

    Raises ValueError for an unknown format.
    """
    stem = f"{slugify(name) or 'diapason'}-{timezone.localdate().isoformat()}"
    if format == CSV:
        response: HttpResponseBase = StreamingHttpResponse(
            csv_parts(headings, rows), content_type="text/csv; charset=utf-8"
        )
    elif format == XLSX:
        response = FileResponse(xlsx_file(headings, rows, title=name), content_type=XLSX_TYPE)
    else:
        raise ValueError(f"{format!r} is no format; choose one of {', '.join(FORMATS)}")
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}.{format}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
