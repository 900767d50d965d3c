"""Somebody without an account, on a phone or with a keyboard alone: ask, leave half-way, come
back, send, follow; then the front desk finds the case."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from diapason.desk.models import Case
from tests.browser.hands import Fingers, Keyboard, Pointer
from tests.desk.factories import FrontDoorFactory, OfferFactory
from tests.directory.factories import OrganisationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TITLE = "The paper orchestra"


def tick(hands: Pointer, box: object, page: Page) -> None:
    if isinstance(hands, Keyboard):
        hands.reach(box)
        page.keyboard.press("Space")
    else:
        hands.press(box)


@pytest.fixture
def support(world) -> None:
    FrontDoorFactory(organisation=OrganisationFactory(name={"fr": "La Ruche", "en": "The Hive"}))
    OfferFactory(title="Studio B", needs=["place"])


@pytest.mark.parametrize(
    ("of", "options"), [(Fingers, PHONE), (Keyboard, {})], ids=["phone", "keyboard"]
)
def test_somebody_asks_leaves_comes_back_and_follows(support, journey, words, of, options):
    page = journey.open(**options)
    hands = of(page)
    main = page.locator("main")

    page.goto(journey.address("desk:support"))
    hands.follow(main.get_by_role("link", name=words("Ask for this")))
    expect(main.locator("input[value=place]")).to_be_checked()
    hands.write(main.locator("input[name=title]"), TITLE)
    tick(hands, main.locator("input[value=idea]"), page)
    hands.follow(main.get_by_role("button", name=words("Go on")))
    expect(page.get_by_role("heading", level=1)).to_have_text(words("To find the right people"))

    # They leave and come back: what they typed is there.
    page.goto(journey.address("desk:start"))
    expect(main.locator("input[name=title]")).to_have_value(TITLE)
    expect(main.locator("input[value=idea]")).to_be_checked()
    hands.follow(main.get_by_role("button", name=words("Go on")))
    hands.follow(main.get_by_role("button", name=words("Go on")))

    # A slip is told beside its field, and nothing else is lost.
    hands.write(main.get_by_label(words("Your name")), "Ada")
    hands.write(main.get_by_label(words("E-mail address")), "ada")
    tick(hands, main.locator("input[name=agreed]"), page)
    hands.follow(main.get_by_role("button", name=words("Send my request")))
    expect(main.locator(".field-error")).to_have_count(1)
    expect(main.get_by_label(words("Your name"))).to_have_value("Ada")
    hands.write(main.get_by_label(words("E-mail address")), "ada@example.org")
    hands.follow(main.get_by_role("button", name=words("Send my request")))

    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(main).to_contain_text(words("Your request has arrived."))
    expect(main).to_contain_text({"fr": "La Ruche", "en": "The Hive"}[words.language])
    assert re.search(r"/project/[0-9a-f]{64}/$", page.url)
    case = Case.objects.get()
    assert (case.needs, case.language) == (["place"], words.language)


def test_a_structure_is_found_for_it(support, world, journey, words):
    page = journey.open()
    hands = Pointer(page)
    main = page.locator("main")
    page.goto(journey.address("desk:start") + "?need=place")
    main.locator("input[name=title]").fill(TITLE)
    main.locator("input[value=idea]").check()
    for _screen in range(2):
        hands.follow(main.get_by_role("button", name=words("Go on")))
    main.get_by_label(words("Your name")).fill("Ada")
    main.get_by_label(words("E-mail address")).fill("ada@example.org")
    main.locator("input[name=agreed]").check()
    hands.follow(main.get_by_role("button", name=words("Send my request")))
    link = page.url

    desk = journey.open()
    hands = Keyboard(desk)
    journey.sign_in(desk, world.manager, hands)
    desk.goto(journey.address("desk:cases"))
    hands.follow(desk.get_by_role("link", name=TITLE))
    hands.follow(desk.get_by_role("button", name=words("Propose this project")))
    hands.follow(desk.get_by_role("button", name=words("Accept this project")))
    expect(desk.locator("main")).to_contain_text(words("Accepted"))

    page.goto(link)
    expect(main.get_by_role("heading", name=words("Who helps"))).to_be_visible()
    expect(main).to_contain_text(str(Case.objects.get().owner))

    # They talk on the case, each from their own page.
    main.get_by_label(words("Your message")).fill("When do we meet?")
    Pointer(page).follow(main.get_by_role("button", name=words("Send this message")))
    expect(main).to_contain_text(words("Your message is sent."))
    hands.follow(desk.get_by_role("link", name=words("Messages and documents")))
    expect(desk.locator("main")).to_contain_text("When do we meet?")
    hands.write(desk.get_by_label(words("Your message")), "On Tuesday.")
    hands.follow(desk.get_by_role("button", name=words("Send this message")))
    page.goto(link)
    expect(main).to_contain_text("On Tuesday.")
