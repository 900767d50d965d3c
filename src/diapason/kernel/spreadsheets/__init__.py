"""Spreadsheets, out and in, for any list."""

from diapason.kernel.spreadsheets.columns import Kind
from diapason.kernel.spreadsheets.writing import (
    CSV,
    FORMATS,
    XLSX,
    Heading,
    csv_parts,
    export_response,
    xlsx_file,
)

__all__ = [
    "CSV",
    "FORMATS",
    "XLSX",
    "Heading",
    "Kind",
    "csv_parts",
    "export_response",
    "xlsx_file",
]
