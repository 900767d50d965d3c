"""A figure's way: given with its document, approved by somebody else, seen, and taken away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import Fingers, Keyboard, Pointer
from tests.browser.world import (
    ACTION,
    INDICATOR,
    PDF,
    SAID_ON,
    downloaded,
    figure,
    rows_of,
    total,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GIVEN, BEFORE, AFTER, PROMISED = 345, 1200, 1545, 2000
SOURCE = "Door counter, June"


@dataclass(frozen=True)
class Way:
    """How somebody uses the site."""

    hands: type[Pointer]
    options: dict[str, Any]


WAYS = {
    "keyboard": Way(Keyboard, {}),
    "without-scripts": Way(Pointer, {"java_script_enabled": False}),
    "phone": Way(
        Fingers,
        {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    ),
}


def written(number: int, language: str) -> str:
    return f"{number:,}".replace(",", {"fr": " ", "en": ","}[language])


def figures_on_screen(page: Page, journey: Any) -> str:
    """What the plan's screen says of the indicator in 2019."""
    row = page.get_by_role("row").filter(
        has=page.get_by_role("link", name=journey.words.of(ACTION), exact=True)
    )
    cell = row.locator("td[data-label='2019']")
    expect(cell).to_be_visible()
    return re.sub(r"\s+", " ", cell.inner_text())


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_figure_is_given_approved_and_moves_the_plan(world, journey, words, way, tmp_path):
    document = tmp_path / "counter.pdf"
    document.write_bytes(PDF)
    before, given, after, promised = (
        written(number, words.language) for number in (BEFORE, GIVEN, AFTER, PROMISED)
    )

    # The advisor opens the plan, and gives a figure with its document.
    page = journey.open(**way.options)
    hands = way.hands(page)
    journey.sign_in(page, world.advisor, hands)
    hands.go(words("The plan"))
    assert f"{before} / {promised}" in figures_on_screen(page, journey)
    hands.follow(page.locator("main").get_by_role("link", name=words.of(ACTION), exact=True))
    hands.follow(page.get_by_role("link", name=words.of(INDICATOR), exact=True))
    expect(figure(page)).to_contain_text(before)
    hands.follow(page.get_by_role("link", name=words("Give a figure")))
    hands.write(page.get_by_label(words("Value"), exact=True), given)
    hands.say_day(page.get_by_label(words("Date of the figure")), SAID_ON)
    hands.write(page.get_by_label(words("Where it comes from")), SOURCE)
    hands.hand_in(page.get_by_label(words("Document")), document)
    hands.follow(page.get_by_role("button", name=words("Send for approval")))
    people = words("%(names)s or %(last)s", names=world.manager.name, last=world.operator.name)
    said = words("Sent. It counts once approved by %(people)s.", people=people)
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
    expect(page.locator("main").get_by_text(words("To approve"), exact=True)).to_be_visible()
    page.goto(journey.address("plan:indicator", "visits"))
    expect(figure(page)).to_contain_text(before)
    page.context.close()

    # Another person finds it on their day, and approves it.
    page = journey.open(**way.options)
    hands = way.hands(page)
    journey.sign_in(page, world.manager, hands)
    title = words("Approve the figure of “%(indicator)s”", indicator=words.of(INDICATOR))
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    hands.follow(page.get_by_role("link", name=title))
    expect(page.get_by_role("link", name="counter.pdf")).to_be_visible()
    hands.follow(page.get_by_role("button", name=words("Approve this figure")))
    expect(page.get_by_role("status").filter(has_text=words("Approved."))).to_contain_text(after)

    # The figure has moved by just that much, and shows what it is made of.
    hands.go(words("The plan"))
    assert f"{after} / {promised}" in figures_on_screen(page, journey)
    hands.follow(page.locator("main").get_by_role("link", name=words.of(ACTION), exact=True))
    hands.follow(page.get_by_role("link", name=words.of(INDICATOR), exact=True))
    expect(figure(page)).to_contain_text(after)
    row = page.get_by_role("row").filter(has_text=SOURCE)
    expect(row).to_have_count(1)
    expect(row).to_contain_text(given)

    # Taken away, its rows give the same sum.
    for name, path in (("CSV", "rows.csv"), (words("Spreadsheet"), "rows.xlsx")):
        with downloaded(page, tmp_path / path) as file:
            hands.press(page.get_by_role("link", name=name, exact=True))
        rows = rows_of(file)
        assert len(rows) == 3
        assert total(rows, words("Value")) == Decimal(AFTER)
