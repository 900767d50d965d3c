"""Giving a figure, mending one that was returned, correcting one that was approved."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from diapason.directory.contracts import Role
from diapason.kernel import drafts
from diapason.kernel.models import Draft, StoredFile
from diapason.plan.contracts import Aggregation, ReadingState
from diapason.plan.models import Indicator, Reading
from tests.directory.factories import person
from tests.plan.factories import IndicatorFactory, ReadingFactory
from tests.plan.workspace import LANGUAGES, address, page_of, signed

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def indicator(db: None) -> Indicator:
    return IndicatorFactory(code="incubated")


@pytest.fixture
def advisor(db: None) -> Any:
    return person(Role.ADVISOR, name="Ada")


def new(code: str = "incubated", language: str = "en") -> str:
    return f"{address('reading_new', language=language)}?indicator={code}"


def given(**fields: Any) -> dict[str, Any]:
    return {
        "value": "4",
        "on": "2019-06-30",
        "source": "Register of incubators",
        "request_key": str(uuid.uuid4()),
        **fields,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_indicator_is_chosen_first(language: str, indicator: Indicator, advisor: Any) -> None:
    IndicatorFactory(
        action=indicator.action,
        code="other",
        title={"fr": "École à côté", "en": "School nearby"},
    )
    client = signed(advisor)
    url = address("reading_new", language=language)
    assert "?indicator=incubated" in page_of(client, url)
    words = {"fr": "ecole", "en": "SCHOOL"}[language]
    found = page_of(client, f"{url}?q={words}")
    assert "?indicator=other" in found
    assert "?indicator=incubated" not in found


def test_an_unknown_indicator_is_not_found(indicator: Indicator, advisor: Any) -> None:
    assert signed(advisor).get(new("nothing")).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_is_sent_and_who_approves_is_named(
    language: str, indicator: Indicator, advisor: Any
) -> None:
    person(Role.PROGRAMME_MANAGER, name="Max")
    answer = signed(advisor).post(new(language=language), given(), follow=True)
    (reading,) = Reading.objects.all()
    assert (reading.value, reading.on, reading.declared_by) == (4, date(2019, 6, 30), advisor)
    assert reading.state == ReadingState.DECLARED
    words = {"fr": "Il comptera une fois approuvé par Max.", "en": "once approved by Max."}
    assert words[language] in answer.content.decode()


def test_the_sender_is_warned_where_nobody_can_approve(indicator: Indicator) -> None:
    alone = person(Role.PROGRAMME_MANAGER)
    answer = signed(alone).post(new(), given(), follow=True)
    assert "Nobody else can approve it yet" in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [
        ("fr", "1 234,5", "1234.5"),
        ("en", "1,234.5", "1234.5"),
        ("fr", "12 %", "12"),
        ("en", "12.25", "12.25"),
    ],
)
def test_numbers_are_read_as_people_write_them(
    language: str, typed: str, value: str, advisor: Any
) -> None:
    IndicatorFactory(code="amount", unit="euros")
    signed(advisor).post(new("amount", language), given(value=typed))
    assert Reading.objects.get().value == Decimal(value)


def test_sent_twice_it_makes_one(indicator: Indicator, advisor: Any) -> None:
    client, form = signed(advisor), given()
    first, second = client.post(new(), form), client.post(new(), form)
    assert first.url == second.url
    assert Reading.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"value": "many"}, "value"),
        ({"value": "1.5"}, "value"),
        ({"value": "9" * 40}, "value"),
        ({"on": "2999-01-01"}, "on"),
        ({"on": "yesterday"}, "on"),
        ({"source": ""}, "source"),
        ({"link": "javascript:alert(1)"}, "link"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(
    fields: dict[str, str], field: str, indicator: Indicator, advisor: Any
) -> None:
    form = given(note="Ask Zoé.", **fields)
    answer = signed(advisor).post(new(), form)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    for name in ("value", "on", "source", "note"):
        assert answer.context["form"][name].value() == form[name]
    assert not Reading.objects.exists()


def test_a_document_outlives_a_refusal(indicator: Indicator, advisor: Any) -> None:
    client = signed(advisor)
    upload = SimpleUploadedFile("Relevé.pdf", PDF)
    refused = client.post(new(), given(value="many", document=upload))
    kept = refused.context["form"]["document_kept"].value()
    assert "Relevé.pdf" in refused.content.decode()
    client.post(new(), given(document_kept=kept))
    reading = Reading.objects.get()
    assert reading.document is not None
    assert reading.document.name == "Relevé.pdf"
    assert StoredFile.objects.count() == 1


def test_a_kept_document_is_its_owners_alone(indicator: Indicator, advisor: Any) -> None:
    refused = signed(advisor).post(
        new(), given(value="many", document=SimpleUploadedFile("a.pdf", PDF))
    )
    kept = refused.context["form"]["document_kept"].value()
    for token in (kept, "anything"):
        signed(person(Role.ADVISOR)).post(new(), given(document_kept=token, value="5"))
    assert not Reading.objects.filter(document__isnull=False).exists()


def test_a_dangerous_document_is_refused(indicator: Indicator, advisor: Any) -> None:
    page = SimpleUploadedFile("page.pdf", b"<html><script>1</script></html>")
    answer = signed(advisor).post(new(), given(document=page))
    assert answer.context["form"].errors["document"]
    assert not Reading.objects.exists()


def test_a_share_says_out_of_how_many(advisor: Any) -> None:
    IndicatorFactory(code="share", aggregation=Aggregation.RATIO, unit="percent")
    client = signed(advisor)
    missing = client.post(new("share"), given())
    assert list(missing.context["form"].errors) == ["denominator"]
    client.post(new("share"), given(denominator="40"))
    assert Reading.objects.get().denominator == 40


def test_what_was_typed_comes_back_until_it_is_sent(indicator: Indicator, advisor: Any) -> None:
    client = signed(advisor)
    old_key = str(uuid.uuid4())
    typed = {"value": ["7"], "note": ["Half way"], "request_key": [old_key]}
    drafts.save(f"account:{advisor.pk}", "plan.reading:incubated", typed)
    form = client.get(new()).context["form"]
    assert (form["value"].value(), form["note"].value()) == ("7", "Half way")
    assert str(form["request_key"].value()) != old_key
    client.post(new(), given())
    assert not Draft.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_returned_figure_is_mended_by_its_author(
    language: str, indicator: Indicator, advisor: Any
) -> None:
    reading = ReadingFactory(indicator=indicator, state=ReadingState.RETURNED, declared_by=advisor)
    client, url = signed(advisor), address("reading_mend", reading.pk, language=language)
    page = page_of(client, url)
    assert "The source is not the right one." in page
    client.post(url, given(source="Another register"))
    reading.refresh_from_db()
    assert (reading.state, reading.source) == (ReadingState.DECLARED, "Another register")
    assert Reading.objects.count() == 1


def test_correcting_keeps_the_figure_in_force(indicator: Indicator, advisor: Any) -> None:
    reading = ReadingFactory(indicator=indicator, value=Decimal(3))
    client, url = signed(advisor), address("reading_mend", reading.pk)
    assert client.get(url).context["form"]["value"].value() == "3"
    client.post(url, given(value="4"))
    correction = Reading.objects.get(corrects=reading)
    assert (correction.value, correction.state) == (4, ReadingState.DECLARED)
    reading.refresh_from_db()
    assert reading.state == ReadingState.APPROVED


def test_a_correction_that_changes_nothing_is_refused(indicator: Indicator, advisor: Any) -> None:
    reading = ReadingFactory(indicator=indicator)
    form = {
        "value": "3",
        "on": reading.on.isoformat(),
        "source": reading.source,
        "request_key": str(uuid.uuid4()),
    }
    answer = signed(advisor).post(address("reading_mend", reading.pk), form)
    assert "there is nothing to correct" in answer.content.decode()


def test_what_is_neither_returned_nor_approved_is_not_mended(
    indicator: Indicator, advisor: Any
) -> None:
    reading = ReadingFactory(indicator=indicator, state=ReadingState.DECLARED, declared_by=advisor)
    answer = signed(advisor).get(address("reading_mend", reading.pk))
    assert answer.url == address("reading", reading.pk)
    other = ReadingFactory(indicator=indicator, state=ReadingState.RETURNED)
    assert signed(advisor).get(address("reading_mend", other.pk)).status_code == 404


@pytest.mark.parametrize("role", [Role.MEMBER, Role.JUROR, Role.COMMITTEE_MEMBER])
def test_others_give_no_figures(role: Role, indicator: Indicator) -> None:
    client = signed(person(role))
    assert client.get(new()).status_code == 403
    assert client.post(new(), given()).status_code == 403


def test_the_form_says_what_a_figure_does_to_the_earlier_ones(
    indicator: Indicator, advisor: Any
) -> None:
    IndicatorFactory(action=indicator.action, code="state", aggregation="latest")
    client = signed(advisor)
    assert "give only what is new" in page_of(client, new())
    assert "takes the place of those of an earlier day" in page_of(client, new("state"))


def test_whoever_declares_the_same_again_is_told_that_they_did(
    indicator: Indicator, advisor: Any
) -> None:
    client = signed(advisor)
    assert client.post(new(), given()).status_code == 302
    again = client.post(new(), given()).content.decode()
    assert "You already declared this figure" in again
    other = signed(person(Role.ADVISOR, name="Bob")).post(new(), given()).content.decode()
    assert "Ada already declared this figure" in other
