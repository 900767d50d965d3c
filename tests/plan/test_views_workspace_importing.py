"""Many figures from a spreadsheet: tried first, then all or nothing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from diapason.directory.contracts import Role
from diapason.plan.models import Indicator, Reading
from tests.directory.factories import person
from tests.plan.factories import IndicatorFactory
from tests.plan.workspace import LANGUAGES, address, page_of, signed

HEADINGS = {
    "fr": "Indicateur;Valeur;Date du chiffre;Source",
    "en": "Indicator;Value;Date of the figure;Source",
}
GOOD = ["incubated;4;2019-06-30;Register", "incubated;5;2019-12-31;Register"]


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def indicator(db: None) -> Indicator:
    return IndicatorFactory(code="incubated", title={"fr": "Entreprises", "en": "Enterprises"})


@pytest.fixture
def client(indicator: Indicator) -> Client:
    return signed(person(Role.ADVISOR))


def sheet(*lines: str, language: str = "en") -> SimpleUploadedFile:
    return SimpleUploadedFile(
        "figures.csv", "\n".join([HEADINGS[language], *lines]).encode(), "text/csv"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_good_file_is_shown_then_imported_once(language: str, client: Client) -> None:
    url = address("readings_import", language=language)
    tried = client.post(url, {"file": sheet(*GOOD, language=language)})
    assert [row[1] for row in tried.context["preview"]] == ["4", "5"]
    assert not Reading.objects.exists()
    confirmed = {
        "sealed": tried.context["sealed"],
        "request_key": str(tried.context["request_key"]),
    }
    for _twice in range(2):
        answer = client.post(url, confirmed)
        assert answer.url == address("readings", language=language)
    assert sorted(Reading.objects.values_list("value", flat=True)) == [4, 5]


@pytest.mark.parametrize(
    ("line", "cell", "words"),
    [
        ("nothing;4;2019-06-30;Register", "A3", "no indicator"),
        ("incubated;many;2019-06-30;Register", "B3", "is not a number"),
        ("incubated;4;yesterday;Register", "C3", "is not a date"),
        ("incubated;4;2019-06-30;", "D3", "empty"),
        ("incubated;1.5;2019-06-30;Register", "B3", "whole number"),
        ("incubated;4;2999-06-30;Register", "C3", "future"),
        ("incubated;4;2019-06-30;Register", "D3", "says the same"),
    ],
)
def test_each_fault_is_told_with_its_cell(line: str, cell: str, words: str, client: Client) -> None:
    answer = client.post(address("readings_import"), {"file": sheet(GOOD[0], line)})
    (error,) = answer.context["trial"].errors
    assert error.address == cell
    assert words in error.message
    assert not Reading.objects.exists()


def test_all_faults_of_a_file_are_told_at_once(client: Client) -> None:
    lines = (
        "nothing;many;2019-06-30;Register",
        GOOD[0],
        "incubated;4;2999-06-30;Register",
        "incubated;5;yesterday;Register",
    )
    answer = client.post(address("readings_import"), {"file": sheet(*lines)})
    addresses = [error.address for error in answer.context["trial"].errors]
    assert addresses == ["A2", "B2", "C4", "C5"]
    assert "sealed" not in answer.context


def test_an_indicator_may_be_named_by_its_title(client: Client, indicator: Indicator) -> None:
    url = address("readings_import")
    tried = client.post(url, {"file": sheet("ENTREPRISES;4;2019-06-30;Register")})
    assert tried.context["preview"]
    twin = IndicatorFactory(action=indicator.action, code="twin", title=indicator.title)
    tried = client.post(url, {"file": sheet("Entreprises;4;2019-06-30;Register")})
    (error,) = tried.context["trial"].errors
    assert twin.code in error.message


def test_what_is_no_spreadsheet_is_refused_beside_the_field(client: Client) -> None:
    upload = SimpleUploadedFile("figures.xlsx", b"%PDF-1.4 not a sheet")
    answer = client.post(address("readings_import"), {"file": upload})
    assert answer.context["form"].errors["file"]
    nothing = client.post(address("readings_import"), {})
    assert nothing.context["form"].errors["file"]


def test_only_the_person_who_tried_a_file_confirms_it(client: Client) -> None:
    url = address("readings_import")
    sealed = client.post(url, {"file": sheet(*GOOD)}).context["sealed"]
    answer = signed(person(Role.ADVISOR)).post(url, {"sealed": sealed})
    assert "not kept any more" in answer.content.decode()
    assert not Reading.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_has_the_headings_and_the_codes(
    language: str, client: Client, indicator: Indicator
) -> None:
    answer = client.get(address("readings_template", language=language))
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    headings = [cell.value for cell in book.worksheets[0][1]]
    assert headings[:2] == HEADINGS[language].split(";")[:2]
    codes = [row[0].value for row in book.worksheets[1].iter_rows()]
    assert "incubated" in codes


def test_members_import_nothing(indicator: Indicator) -> None:
    other = signed(person(Role.MEMBER))
    assert other.get(address("readings_import")).status_code == 403
    assert other.get(address("readings_template")).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_opens(language: str, client: Client) -> None:
    assert address("readings_template", language=language) in page_of(
        client, address("readings_import", language=language)
    )
