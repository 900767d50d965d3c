"""Spreadsheets out, and what is read back."""

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import get_language, override
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from diapason.kernel.spreadsheets import (
    Column,
    Heading,
    Kind,
    csv_parts,
    day,
    export_response,
    moment,
    money,
    number,
    read,
    text,
    xlsx_file,
    yes_no,
)
from tests.kernel.spreadsheets.factories import sent

HEADINGS = [
    Heading("Name"),
    Heading("Share", Kind.NUMBER),
    Heading("Amount", Kind.MONEY),
    Heading("Day", Kind.DATE),
    Heading("Moment", Kind.MOMENT),
    Heading("Known", Kind.YES_NO),
]
COLUMNS = [
    Column("name", "Name", text()),
    Column("share", "Share", number()),
    Column("amount", "Amount", money()),
    Column("day", "Day", day()),
    Column("moment", "Moment", moment()),
    Column("known", "Known", yes_no()),
]


def aware(naive: datetime) -> datetime:
    return timezone.make_aware(naive)


texts = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t"), max_size=30
).map(str.strip)
rows = st.lists(
    st.tuples(
        texts,
        st.none() | st.decimals(-(10**9), 10**9, places=5),
        st.none() | st.integers(-(10**12), 10**12),
        st.none() | st.dates(date(1000, 1, 1)),
        st.none()
        # Noon-ish, where clocks never change.
        | st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
            lambda found: aware(found.replace(microsecond=0, hour=6 + found.hour // 2))
        ),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


def expected(row: tuple[Any, ...]) -> list[Any]:
    return [value if value != "" else None for value in row]


@given(rows, st.sampled_from(["fr", "en"]), st.sampled_from(["csv", "xlsx"]))
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_back(
    written: list[tuple[Any, ...]], language: str, format: str
) -> None:
    with override(language):
        if format == "csv":
            content = b"".join(csv_parts(HEADINGS, written))
        else:
            with xlsx_file(HEADINGS, written) as file:
                content = file.read()
        reading = read(sent(content, "any"), COLUMNS)
    assert reading.errors == []
    assert [list(row.values.values()) for row in reading.rows] == [expected(row) for row in written]


@pytest.mark.parametrize(
    ("language", "sign", "line"),
    [
        ("fr", ";", ["1234,5", "-12,30", "31/12/2019", "", "été"]),
        ("en", ",", ["1234.5", "-12.30", "2019-12-31", "", "été"]),
    ],
)
def test_csv_is_written_as_each_language_expects(language: str, sign: str, line: list[str]) -> None:
    headings = [Heading("a", Kind.NUMBER), Heading("b", Kind.MONEY), Heading("c"), Heading("d")]
    with override(language):
        parts = csv_parts(
            [*headings, Heading("e")],
            [[Decimal("1234.5"), -1230, date(2019, 12, 31), None, "été"]],
        )
    body = b"".join(parts)
    assert body.startswith(b"\xef\xbb\xbf")
    found = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=sign))
    assert found == [["a", "b", "c", "d", "e"], line]


def test_the_language_of_the_reader_lasts_until_the_end_of_the_stream() -> None:
    class Text:
        def __str__(self) -> str:
            return get_language() or ""

    with override("fr"):
        parts = csv_parts([Heading("a")], ([Text()] for _ in range(1200)))
    lines = b"".join(parts).decode("utf-8-sig").splitlines()
    assert lines == ["a", *["fr"] * 1200]


def test_no_text_runs_as_a_formula() -> None:
    evil = '=HYPERLINK("https://x.example";"y")'
    body = b"".join(csv_parts([Heading("=a")], [[evil]])).decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(body))] == ["'=a", f"'{evil}"]
    with xlsx_file([Heading("=a")], [[evil]]) as file:
        book = load_workbook(file)
    cell = book.active["A2"]
    assert (cell.value, cell.data_type) == (evil, "s")
    assert book.active["A1"].data_type == "s"


def test_xlsx_has_real_numbers_dates_and_a_second_sheet_of_notes() -> None:
    with xlsx_file(
        HEADINGS,
        [["a", Decimal("1.5"), 1234, date(2019, 12, 31), None, True]],
        title="Budget: [2019]",
        notes=[["x", "y"], ["1", "2"]],
    ) as file:
        book = load_workbook(file)
    first, second = book.worksheets
    assert first.title == "Budget   2019"
    assert [cell.value for cell in first[2]] == [
        "a",
        1.5,
        12.34,
        datetime(2019, 12, 31),  # noqa: DTZ001
        None,
        True,
    ]
    assert first["C2"].number_format == "#,##0.00"
    assert first["D2"].is_date
    assert first.freeze_panes == "A2"
    assert second["B2"].value == "2"


def test_a_file_to_download_is_named_after_the_list_and_the_day() -> None:
    response = export_response([Heading("a")], [["b"]], name="Tâches & budget", format="xlsx")
    stamp = timezone.localdate().isoformat()
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="taches-budget-{stamp}.xlsx"'
    )
    assert response.headers["Cache-Control"] == "private, no-store"
    with pytest.raises(ValueError, match="pdf"):
        export_response([Heading("a")], [], name="x", format="pdf")


def test_rows_are_pulled_as_they_are_sent() -> None:
    pulled = 0

    def many() -> Iterator[list[str]]:
        nonlocal pulled
        for place in range(10_000):
            pulled = place
            yield ["x"]

    parts = csv_parts([Heading("a")], many())
    next(parts)
    next(parts)
    assert pulled < 1000


_BIG = """
import resource, sys
import django; django.setup()
from diapason.kernel.spreadsheets import Heading, Kind, csv_parts, xlsx_file
headings = [Heading(str(n), Kind.NUMBER if n % 2 else Kind.TEXT) for n in range(10)]
def rows(count):
    for number in range(count):
        yield [number if n % 2 else f"row {number} cell {n}" for n in range(10)]
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
xlsx_file(headings, rows(100)).close()
before = peak()
xlsx_file(headings, rows(30_000)).close()
for part in csv_parts(headings, rows(60_000)): pass
print(peak() - before)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_rows() -> None:
    grown = subprocess.run(
        [sys.executable, "-c", _BIG], capture_output=True, text=True, check=True
    ).stdout
    assert int(grown) < 20_000  # kilobytes


@pytest.mark.parametrize(("language", "half"), [("fr", "0,5"), ("en", "0.5")])
def test_a_number_is_written_without_the_zeros_of_its_column(language: str, half: str) -> None:
    values = [Decimal("86.000000"), Decimal("0.500000"), Decimal("1000000"), Decimal("0.000000")]
    with override(language):
        body = b"".join(csv_parts([Heading("a", Kind.NUMBER)], ([value] for value in values)))
    assert body.decode("utf-8-sig").split() == ["a", "86", half, "1000000", "0"]
