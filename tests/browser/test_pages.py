"""Every page as people meet it: axe finds nothing, the security policy blocks nothing, nothing
scrolls sideways; in both languages, on a phone (and, in the first language, on a desk), full, empty
and with errors. A translated page has the same marks around other words: `make prove` has axe look
at it too."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.browser.conftest import watched
from tests.browser.sites import ROOT, Site, empty_site, full_site
from tests.trust.careless import page as made_page
from tests.trust.routes import Route, walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

__all__ = ["empty_site", "full_site"]  # fixtures

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ROUTES = [route for route in walk() if not route.faults()]
DESK, PHONE = (1440, 900), (390, 844)
FIRST = "fr"
PROVING = bool(os.environ.get("DIAPASON_PROVE"))
PICTURES = ROOT / "var" / "screenshots"
# axe would ask for the style sheet again on each page, for a single rule (css-orientation-lock):
# `test_nothing_is_locked_to_an_orientation` looks for it once.
_LOOK = """async (preload = false) => {
  const found = await axe.run(document, { resultTypes: ['violations'], preload });
  return found.violations.map(one => one.id + ': ' + one.help + ' — ' +
    one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | '));
}"""
# A form that asks something, sent empty: what the page says then is a page too.
_ASKS = """() => {
  const asks = 'input:not([type=hidden]):not([type=submit]), textarea';
  const form = [...document.querySelectorAll('main form')].find(
    one => one.method === 'post' && one.querySelector(asks));
  if (!form) return false;
  form.querySelectorAll('textarea, input:not([type=hidden]):not([type=checkbox])' +
    ':not([type=radio]):not([type=submit])').forEach(field => { field.value = ''; });
  form.noValidate = true;
  form.setAttribute('data-sent-empty', '');
  return true;
}"""
_SEND = """() => {
  const form = document.querySelector('[data-sent-empty]');
  const button = form.querySelector('button[type=submit], button:not([type])');
  setTimeout(() => button ? form.requestSubmit(button) : form.requestSubmit(), 0);
}"""
# What the browser says of an answer that is a file to keep, or no page at all.
_NO_PAGE = ("Download is starting", "ERR_ABORTED", "ERR_HTTP_RESPONSE_CODE_FAILURE")


class Visitor:
    """A browser for each kind of person, signed in, on a site; each goes from page to page in one
    tab, which is several times faster than a new one for each page."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser, self.site = browser, site
        self.tabs: dict[str, tuple[Page, list[str]]] = {}

    def tab(self, role: str) -> tuple[Page, list[str]]:
        """The person's tab, and what the browser complains of in it from now on."""
        if role not in self.tabs:
            context = self.browser.new_context(reduced_motion="reduce")
            context.add_init_script(path=AXE)
            if role in self.site.names["sessions"]:
                session = self.site.names["sessions"][role]
                context.add_cookies([{"name": "sessionid", "value": session, "url": self.site.url}])
            page = context.new_page()
            self.tabs[role] = page, watched(page)
        page, complaints = self.tabs[role]
        complaints.clear()
        return page, complaints

    def leave(self, role: str) -> None:
        """Close the person's tab: their next page opens in a new one."""
        page, _complaints = self.tabs.pop(role)
        page.context.close()

    def addresses(self, route: str, language: str) -> list[dict[str, str]]:
        return [
            told
            for told in self.site.names["pages"]
            if told["route"] == route and told["language"] == language
        ]


@pytest.fixture(scope="module")
def full(browser: Browser, full_site: Site) -> Visitor:
    return Visitor(browser, full_site)


@pytest.fixture(scope="module")
def empty(browser: Browser, empty_site: Site) -> Visitor:
    return Visitor(browser, empty_site)


def look(
    page: Page,
    where: str,
    widths: Iterable[tuple[int, int]] = (DESK, PHONE),
    with_axe: bool = True,
) -> list[str]:
    """What is wrong with what the page shows, at these widths."""
    found = []
    for width, height in widths:
        page.set_viewport_size({"width": width, "height": height})
        if with_axe:
            found += [f"{where} at {width}: {fault}" for fault in page.evaluate(_LOOK)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{where} at {width}: it is {wide} wide and scrolls sideways")
        if os.environ.get("DIAPASON_SCREENSHOTS") == "1":
            name = re.sub(r"[^\w.-]+", "-", where).strip("-")
            page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
    return found


def visit(visitor: Visitor, told: dict[str, str], state: str) -> list[str]:
    """What is wrong with a page, and with what it says of an empty form."""
    page, complaints = visitor.tab(told["role"])
    where = f"{told['language']} {told['route']} {state}"
    answer = _open(page, visitor.site.url + told["url"])
    if answer is None:
        # The browser is still about to show its own page for this.
        visitor.leave(told["role"])
        return []
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return []
    if not page.evaluate("document.doctype !== null"):
        return []  # a part of a page, which its page is looked at with
    # Another language changes words, not the drawing: it is looked at where words fit least.
    is_first = told["language"] == FIRST
    looked_at = (DESK, PHONE) if is_first else (PHONE,), is_first or PROVING
    found = look(page, where, *looked_at)
    if state == "full" and page.evaluate(_ASKS):
        with page.expect_navigation():
            page.evaluate(_SEND)
        if page.locator(".error-summary, .field-error").count():
            found += look(page, f"{where} with errors", *looked_at)
    if answer.status != 200:
        # Said by the browser of every answer that is not a success, and sometimes late.
        complaints[:] = [said for said in complaints if "Failed to load resource" not in said]
        visitor.leave(told["role"])
    return found + [f"{where}: {said}" for said in complaints]


def _open(page: Page, url: str) -> Any:
    try:
        return page.goto(url)
    except Error as error:
        if any(said in str(error) for said in _NO_PAGE):
            return None
        raise


@pytest.mark.parametrize("language", [FIRST, pytest.param("en", marks=pytest.mark.proof)])
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_the_page_is_for_everybody(
    route: Route, language: str, full: Visitor, empty: Visitor
) -> None:
    found: list[str] = []
    for visitor, state in ((full, "full"), (empty, "empty")):
        for told in visitor.addresses(route.name, language):
            found += visit(visitor, told, state)
    assert not found, "\n" + "\n".join(dict.fromkeys(found))


def test_nothing_is_locked_to_an_orientation(full: Visitor) -> None:
    for route in ("site:home", "site:day"):
        told = full.addresses(route, FIRST)[0]
        page, _complaints = full.tab(told["role"])
        page.goto(full.site.url + told["url"])
        assert page.evaluate(_LOOK, True) == []


# A planted fault of each sort must be found.


def planted(full: Visitor, body: str, policy: str = "") -> tuple[list[str], list[str]]:
    page, complaints = full.tab("planted")
    headers = {"content-security-policy": policy} if policy else {}
    page.route(
        "**/planted/",
        lambda route: route.fulfill(
            body=made_page(body), content_type="text/html; charset=utf-8", headers=headers
        ),
    )
    page.goto(full.site.url + "/planted/")
    found = look(page, "planted")
    page.unroute("**/planted/")
    return found, list(complaints)


def test_a_good_page_is_good(full: Visitor) -> None:
    assert planted(full, "<p>Words</p>") == ([], [])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param('<p style="color:#bbb;background:#fff">Pale</p>', "contrast", id="contrast"),
        pytest.param('<input name="a">', "label", id="label"),
        pytest.param('<div style="width:2000px">Wide</div>', "sideways", id="width"),
        pytest.param('<button aria-expanded="maybe">Go</button>', "aria", id="aria"),
    ],
)
def test_a_planted_fault_is_found(full: Visitor, body: str, told: str) -> None:
    found, _complaints = planted(full, body)
    assert any(told in fault.lower() for fault in found), found


def test_a_violation_of_the_policy_is_found(full: Visitor) -> None:
    policy = "default-src 'none'; style-src 'self'"
    _found, complaints = planted(full, '<p style="color:#000">Words</p>', policy)
    assert any("Content Security Policy" in said for said in complaints)
