"""Files of every format and encoding, and those that are refused before they do harm."""

import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import sheets
from diapason.kernel.spreadsheets.sheets import cells_of
from tests.kernel.spreadsheets.factories import (
    ods,
    ods_of,
    parts_of,
    sent,
    xlsx,
    xlsx_moved,
    xlsx_of,
    zipped,
)

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def score(line: Any) -> int:
    return sum(str(cell).strip() in {"Nom", "Âge"} for cell in line)


def rows(file: SimpleUploadedFile) -> list[list[Any]]:
    return cells_of(file, score).rows


def refusal(file: SimpleUploadedFile) -> str:
    with pytest.raises(Refusal) as caught:
        cells_of(file, score, field="list")
    assert caught.value.field == "list"
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_separators_are_guessed(encoding: str, sign: str, end: str) -> None:
    lines = [f"Nom{sign}Âge", f'"Éva{sign} l’aînée"{sign}12']
    found = cells_of(sent((end.join(lines) + end).encode(encoding)), score)
    assert found.rows == [["Nom", "Âge"], [f"Éva{sign} l’aînée", "12"]]


def test_the_separator_is_the_one_that_gives_the_headings() -> None:
    found = cells_of(sent("Nom;Âge;Ville, pays, région, quartier\nÉva;12;a,b,c\n"), score)
    assert found.rows[1] == ["Éva", "12", "a,b,c"]


def test_the_separator_tells_how_numbers_are_written() -> None:
    assert cells_of(sent("Nom;Âge\n"), score).writing.decimal_comma
    with override("fr"):
        assert not cells_of(sent("Nom,Âge\n"), score).writing.decimal_comma
        assert cells_of(xlsx([["Nom"]]), score).writing.decimal_comma
    assert not cells_of(xlsx([["Nom"]]), score).writing.decimal_comma


def test_blank_lines_keep_the_addresses() -> None:
    assert rows(xlsx([[None], ["", "Nom"], ["", "Éva"]])) == [["", ""], ["", "Nom"], ["", "Éva"]]
    assert rows(sent("\nNom\nÉva\n")) == [[], ["Nom"], ["Éva"]]


def test_open_documents_end_where_their_cells_do() -> None:
    assert rows(ods([["Nom", "Âge"], ["Éva", 12]])) == [["Nom", "Âge"], ["Éva", 12]]


@pytest.mark.parametrize(
    "file",
    [
        sent(b"%PDF-1.7\n", "x.csv"),
        sent("<html><table><tr><td>Nom</table>", "x.xlsx"),
        sent(b"\x89PNG\r\n\x1a\n", "x.ods"),
        sent(b"PK\x03\x04", "x.xlsx"),
        zipped(**{"word/document.xml": "x"}),
    ],
)
def test_what_is_no_spreadsheet_is_refused(file: SimpleUploadedFile) -> None:
    assert refusal(file).startswith("This file is not a spreadsheet")


def test_damaged_spreadsheets_are_refused() -> None:
    assert "damaged" in refusal(xlsx_of("<worksheet><sheetData>"))
    assert "damaged" in refusal(zipped(**{"xl/workbook.xml": "x"}))
    whole = xlsx([["Nom"]]).read()
    assert refusal(sent(whole[: len(whole) // 2], "x.xlsx"))


def test_heavy_files_are_refused_unread() -> None:
    assert "more than 5 MB" in refusal(sent(b"a" * 5_000_001))


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    began = time.monotonic()
    assert "too big" in refusal(xlsx_of(b" " * 120_000_000))
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row><c r="A1048576"><v>1</v></c></row>',
        '<row r="999999"><c><v>1</v></c></row>',
        '<row r="1"><c r="A99999"><is><t>x</t></is></c></row>',
    ],
)
def test_a_cell_at_the_end_of_the_sheet_is_refused_without_making_room(cells: str) -> None:
    file = xlsx_of(f"<worksheet {_MAIN}><sheetData>{cells}</sheetData></worksheet>")
    assert "rows" in refusal(file)


_FAR = (
    f'<worksheet {_MAIN}><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("sheets/s.xml", "xl/sheets/s.xml"),
        ("media/image1.png", "xl/media/image1.png"),
        ("/xl/worksheets/sheet1.xml", "xl/Worksheets/Sheet1.XML"),
    ],
)
def test_a_sheet_is_measured_wherever_it_hides(target: str, name: str) -> None:
    """The reader follows the file's own directions, and would make room for 17 billion cells."""
    assert "rows" in refusal(xlsx_moved(_FAR, target=target, name=name))


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="CV000000001048576"><v>1</v></c></row>',
        '<row r="1"><c r="B000001048576"><v>1</v></c></row>',
        '<row r="00000001048576"><c><v>1</v></c></row>',
        '<row r="1"><c r="b2"><v>1</v></c></row>',
        '<row r="+9"><c><v>1</v></c></row>',
    ],
)
def test_a_place_is_written_in_one_way_only(cells: str) -> None:
    file = xlsx_of(f"<worksheet {_MAIN}><sheetData>{cells}</sheetData></worksheet>")
    assert "damaged" in refusal(file)


