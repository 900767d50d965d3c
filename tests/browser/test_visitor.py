"""A visitor's way from the home page to the rows behind a figure, in one language then the
other."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Pointer
from tests.browser.world import ACTION, INDICATOR, downloaded, figure, rows_of, total
from tests.plan.factories import ReadingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OTHER = {"fr": "en", "en": "fr"}


def test_a_visitor_goes_from_the_home_page_to_the_rows_of_a_figure(world, journey, words, tmp_path):
    for day, value, source in (
        (date(2018, 4, 4), 70, "Register 2018"),
        (date(2018, 9, 9), 30, "Register of the autumn"),
    ):
        ReadingFactory(indicator=world.visits, on=day, value=Decimal(value), source=source)
    page = journey.open()
    hands = Pointer(page)

    page.goto(journey.address("site:home"))
    hands.follow(page.get_by_role("link", name=words("See the plan on one screen")))
    hands.follow(page.locator("main").get_by_role("link", name=words.of(ACTION), exact=True))
    hands.follow(page.get_by_role("link", name=words.of(INDICATOR), exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(words.of(INDICATOR))
    expect(page.get_by_role("link", name=words("Give a figure"))).to_have_count(0)
    expect(figure(page)).to_contain_text(re.compile(r"1\W?200"))

    # Another period, then fewer rows of it.
    hands.follow(page.get_by_role("navigation", name=words("Period")).get_by_text("2018"))
    expect(figure(page)).to_contain_text("100")
    rows = page.locator("#evidence tbody tr")
    expect(rows).to_have_count(2)
    hands.say_day(page.get_by_label(words("From"), exact=True), date(2018, 7, 7))
    hands.follow(page.get_by_role("button", name=words("Filter")))
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Register of the autumn")
    expect(figure(page)).to_contain_text("100")
    with downloaded(page, tmp_path / "rows.csv") as file:
        hands.press(page.get_by_role("link", name="CSV", exact=True))
    found = rows_of(file)
    assert len(found) == 2
    assert total(found, words("Value")) == Decimal(30)

    # The other language shows the same page, narrowed alike.
    language = OTHER[words.language]
    hands.follow(page.locator(f".languages a[lang={language}]:visible"))
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", level=1)).to_have_text(INDICATOR[language])
    assert page.url.partition("?")[2].count("2018") == 2
    expect(rows).to_have_count(1)


def test_the_search_finds_an_indicator_by_a_word_of_its_title(world, journey, words):
    page = journey.open()
    page.goto(journey.address("site:home"))
    page.keyboard.press("/")
    page.keyboard.type({"fr": "visites", "en": "visits"}[words.language])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    Pointer(page).follow(
        page.locator("main").get_by_role("link", name=words.of(INDICATOR), exact=True)
    )
    expect(page).to_have_url(journey.address("plan:indicator", "visits"))
