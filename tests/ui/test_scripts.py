"""The scripts, in a real browser: typing is kept, `/` searches, menus and dialogs let go."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from diapason import ui
from tests.browser.install import find

pytestmark = pytest.mark.browser

DIST = Path(ui.__file__).parent / "dist" / "ui"
SITE = "http://site.test"
PAGE = """<!doctype html><html lang="en"><title>Page</title><body>
<input type="search" data-search aria-label="Search">
<details class="menu"><summary>Menu</summary><a href="#there">There</a></details>
<button type="button" data-opens="asked">Ask</button>
<dialog id="asked"><button type="button" data-close>Cancel</button></dialog>
<form method="post" data-autosave="/save">
<input type="hidden" name="csrfmiddlewaretoken" value="token">
<textarea name="words" aria-label="Words">SERVED</textarea>
<span class="saved"><span data-saved data-saving="Saving" data-done="Saved" data-local="Kept here"
></span></span><button>Send</button></form>
<script src="/ui.js"></script></body></html>"""


# A form that is filled in where the network drops, and the page that says what arrived.
KEPT_FORM = """<!doctype html><html lang="en"><title>Page</title><body>
<form method="post" action="/sent" data-autosave="/save" data-keep>
<input type="hidden" name="request_key" value="KEY">
<label><input type="checkbox" name="needs" value="place">Place</label>
<label><input type="checkbox" name="needs" value="funding">Funding</label>
<textarea name="words" aria-label="Words"></textarea>
<span class="saved"><span data-saved></span></span><button>Send</button></form>
<script src="/ui.js"></script></body></html>"""
ARRIVED = """<!doctype html><html lang="en"><title>Page</title><body>
<div hidden data-kept="KEY"></div><script src="/ui.js"></script></body></html>"""


@pytest.fixture(scope="module")
def browser():
    path = find()
    if path is None:
        message = "no Chromium: run `make setup`"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=options)
        yield running
        running.close()


class Site:
    """A page whose server may be away; keeps what was posted to it."""

    def __init__(self, page):
        self.page, self.posted, self.away = page, [], False
        self.served, self.keys = "", 0
        page.route(f"{SITE}/**", self.answer)
        page.goto(SITE)

    def answer(self, route):
        path = route.request.url.removeprefix(SITE)
        if path == "/ui.js":
            body = (DIST / "diapason.js").read_text("utf-8")
            route.fulfill(body=body, content_type="text/javascript")
        elif path in {"/save", "/sent"} and self.away:
            route.abort()
        elif path.startswith("/notes"):
            # The server gives each form a key of its own.
            self.keys += 1
            body = KEPT_FORM.replace("KEY", f"key-{self.keys}")
            route.fulfill(body=body, content_type="text/html")
        elif path.startswith("/arrived"):
            body = ARRIVED.replace("KEY", path.partition("?")[2])
            route.fulfill(body=body, content_type="text/html")
        elif path == "/save":
            self.posted.append(route.request.post_data)
            route.fulfill(status=204)
        else:
            route.fulfill(body=PAGE.replace("SERVED", self.served), content_type="text/html")

    @property
    def note(self):
        return self.page.locator("[data-saved]")

    def wait_for_note(self, words):
        self.page.wait_for_function(
            "words => document.querySelector('[data-saved]').textContent === words", arg=words
        )


@pytest.fixture
def site(browser):
    context = browser.new_context()
    yield Site(context.new_page())
    context.close()


def test_what_is_typed_is_saved_within_three_seconds(site):
    site.page.fill("textarea", "a studio")
    site.page.wait_for_function(
        "document.querySelector('[data-saved]').textContent === 'Saved'", timeout=3000
    )
    assert site.posted == ["csrfmiddlewaretoken=token&words=a+studio"]


def test_nothing_is_sent_while_nothing_changed(site):
    site.page.evaluate("dispatchEvent(new Event('online'))")
    site.page.wait_for_timeout(200)
    assert site.posted == []


def test_without_network_the_words_stay_here_and_come_back(site):
    site.away = True
    site.page.fill("textarea", "a studio")
    site.wait_for_note("Kept here")
    stored = site.page.evaluate("Object.values(localStorage).map(JSON.parse)")
    assert stored == [{"typed": "words=a+studio", "known": "words="}]
    site.away = False
    site.page.reload()
    site.wait_for_note("Saved")
    assert site.page.input_value("textarea") == "a studio"
    assert site.posted[-1].endswith("words=a+studio")
    assert site.page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize(
    ("served", "shown"), [("a", "a studio"), ("a workshop", "a workshop")], ids=["same", "changed"]
)
def test_the_words_come_back_unless_the_field_was_filled_in_elsewhere(site, served, shown):
    site.served = "a"
    site.page.reload()
    site.away = True
    site.page.fill("textarea", "a studio")
    site.wait_for_note("Kept here")
    site.away, site.served = False, served
    site.page.reload()
    site.wait_for_note("Saved")
    assert site.page.input_value("textarea") == shown


def test_when_the_network_is_back_it_is_sent_at_once(site):
    site.away = True
    site.page.fill("textarea", "a studio")
    site.wait_for_note("Kept here")
    site.away = False
    site.page.evaluate("dispatchEvent(new Event('online'))")
    site.wait_for_note("Saved")
    assert len(site.posted) == 1


def kept(site):
    return site.page.evaluate("localStorage.length")


def test_notes_survive_a_network_that_drops_in_the_middle_of_sending(site):
    site.page.goto(f"{SITE}/notes")
    site.away = True
    site.page.check("[value=funding]")
    site.page.fill("textarea", "They hire")
    # The browser believes in its network, and the sending fails.
    site.page.click("button")
    site.page.wait_for_timeout(300)
    site.away = False
    site.page.goto(f"{SITE}/notes")
    assert site.page.input_value("textarea") == "They hire"
    assert site.page.is_checked("[value=funding]")
    assert not site.page.is_checked("[value=place]")


def test_notes_stay_in_the_browser_until_the_server_says_that_they_arrived(site):
    site.page.goto(f"{SITE}/notes")
    site.page.fill("textarea", "They hire")
    assert kept(site) == 1
    site.page.click("button")
    site.page.goto(f"{SITE}/arrived?key-of-another")
    assert kept(site) == 1
    site.page.goto(f"{SITE}/arrived?key-1")
    assert kept(site) == 0


def test_the_slash_goes_to_the_search_box_but_not_while_typing(site):
    site.page.keyboard.press("/")
    assert site.page.evaluate("document.activeElement.type") == "search"
    site.page.focus("textarea")
    site.page.keyboard.type("1/2")
    assert site.page.input_value("textarea") == "1/2"


def test_escape_closes_the_menu_and_gives_the_focus_back(site):
    site.page.click("summary")
    site.page.focus("details a")
    site.page.keyboard.press("Escape")
    assert site.page.evaluate("document.querySelector('details').open") is False
    assert site.page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_dialog_opens_and_closes_and_gives_the_focus_back(site):
    site.page.click("[data-opens]")
    assert site.page.locator("dialog").is_visible()
    site.page.click("[data-close]")
    assert not site.page.locator("dialog").is_visible()
    assert site.page.evaluate("document.activeElement.textContent") == "Ask"