@pytest.mark.parametrize(
    ("repeated", "said"),
    [
        ('table:number-rows-repeated="+1000000"', "damaged"),
        ('table:number-rows-repeated="0000000001000000"', "damaged"),
        ('table:number-rows-repeated="1000000" xmlns:x="x" x:number-rows-repeated="1"', "rows"),
        ('xmlns:x="x" x:number-rows-repeated="z" table:number-rows-repeated="1"', "damaged"),
    ],
)
def test_no_spelling_hides_how_often_a_row_is_repeated(repeated: str, said: str) -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    assert said in refusal(ods_of(f"<table:table-row {repeated}>{cell}</table:table-row>"))


def test_a_file_of_two_kinds_is_measured_as_both() -> None:
    row = '<table:table-row table:number-rows-repeated="1000000">'
    far = ods_of(f'{row}<table:table-cell office:value="1"/></table:table-row>')
    assert "rows" in refusal(zipped(**parts_of(far), **{"xl/workbook.xml": "<broken"}))
    hidden = {f"XL{name[2:]}" if name.startswith("xl/") else name: part
              for name, part in parts_of(xlsx_of(_FAR)).items()}  # fmt: skip
    opened = parts_of(ods_of("<table:table-row/>"))
    assert "rows" in refusal(zipped(**(hidden | opened)))
    assert "damaged" in refusal(zipped(**parts_of(xlsx([["x"]])), **{"xl/workbook.bin": "x"}))


def test_a_value_without_its_type_fills_a_cell_too() -> None:
    row = '<table:table-row table:number-rows-repeated="1000000">'
    bare = f'{row}<table:table-cell office:value="1"/></table:table-row>'
    assert "rows" in refusal(ods_of(bare))


def test_too_many_columns_are_refused() -> None:
    cells = '<row r="1"><c r="XFD1"><v>1</v></c></row>'
    file = xlsx_of(f"<worksheet {_MAIN}><sheetData>{cells}</sheetData></worksheet>")
    assert "more than 100 columns" in refusal(file)
    assert "more than 100 columns" in refusal(sent("a;" * 100 + "b\n"))
    assert "more than 100 columns" in refusal(sent("a," * 100_000 + "b\n"))
    assert "damaged" in refusal(sent("a" * 200_000 + "\n"))
    filled = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384">'
    wide = f"<table:table-row>{filled}<text:p>x</text:p></table:table-cell></table:table-row>"
    assert "more than 100 columns" in refusal(ods_of(wide))


def test_repeated_rows_with_values_are_refused() -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    many = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    assert "rows" in refusal(ods_of(many))
    far = '<table:table-row table:number-rows-repeated="1000000"/>'
    assert "rows" in refusal(ods_of(f"{far}<table:table-row>{cell}</table:table-row>"))


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    assert "damaged" in refusal(ods_of("<table:table-row/>", before=bomb))


def test_lists_of_too_many_rows_are_refused() -> None:
    limit = sheets.MAX_ROWS + 25
    assert "more than 20\u202f000 rows" in refusal(sent("a\n" * limit))
