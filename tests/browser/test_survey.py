"""A manager opens a survey; the enterprise answers by its link on a phone, leaves half-way and
comes back; staff verifies and closes; the figure that everybody reads moves."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from diapason.kernel import clock
from diapason.observatory import actions
from diapason.observatory.models import Answer, Campaign, Invitation
from tests.browser.hands import Fingers, Keyboard
from tests.directory.factories import OrganisationFactory
from tests.observatory.factories import AnswerFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NAMES = {"fr": "Label Fictif", "en": "Fictitious Label"}


def test_a_survey_from_its_opening_to_the_figure(world, journey, words):
    year = clock.today().year - 1
    enterprise = OrganisationFactory(name=NAMES, email="label@example.org", kind="company")

    # The manager opens it, by keyboard alone.
    desk = journey.open()
    hands = Keyboard(desk)
    journey.sign_in(desk, world.manager, hands)
    desk.goto(journey.address("observatory:survey_new"))
    expect(desk.locator("input[name=year]")).to_have_value(str(year))
    last = (clock.today() + timedelta(days=30)).isoformat()
    desk.locator("input[name=closes_on]").fill(last)
    hands.follow(desk.locator("main").get_by_role("button", name=words("Open this survey")))
    expect(desk.locator("main")).to_contain_text(words("Nobody is asked yet"))
    desk.locator("input[name=whom][value=every]").check()
    hands.follow(desk.locator("main").get_by_role("button", name=words("Send the letters")))
    expect(desk.locator("main")).to_contain_text(NAMES[words.language])
    survey = Campaign.objects.get()
    invitation = Invitation.objects.get(organisation=enterprise)
    assert invitation.sent_on == clock.today()
    AnswerFactory.create_batch(
        4, campaign=survey, turnover=100_000_00, abroad=0, organisation__kind="body"
    )

    # The enterprise answers on a phone, without an account.
    phone = journey.open(**PHONE)
    fingers = Fingers(phone)
    link = f"{journey.url}{urlsplit(actions.link_of(invitation)).path}"
    if words.language == "en":
        link = journey.address("observatory:respond", link.rstrip("/").rsplit("/", 1)[1])
    phone.goto(link)
    main = phone.locator("main")
    fingers.write(main.locator("input[name=turnover]"), "100000")
    fingers.follow(main.get_by_role("button", name=words("Finish later")))
    expect(main.locator("input[name=turnover]")).to_have_value("100000")

    # Half-way, it leaves, and comes back on another device; a slip is told beside its field.
    other = journey.open()
    other.goto(link)
    main = other.locator("main")
    expect(main).to_contain_text(words("Here is what you typed last time. It is not sent yet."))
    expect(main.locator("input[name=turnover]")).to_have_value("100000")
    keys = Keyboard(other)
    keys.write(main.locator("input[name=abroad]"), "200000")
    keys.follow(main.get_by_role("button", name=words("Send my answer")))
    expect(main.locator(".field-error")).to_have_count(1)
    keys.write(main.locator("input[name=abroad]"), "50000")
    keys.follow(main.get_by_role("button", name=words("Send my answer")))
    expect(main).to_contain_text(words("Thank you: your answer has arrived."))
    said = Answer.objects.get(organisation=enterprise)
    assert (said.turnover, said.abroad, said.status) == (100_000_00, 50_000_00, "declared")

    # Staff verifies it: the enterprise cannot change it any more.
    desk.goto(journey.address("observatory:answer", survey.pk, enterprise.pk))
    hands.press(desk.locator("main").get_by_text(words("Verify this answer")))
    hands.write(desk.locator("input[name=verified_with]"), "Accounts")
    hands.follow(desk.locator("main").get_by_role("button", name=words("It is right")))
    expect(desk.locator("main")).to_contain_text(words("The answer is verified."))
    phone.goto(link)
    expect(phone.locator("main")).to_contain_text(words("It was verified: thank you."))
    expect(phone.locator("input[name=turnover]")).to_have_count(0)

    # Once the manager closes the survey, the figure that everybody reads moves: 50,000 of 500,000
    # are made abroad.
    other.goto(journey.address("observatory:results"))
    expect(other.locator("main")).to_contain_text(
        words("This survey is still open. Its figures show here once it is closed.")
    )
    desk.goto(journey.address("observatory:survey", survey.pk))
    hands.press(desk.locator("main").get_by_text(words("Close this survey")))
    hands.follow(desk.locator("main").get_by_role("button", name=words("Close"), exact=True))
    expect(desk.locator("main")).to_contain_text(
        words("The survey is closed: its links take no answer any more.")
    )
    other.goto(journey.address("observatory:results"))
    share = {"fr": "10\u202f%", "en": "10%"}[words.language]
    expect(other.locator("main dl").first).to_contain_text(share)
    expect(other.locator("main")).to_contain_text(words("Share of turnover made abroad"))
