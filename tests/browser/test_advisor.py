"""What may go wrong while a figure is given: nothing that was typed is lost, or counts twice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from diapason.plan.models import Reading
from tests.browser.world import PDF, SAID_ON

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SOURCE, NOTE = "Door counter, June", "The counter was away on the first."


@pytest.fixture
def form(world, journey, words) -> Page:
    """The advisor's page where a figure is given."""
    page = journey.open()
    journey.enter(page, world.advisor)
    page.goto(journey.address("plan:reading_new") + "?indicator=visits")
    return page


def field(page: Page, label: str) -> Locator:
    return page.locator("main").get_by_label(label, exact=False).first


def fill(page: Page, words, value: str) -> None:
    field(page, words("Value")).fill(value)
    field(page, words("Date of the figure")).fill(SAID_ON.isoformat())
    field(page, words("Where it comes from")).fill(SOURCE)
    field(page, words("Note for the person who approves")).fill(NOTE)


def expect_what_was_typed(page: Page, words, value: str) -> None:
    expect(field(page, words("Value"))).to_have_value(value)
    expect(field(page, words("Date of the figure"))).to_have_value(SAID_ON.isoformat())
    expect(field(page, words("Where it comes from"))).to_have_value(SOURCE)
    expect(field(page, words("Note for the person who approves"))).to_have_value(NOTE)


def sent() -> list[Reading]:
    return list(Reading.objects.filter(source=SOURCE))


def test_a_wrong_number_is_told_beside_its_field_and_nothing_is_lost(form, words, tmp_path):
    document = tmp_path / "counter.pdf"
    document.write_bytes(PDF)
    fill(form, words, "three hundred")
    field(form, words("Document")).set_input_files(document)
    form.get_by_role("button", name=words("Send for approval")).click()

    value = field(form, words("Value"))
    expect(value).to_have_attribute("aria-invalid", "true")
    said = form.locator(".field", has=form.get_by_label(words("Value"), exact=True)).locator(
        ".field-error"
    )
    expect(said).to_have_count(1)
    expect(said).to_contain_text("three hundred")
    assert said.get_attribute("id") in (value.get_attribute("aria-describedby") or "")
    expect(form.locator("[data-error-summary]")).to_be_focused()
    expect_what_was_typed(form, words, "three hundred")
    expect(form.get_by_text(re.compile("counter.pdf"))).to_be_visible()
    assert sent() == []

    value.fill("345")
    form.get_by_role("button", name=words("Send for approval")).click()
    expect(form.get_by_role("link", name="counter.pdf")).to_be_visible()
    assert [(row.value, row.note, row.document.name) for row in sent()] == [
        (345, NOTE, "counter.pdf")
    ]


def test_a_double_click_gives_one_figure(form, words):
    fill(form, words, "345")
    form.get_by_role("button", name=words("Send for approval")).dblclick()
    expect(form.locator("main").get_by_text(words("To approve"), exact=True)).to_be_visible()
    assert len(sent()) == 1


def test_somebody_who_leaves_half_way_finds_what_they_typed(form, journey, world, words):
    fill(form, words, "345")
    expect(form.locator("[data-saved]")).to_have_text(words("Saved"))
    form.context.close()

    page = journey.open()
    journey.enter(page, world.advisor)
    page.goto(journey.address("plan:reading_new") + "?indicator=visits")
    expect_what_was_typed(page, words, "345")
    page.get_by_role("button", name=words("Send for approval")).click()
    expect(page.locator("main").get_by_text(words("To approve"), exact=True)).to_be_visible()
    page.goto(journey.address("plan:reading_new") + "?indicator=visits")
    expect(field(page, words("Value"))).to_have_value("")
    assert len(sent()) == 1


@pytest.fixture
def away(form, journey, words) -> Page:
    """The page of somebody who loses the network after what they typed first was saved."""
    journey.expects("ERR_INTERNET_DISCONNECTED")
    fill(form, words, "3")
    expect(form.locator("[data-saved]")).to_have_text(words("Saved"))
    form.context.set_offline(True)
    field(form, words("Value")).fill("345")
    expect(form.locator("[data-saved]")).to_have_text(
        words("Kept on this device: the network is away")
    )
    return form


def test_what_is_typed_without_network_is_saved_when_it_is_back(away, words):
    away.context.set_offline(False)
    expect(away.locator("[data-saved]")).to_have_text(words("Saved"))
    away.reload()
    expect_what_was_typed(away, words, "345")
    assert sent() == []


def test_what_was_typed_without_network_is_there_after_the_page_was_closed(away, words):
    context, address = away.context, away.url
    away.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.locator("[data-saved]")).to_have_text(words("Saved"))
    expect_what_was_typed(again, words, "345")


def test_a_figure_sent_without_network_stays_on_the_page_until_it_goes(away, words):
    send = away.get_by_role("button", name=words("Send for approval"))
    send.click()
    expect_what_was_typed(away, words, "345")
    away.context.set_offline(False)
    expect(away.locator("[data-saved]")).to_have_text(words("Saved"))
    send.click()
    expect(away.locator("main").get_by_text(words("To approve"), exact=True)).to_be_visible()
    assert [row.value for row in sent()] == [345]
