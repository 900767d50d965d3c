"""Somebody who is invited by letter, accepts, and signs in with a code."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from diapason.directory.contracts import Role
from tests.browser.hands import Pointer
from tests.directory.factories import OrganisationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL, NAME = "nadia@example.org", "Nadia Newcomer"


def test_an_invitation_leads_to_an_account_with_its_role(
    world, journey, words, settings, mailoutbox
):
    settings.BASE_URL = journey.url
    OrganisationFactory(name={"fr": "Le Damier", "en": "Le Damier"})
    page = journey.open()
    hands = Pointer(page)
    journey.sign_in(page, world.operator, hands)
    hands.go(words("Accounts and roles"))
    hands.follow(page.locator("main").get_by_role("link", name=words("Invite somebody")))
    page.get_by_label(words("E-mail address")).fill(EMAIL)
    page.get_by_label(words("Organisation")).select_option(label="Le Damier")
    page.get_by_label(words("Role"), exact=True).select_option(Role.ADVISOR.value)
    page.get_by_label(words("Language of the invitation")).select_option(words.language)
    hands.follow(page.get_by_role("button", name=words("Send the invitation")))
    expect(page.locator("main").get_by_text(EMAIL).first).to_be_visible()
    [letter] = mailoutbox
    assert letter.to == [EMAIL]
    [link] = set(re.findall(rf"{re.escape(journey.url)}\S*/invitation/\S+", letter.body))

    guest = journey.open()
    hands = Pointer(guest)
    guest.goto(link)
    told = words("%(organisation)s invites you", organisation="Le Damier")
    expect(guest.get_by_role("heading", level=1)).to_have_text(told)
    hands.write(guest.get_by_label(words("Your name")), NAME)
    hands.follow(guest.get_by_role("button", name=words("Accept the invitation")))
    guest.context.close()

    mailoutbox.clear()
    guest = journey.open()
    hands = Pointer(guest)
    guest.goto(journey.address("account_request_login_code"))
    hands.write(guest.get_by_label(words("E-mail address")), EMAIL)
    hands.follow(guest.get_by_role("button", name=words("Send me a code")))
    [letter] = mailoutbox
    [code] = set(re.findall(r"\b\d{6}\b", letter.body))
    wrong = f"{(int(code) + 1) % 10**6:06}"
    field = guest.locator("main input[name=code]")
    hands.write(field, wrong)
    hands.follow(guest.get_by_role("button", name=words("Continue")))
    expect(guest.locator(".field-error")).to_have_count(1)
    hands.write(field, code)
    hands.follow(guest.get_by_role("button", name=words("Continue")))
    guest.goto(journey.address("directory:account"))
    roles = guest.locator("section", has=guest.get_by_role("heading", name=words("My roles")))
    expect(roles).to_contain_text("Le Damier")
    expect(roles).to_contain_text(words("Advisor"))

    # The link served once.
    journey.expects("410 (Gone)")
    again = journey.open()
    again.goto(link)
    expect(again.get_by_role("button", name=words("Accept the invitation"))).to_have_count(0)
