"""Reading a list in: headings, errors with their addresses, all or nothing."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _
from python_calamine import load_workbook

from diapason.kernel.models import Draft
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import Column, apply, day, number, read, template, text
from diapason.kernel.spreadsheets.reading import MAX_ERRORS
from tests.kernel.spreadsheets.factories import ods, sent, xlsx

COLUMNS = [
    Column("name", _("French"), text(), required=True, aliases=("who",), example="Éva"),
    Column("value", "Value", number(), required=True, note="A number"),
    Column("on", "Date", day()),
]


def file(*lines: str) -> SimpleUploadedFile:
    return sent("\n".join(lines) + "\n")


def refusal(given: SimpleUploadedFile) -> str:
    with pytest.raises(Refusal) as caught:
        read(given, COLUMNS, field="list")
    assert caught.value.field == "list"
    return str(caught.value)


@pytest.mark.parametrize("heading", ["French", "FRANÇAIS", "francais ", "name", "Who", "Name:"])
def test_headings_are_recognised_however_written(heading: str) -> None:
    reading = read(file(f"{heading};value", "Éva;12"), COLUMNS)
    assert reading.rows[0].values == {"name": "Éva", "value": 12, "on": None}
    assert reading.errors == []


@pytest.mark.parametrize("make", [xlsx, ods])
def test_workbooks_are_read_too(make: Any) -> None:
    reading = read(
        make([["Value", "Other", "Name"], [12, "x", "Éva"], [None, None, None]]), COLUMNS
    )
    assert [row.values for row in reading.rows] == [{"name": "Éva", "value": 12, "on": None}]
    assert reading.ignored == ["Other"]
    assert reading.rows[0].number == 2


def test_errors_name_the_cell_and_what_to_write() -> None:
    reading = read(file("name;value;date", "Éva;douze;2020-01-01", ";3;hier", "", "Bo;4"), COLUMNS)
    assert [str(error) for error in reading.errors] == [
        "B2: “douze” is not a number. Write for example 12.5.",
        "A3: this cell is empty. Fill it in.",
        "C3: “hier” is not a date. Write for example 2019-12-31.",
    ]
    assert [row.number for row in reading.rows] == [2, 3, 5]
    assert [error.row for error in reading.errors] == [2, 3, 3]


def test_a_short_line_lacks_its_last_cells() -> None:
    reading = read(file("name;value", "Éva"), COLUMNS)
    assert [str(error) for error in reading.errors] == ["B2: this cell is empty. Fill it in."]


def test_a_file_that_is_not_this_list_is_refused_as_a_whole() -> None:
    assert refusal(file("name;date", "Éva;2020-01-01")) == (
        "These columns are missing: Value. Start from the template to have them all."
    )
    assert refusal(file("name;value;who", "a;1;b")) == (
        "The heading “who” stands twice (A and C). Keep one."
    )
    assert refusal(file("name;value", ";", "")) == "There is no row under the headings."
    assert refusal(sent(" \n \n")) == "This file is empty. Choose another one."


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diapason.kernel.spreadsheets.reading.MAX_ROWS", 3)
    assert len(read(file("name;value", *["a;1"] * 3), COLUMNS).rows) == 3
    assert "rows" in refusal(file("name;value", *["a;1"] * 4))


def test_nobody_is_told_thousands_of_errors() -> None:
    reading = read(file("name;value", *["a;x"] * 1000), COLUMNS)
    assert len(reading.errors) == MAX_ERRORS


def keep(values: dict[str, Any]) -> int:
    if values["name"] == "refused":
        raise Refusal("this name is taken", field="name")
    if values["name"] == "invalid":
        raise ValidationError({"value": ["too odd"], "elsewhere": ["and this"]})
    if values["name"] == "plain":
        raise ValidationError("not today")
    made = Draft.objects.create(
        owner=values["name"], form="f", expires_at=datetime(2030, 1, 1, tzinfo=UTC)
    )
    return made.pk


def kept() -> list[str]:
    return sorted(Draft.objects.values_list("owner", flat=True))


@pytest.mark.django_db
def test_all_rows_are_applied() -> None:
    outcome = apply(read(file("name;value", "a;1", "b;2"), COLUMNS), keep)
    assert outcome.applied
    assert outcome.errors == []
    assert outcome.results == list(Draft.objects.order_by("pk").values_list("pk", flat=True))
    assert kept() == ["a", "b"]


@pytest.mark.django_db
def test_a_dry_run_tries_everything_and_keeps_nothing() -> None:
    reading = read(file("name;value", "a;1", "b;2"), COLUMNS)
    outcome = apply(reading, keep, dry_run=True)
    assert not outcome.applied
    assert len(outcome.results) == 2
    assert kept() == []


@pytest.mark.django_db
@pytest.mark.parametrize("dry_run", [True, False])
def test_one_refusal_keeps_nothing_and_every_row_is_told(dry_run: bool) -> None:
    reading = read(file("name;value", "a;1", "refused;2", "invalid;3", "plain;4", "b;5"), COLUMNS)
    outcome = apply(reading, keep, dry_run=dry_run)
    assert [str(error) for error in outcome.errors] == [
        "A3: this name is taken",
        "B4: too odd",
        "4: and this",
        "5: not today",
    ]
    assert not outcome.applied
    assert kept() == []


@pytest.mark.django_db
def test_beside_wrong_cells_the_other_rows_are_only_tried() -> None:
    reading = read(file("name;value", "a;1", "refused;2", "b;x", "refused;x"), COLUMNS)
    outcome = apply(reading, keep)
    assert [error.address for error in outcome.errors] == ["A3", "B4", "B5"]
    assert not outcome.applied
    assert kept() == []


@pytest.mark.django_db
def test_any_other_error_undoes_all() -> None:
    def fail(values: dict[str, Any]) -> None:
        keep(values)
        if values["name"] == "b":
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        apply(read(file("name;value", "a;1", "b;2"), COLUMNS), fail)
    assert kept() == []


def test_the_template_is_recognised_and_explains_itself() -> None:
    with template(COLUMNS, title="Readings") as made:
        book = load_workbook(made)
        first, second = (book.get_sheet_by_index(place).to_python() for place in (0, 1))
        made.seek(0)
        content = made.read()
    assert first == [["French", "Value", "Date"]]
    assert second[1] == ["French", "yes", "", "Éva"]
    assert second[3][:2] == ["Date", "no"]
    with pytest.raises(Refusal, match="no row"):
        read(sent(content, "t.xlsx"), COLUMNS)


def test_dates_of_a_workbook_are_dates() -> None:
    made = xlsx([["Name", "Value", "Date"], ["a", 1, date(2020, 2, 29)]])
    assert read(made, COLUMNS).rows[0].values["on"] == date(2020, 2, 29)
