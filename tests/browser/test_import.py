"""Many figures at once: the template filled in, a wrong cell told by its address, then sent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from diapason.plan.models import Reading
from tests.browser.hands import Pointer
from tests.browser.world import INDICATOR, downloaded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SOURCES = ["Register of the spring", "Register of the autumn"]


def test_a_spreadsheet_is_mended_where_it_says_then_sent(world, journey, words, tmp_path):
    page = journey.open()
    hands = Pointer(page)
    journey.sign_in(page, world.advisor, hands)
    hands.go(words("Figures"))
    hands.follow(page.locator("main").get_by_role("link", name=words("Import a spreadsheet")))
    with downloaded(page, tmp_path / "figures.xlsx") as file:
        hands.press(page.get_by_role("link", name=words("Template")))

    book = load_workbook(file)
    sheet: Any = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    for row, (value, source) in enumerate(zip([40, "many"], SOURCES, strict=True), start=2):
        sheet.cell(row, places[words("Indicator")], "visits")
        sheet.cell(row, places[words("Value")], value)
        sheet.cell(row, places[words("Date of the figure")], date(2019, 6, 6))
        sheet.cell(row, places[words("Source")], source)
    wrong = sheet.cell(3, places[words("Value")])
    book.save(file)

    hands.hand_in(page.get_by_label(words("Your spreadsheet")), file)
    hands.follow(page.get_by_role("button", name=words("Try this file")))
    faults = page.locator("section[aria-labelledby=errors-title] tbody tr")
    expect(faults).to_have_count(1)
    expect(faults.get_by_role("rowheader")).to_have_text(wrong.coordinate)
    expect(faults).to_contain_text("many")
    assert not Reading.objects.filter(source__in=SOURCES).exists()

    wrong.value = 60
    book.save(file)
    hands.hand_in(page.get_by_label(words("Your spreadsheet")), file)
    hands.follow(page.get_by_role("button", name=words("Try this file")))
    lines = page.locator("section[aria-labelledby=lines-title] tbody tr")
    expect(lines).to_have_count(2)
    expect(lines.first.get_by_role("rowheader")).to_have_text(words.of(INDICATOR))
    assert not Reading.objects.filter(source__in=SOURCES).exists()
    hands.follow(page.get_by_role("button", name=words("Send them for approval")))
    told = words.many(
        "%(count)s figure now waits for approval.", "%(count)s figures now wait for approval.", 2
    )
    expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()
    sent = Reading.objects.filter(source__in=SOURCES).order_by("value")
    assert [(row.value, row.state, row.declared_by) for row in sent] == [
        (40, "declared", world.advisor),
        (60, "declared", world.advisor),
    ]
