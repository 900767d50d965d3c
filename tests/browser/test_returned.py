"""A figure that goes back to its author, and comes again mended."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Pointer
from tests.browser.world import INDICATOR, SAID_ON
from tests.plan.factories import ReadingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "The counter of the back door is missing."


def test_a_returned_figure_is_mended_and_its_history_shows_both(world, journey, words):
    reading = ReadingFactory(
        indicator=world.visits,
        on=SAID_ON,
        value=345,
        source="Door counter",
        state="declared",
        declared_by=world.advisor,
    )
    page = journey.open()
    hands = Pointer(page)
    journey.enter(page, world.manager)
    page.goto(journey.address("plan:reading", reading.pk))
    hands.press(page.get_by_text(words("Return it instead")))
    back = page.get_by_role("button", name=words("Return with these words"))
    hands.follow(back)
    # Without a reason it is refused, and the figure still waits.
    expect(page.locator(".field-error")).to_have_count(1)
    reading.refresh_from_db()
    assert reading.state == "declared"
    hands.write(page.get_by_label(words("What has to be mended")), REASON)
    hands.follow(back)
    told = words("Returned to %(person)s, with your words.", person=world.advisor.name)
    expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()

    author = journey.open()
    hands = Pointer(author)
    journey.enter(author, world.advisor)
    expect(author.get_by_text(REASON)).to_be_visible()
    title = words("Mend the figure of “%(indicator)s”", indicator=words.of(INDICATOR))
    hands.follow(author.get_by_role("link", name=title))
    expect(author.get_by_text(REASON)).to_be_visible()
    value = author.get_by_label(words("Value"), exact=True)
    expect(value).to_have_value("345")
    hands.write(value, "400")
    hands.follow(author.get_by_role("button", name=words("Send for approval")))
    expect(author.locator("main").get_by_text(words("To approve"), exact=True)).to_be_visible()

    page.reload()
    history = page.locator("section[aria-labelledby=history-title]")
    expect(history).to_contain_text(world.manager.name)
    expect(history).to_contain_text(REASON)
    expect(history).to_contain_text("345")
    expect(history).to_contain_text("400")
    Pointer(page).follow(page.get_by_role("button", name=words("Approve this figure")))
    reading.refresh_from_db()
    assert (reading.state, reading.value) == ("approved", 400)
