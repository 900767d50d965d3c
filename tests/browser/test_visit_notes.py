"""Writing down a visit on a phone, in a cellar without a network: nothing is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from diapason.desk.models import Visit, VisitFinding
from tests.browser.hands import Fingers
from tests.desk.factories import VisitFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_notes_wait_on_the_phone_for_the_network(world, journey, words):
    visit = VisitFactory(visitor=world.advisor)
    page = journey.open(**PHONE)
    hands = Fingers(page)
    journey.sign_in(page, world.advisor, hands)
    page.goto(journey.address("desk:visit_notes", visit.pk))
    main = page.locator("main")
    journey.expects("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    main.locator("input[name=needs][value=place]").check()
    main.locator("input[name=difficulties][value=cash]").check()
    main.locator("textarea[name=notes]").fill("They look for a second room.")
    main.get_by_role("button", name=words("The visit is done")).click()
    # Nothing can leave: the form stays, and says that it keeps what was typed.
    expect(main.locator("[data-saved]")).not_to_be_empty()
    assert Visit.objects.get().state == "accepted"

    # The phone is put away, the page is closed; in the street it is opened again.
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(journey.address("desk:visit_notes", visit.pk))
    expect(main.locator("textarea[name=notes]")).to_have_value("They look for a second room.")
    expect(main.locator("input[name=needs][value=place]")).to_be_checked()
    hands.follow(main.get_by_role("button", name=words("The visit is done")))
    expect(main).to_contain_text(words("The visit is written down, and counts."))
    assert Visit.objects.get().state == "done"
    found = VisitFinding.objects.values_list("kind", "topic")
    assert set(found) == {("need", "place"), ("difficulty", "cash")}
    assert page.evaluate("localStorage.length") == 0
