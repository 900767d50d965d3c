"""Thirty projects assigned at once, by the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from diapason.desk.models import Assignment, Referral
from tests.browser.hands import Keyboard
from tests.desk.factories import CaseFactory, OfferFactory
from tests.directory.factories import OrganisationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_thirty_are_assigned_at_once_and_one_is_struck_out(world, journey, words):
    for name, seats in (("Hive", 14), ("Forge", 10), ("Nest", 8)):
        OfferFactory(
            structure=OrganisationFactory(name={"fr": name, "en": name}),
            needs=["advice"],
            seats=seats,
        )
    for number in range(31):
        CaseFactory(title=f"Project no. {number}")
    nobody = CaseFactory(title="A law suit", needs=["legal"])

    page = journey.open()
    hands = Keyboard(page)
    main = page.locator("main")
    journey.sign_in(page, world.manager, hands)
    page.goto(journey.address("desk:cases"))
    hands.follow(main.get_by_role("link", name=words("Assign the backlog")))
    hands.follow(main.get_by_role("button", name=words("See what an assignment would do")))

    boxes = main.get_by_role("checkbox")
    expect(boxes).to_have_count(31)
    expect(main).to_contain_text(words("No structure answers any of these needs."))
    struck = main.get_by_label("Project no. 7", exact=True)
    hands.reach(struck)
    page.keyboard.press("Space")
    expect(struck).not_to_be_checked()
    assert not Referral.objects.exists()

    hands.follow(main.get_by_role("button", name=words("Propose these projects")))
    told = words.many(
        "%(count)s project is proposed to a structure, which answers within a week.",
        "%(count)s projects are proposed to structures, which answer within a week.",
        30,
    )
    expect(page.get_by_text(told)).to_be_visible()
    expect(main.get_by_role("link", name="Project no. 7", exact=True)).to_be_visible()
    expect(main.get_by_role("link", name=nobody.title)).to_be_visible()
    assert Referral.objects.filter(assignment=Assignment.objects.get()).count() == 30
