"""Spreadsheet files as people send them."""

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def sent(content: bytes | str, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def xlsx(rows: Sequence[Sequence[Any]]) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    made = io.BytesIO()
    book.save(made)
    return sent(made.getvalue(), "list.xlsx")


def zipped(**parts: str | bytes) -> SimpleUploadedFile:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return sent(made.getvalue(), "list.zip")


def parts_of(file: SimpleUploadedFile) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def xlsx_of(sheet: str | bytes) -> SimpleUploadedFile:
    """An XLSX file whose only sheet has that XML."""
    parts = parts_of(xlsx([["x"]]))
    parts["xl/worksheets/sheet1.xml"] = sheet if isinstance(sheet, bytes) else sheet.encode()
    return zipped(**parts)


def xlsx_moved(sheet: str, *, target: str, name: str) -> SimpleUploadedFile:
    """An XLSX file whose only sheet stands in the part `name`, to which it points by `target`."""
    parts: dict[str, Any] = parts_of(xlsx([["x"]]))
    del parts["xl/worksheets/sheet1.xml"]
    directions = parts["xl/_rels/workbook.xml.rels"].decode()
    parts["xl/_rels/workbook.xml.rels"] = re.sub(
        r'Target="[^"]*sheet1\.xml"', f'Target="{target}"', directions
    )
    return zipped(**parts, **{name: sheet})


def ods_of(table: str, before: str = "") -> SimpleUploadedFile:
    """An ODS file whose only sheet has these rows as XML."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {_SPACES} '
        f'office:version="1.2"><office:body><office:spreadsheet><table:table table:name="A">'
        f"{table}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(mimetype=_ODS, **{"content.xml": content, "META-INF/manifest.xml": _manifest()})


def ods(rows: Sequence[Sequence[Any]]) -> SimpleUploadedFile:
    """As an office program writes it: with empty rows and columns to the end of the sheet."""

    def cell(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, int | float):
            return (
                f'<table:table-cell office:value-type="float" office:value="{value}">'
                f"<text:p>{value}</text:p></table:table-cell>"
            )
        return (
            '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(str(value))}</text:p></table:table-cell>"
        )

    filler = '<table:table-cell table:number-columns-repeated="16380"/>'
    lines = [
        f"<table:table-row>{''.join(map(cell, row))}{filler}</table:table-row>" for row in rows
    ]
    end = f'<table:table-row table:number-rows-repeated="1048000">{filler}</table:table-row>'
    return ods_of("".join(lines) + end)


def _manifest() -> str:
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return (
        f'<manifest:manifest xmlns:manifest="{space}">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>'
        "</manifest:manifest>"
    )
