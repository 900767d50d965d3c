"""A target that changes: its former value and the reason stay for everybody to read."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Pointer
from tests.browser.world import figure

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "The steering committee of 6 June counts the new workshop."


def test_a_changed_target_keeps_its_former_value_and_says_why(world, journey, words):
    page = journey.open()
    hands = Pointer(page)
    journey.enter(page, world.manager)
    page.goto(journey.address("plan:indicator", "visits"))
    hands.follow(page.get_by_role("link", name=words("Change a target")))
    page.get_by_label(words("Period"), exact=True).select_option("2019")
    page.get_by_label(words("The target is")).select_option(label=words("at least a value"))
    hands.write(page.get_by_label(words("Value"), exact=True), "2500")
    change = page.get_by_role("button", name=words("Change the target"))
    hands.follow(change)
    # A target does not change without a reason; nothing that was chosen is lost.
    expect(page.locator(".field-error")).to_have_count(1)
    expect(page.get_by_label(words("Value"), exact=True)).to_have_value("2500")
    hands.write(page.get_by_label(words("Why it changes")), REASON)
    hands.follow(change)

    visitor = journey.open()
    visitor.goto(journey.address("plan:indicator", "visits"))
    number = {"fr": "2 500", "en": "2,500"}[words.language]
    expect(figure(visitor)).to_contain_text(number)
    targets = visitor.locator("section[aria-labelledby=targets-title]")
    former = {"fr": "2 000", "en": "2,000"}[words.language]
    expect(targets.locator("li.was s")).to_have_text(former)
    expect(targets.locator("li:not(.was)")).to_contain_text(number)
    expect(targets).to_contain_text(REASON)
