"""Reading a list in: recognise its headings, understand its cells, say what is wrong, apply it.

COLUMNS = [
    Column("indicator", _("Indicator"), text(), required=True),
    Column("value", _("Value"), number(), required=True, example="12"),
]
reading = read(upload, COLUMNS)                       # raises Refusal for the whole file
outcome = apply(reading, declare, dry_run=True)       # everything tried, nothing kept
outcome.errors                                        # "B7: “twelve” is not a number. …"
apply(reading, declare)                               # all of it or nothing
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets.columns import letters
from diapason.kernel.spreadsheets.parsing import (
    CellProblem,
    Parse,
    Writing,
    fold,
    in_every_language,
    text,
)
from diapason.kernel.spreadsheets.sheets import MAX_ROWS, cells_of, too_many_rows
from diapason.kernel.spreadsheets.writing import Heading, xlsx_file

# Where a list stops counting what is wrong with it: nobody mends more at once.
MAX_ERRORS = 200


@dataclass(frozen=True)
class Column:
    """A column that an import understands.

    `heading` is recognised in every language of the site whatever its case and accents, as are
    `key` and the `aliases`. `example` and `note` fill the template.
    """

    key: str
    heading: Any
    parse: Parse = field(default_factory=text)
    required: bool = False
    aliases: tuple[str, ...] = ()
    example: Any = None
    note: Any = ""

    def names(self) -> set[str]:
        """All that the heading may be, folded."""
        return in_every_language(self.heading) | {fold(name) for name in (self.key, *self.aliases)}


@dataclass(frozen=True)
class CellError:
    """What is wrong, and where: the address of a cell ("B7") or of a row ("7")."""

    row: int
    address: str
    message: str

    def __str__(self) -> str:
        return _("%(address)s: %(message)s") % {"address": self.address, "message": self.message}


@dataclass(frozen=True)
class ReadRow:
    """A row that was understood: its number in the file and its values by column key."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """A file that was read. `ignored` are the headings that no column claims."""

    rows: list[ReadRow]
    errors: list[CellError]
    ignored: list[str]
    places: dict[str, int]

    def sound(self) -> Reading:
        """The same without the rows that hold a fault: the others can be tried beside them, so
        that a person mends all that is wrong at once."""
        wrong = {error.row for error in self.errors}
        return replace(self, rows=[row for row in self.rows if row.number not in wrong])

    def address(self, key: str, row: int) -> str:
        return f"{letters(self.places[key])}{row}" if key in self.places else str(row)


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do: `results` are what the callback gave for each row."""

    results: list[Any]
    errors: list[CellError]
    applied: bool


@dataclass(frozen=True)
class OpenList:
    """A file before its columns are known: its headings, the rows under them, the number of the
    first of these, and how it writes numbers."""

    headings: Sequence[Any]
    rows: list[list[Any]]
    first: int
    writing: Writing


def open_list(upload: Any, columns: Sequence[Column], *, field: str = "") -> OpenList:
    """The list in the file's first sheet, whose first line that is not blank has the headings.

    Raises Refusal for what is no spreadsheet, is too big, or has no row.
    """
    names = _names(columns)

    def score(line: Sequence[Any]) -> int:
        return sum(fold(cell) in names for cell in line)

    cells = cells_of(upload, score, field=field)
    top = next((place for place, row in enumerate(cells.rows) if any(map(filled, row))), None)
    if top is None:
        raise Refusal(_("This file is empty. Choose another one."), field=field)
    rows = cells.rows[top + 1 :]
    count = sum(any(map(filled, row)) for row in rows)
    if not count:
        raise Refusal(_("There is no row under the headings."), field=field)
    if count > MAX_ROWS:
        raise Refusal(too_many_rows().message, field=field)
    return OpenList(cells.rows[top], rows, top + 2, cells.writing)


def read(
    upload: Any,
    columns: Sequence[Column],
    *,
    field: str = "",
    places: Mapping[str, int] | None = None,
) -> Reading:
    """Read the list in the file's first sheet, whose first line that is not blank has the
    headings.

    `places` says which column of the file holds what, whatever its heading says: by key, from 0
    on. A row without any value is skipped; an absent or empty cell gives None. Raises Refusal for
    a file that is no list of these columns, too big, or without a row.
    """
    opened = open_list(upload, columns, field=field)
    if places is None:
        known, ignored = _places(opened.headings, _names(columns), columns, field)
    else:
        known, ignored = dict(places), _left_out(opened.headings, places)
        _refuse_missing(known, columns, field)
    rows: list[ReadRow] = []
    errors: list[CellError] = []
    for number, row in enumerate(opened.rows, start=opened.first):
        if not any(map(filled, row)):
            continue
        values, wrong = _row(row, number, columns, known, opened.writing)
        errors += wrong
        rows.append(ReadRow(number, values))
        if len(errors) >= MAX_ERRORS:
            break
    return Reading(rows, errors, ignored, known)


def filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _names(columns: Sequence[Column]) -> dict[str, str]:
    return {name: column.key for column in columns for name in column.names()}


def _left_out(line: Sequence[Any], places: Mapping[str, int]) -> list[str]:
    taken = set(places.values())
    return [
        str(cell).strip() for place, cell in enumerate(line) if filled(cell) and place not in taken
    ]


def _places(
    line: Sequence[Any], names: dict[str, str], columns: Sequence[Column], field: str
) -> tuple[dict[str, int], list[str]]:
    places: dict[str, int] = {}
    ignored = []
    for place, cell in enumerate(line):
        key = names.get(fold(cell))
        if key is None:
            if filled(cell):
                ignored.append(str(cell).strip())
        elif key in places:
            raise Refusal(
                _("The heading “%(heading)s” stands twice (%(first)s and %(second)s). Keep one.")
                % {
                    "heading": str(cell).strip(),
                    "first": letters(places[key]),
                    "second": letters(place),
                },
                field=field,
            )
        else:
            places[key] = place
    _refuse_missing(places, columns, field)
    return places, ignored


def _refuse_missing(places: Mapping[str, int], columns: Sequence[Column], field: str) -> None:
    missing = [column for column in columns if column.required and column.key not in places]
    if missing:
        raise Refusal(
            _("These columns are missing: %(missing)s. Start from the template to have them all.")
            % {"missing": ", ".join(str(column.heading) for column in missing)},
            field=field,
        )


def _row(
    row: Sequence[Any],
    number: int,
    columns: Sequence[Column],
    places: dict[str, int],
    writing: Writing,
) -> tuple[dict[str, Any], list[CellError]]:
    values: dict[str, Any] = {}
    errors = []
    for column in columns:
        place = places.get(column.key)
        cell = row[place] if place is not None and place < len(row) else None
        values[column.key] = None
        try:
            if filled(cell):
                cell = cell.strip() if isinstance(cell, str) else cell
                values[column.key] = column.parse(cell, writing)
            elif column.required:
                raise CellProblem(_("this cell is empty. Fill it in."))
        except CellProblem as problem:
            address = f"{letters(place or 0)}{number}"
            errors.append(CellError(number, address, str(problem)))
    return values, errors


def _row_of(error: CellError) -> int:
    return error.row


class _NotKept(Exception):
    """Takes back what a dry run did."""


def apply(
    reading: Reading, callback: Callable[[dict[str, Any]], Any], *, dry_run: bool = False
) -> Outcome:
    """Call `callback` with the values of each row, in one transaction: all of it or nothing.

    A `Refusal` or `ValidationError` of the callback is told at its row, beside the cell where it
    names one, and the other rows are tried too. `dry_run`: nothing is kept in any case. Where the
    reading has errors, its other rows are only tried.

    Side effects: those of the callback, where the outcome says `applied`.
    """
    results: list[Any] = []
    errors = list(reading.errors)
    try:
        with transaction.atomic():
            for row in reading.sound().rows:
                if len(errors) >= MAX_ERRORS:
                    break
                try:
                    with transaction.atomic():
                        results.append(callback(row.values))
                except (Refusal, ValidationError) as no:
                    errors += _told(reading, row, no)
            if errors or dry_run:
                raise _NotKept
    except _NotKept:
        return Outcome(results, sorted(errors, key=_row_of), applied=False)
    return Outcome(results, [], applied=True)


def _told(reading: Reading, row: ReadRow, no: Refusal | ValidationError) -> list[CellError]:
    said: Iterable[tuple[str, str]]
    if isinstance(no, Refusal):
        said = [(no.field, str(no))]
    elif hasattr(no, "error_dict"):
        said = [(key, text) for key, texts in no.message_dict.items() for text in texts]
    else:
        said = [("", text) for text in no.messages]
    return [
        CellError(row.number, reading.address(key, row.number), message) for key, message in said
    ]


def template(columns: Sequence[Column], *, title: str = "") -> IO[bytes]:
    """An XLSX file to fill in: the headings, and a sheet that explains them with examples."""
    headings = [Heading(column.heading) for column in columns]
    notes = [[_("Column"), _("Needed"), _("What to write"), _("Example")]]
    notes += [
        [
            str(column.heading),
            _("yes") if column.required else _("no"),
            str(column.note or ""),
            str(column.example or ""),
        ]
        for column in columns
    ]
    return xlsx_file(headings, [], title=title, notes=notes)
