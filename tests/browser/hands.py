"""The ways in which people use a page: a pointer, fingers on a phone, the keyboard alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import gettext, ngettext, override
from playwright.sync_api import Locator, Page, expect

MOST_TABS = 150

# The ring may stand around what holds the element, such as the card that a link fills.
_RINGS = """element => {
  const rings = [];
  for (let one = element; one && rings.length < 5; one = one.parentElement) {
    const style = getComputedStyle(one);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    rings.push(outlined ? style.outline : style.boxShadow);
  }
  return rings;
}"""
_ON_SCREEN = """element => {
  const place = element.getBoundingClientRect();
  return place.width > 0 && place.bottom > 0 && place.top < innerHeight
    && place.right > 0 && place.left < innerWidth;
}"""
_HAS_FOCUS = "element => element === document.activeElement"
_IS_BEFORE_FOCUS = """element => Boolean(document.activeElement !== document.body
  && element.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING)"""


class Words:
    """The catalogue in one language: `words("Send for approval")`."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, message: str, **values: object) -> str:
        with override(self.language):
            told = gettext(message)
        return told % values if values else told

    def many(self, one: str, several: str, count: int, **values: object) -> str:
        with override(self.language):
            told = ngettext(one, several, count)
        return told % {"count": count, **values}

    def of(self, text: dict[str, str]) -> str:
        """The words of a text that has some in each language."""
        return text[self.language]


class Pointer:
    """Somebody with a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, wanted: Locator) -> None:
        """Press something that changes this page, or gives a file."""
        wanted.click()

    def follow(self, wanted: Locator) -> None:
        """Press something that leads to another page."""
        with self.page.expect_navigation():
            self.press(wanted)

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def say_day(self, field: Locator, day: date) -> None:
        field.fill(day.isoformat())

    def hand_in(self, field: Locator, path: Path) -> None:
        field.set_input_files(path)

    def go(self, name: str) -> None:
        """Follow a link of the navigation, in the menu where the screen is narrow."""
        self.follow(self._navigation(name))

    def _navigation(self, name: str) -> Locator:
        menu = self.page.locator("details.menu-wide > summary")
        if menu.is_visible():
            self.press(menu)
            panel = self.page.locator("details.menu-wide[open]")
            return panel.get_by_role("link", name=name).first
        return self.page.get_by_role("navigation").get_by_role("link", name=name).first


class Fingers(Pointer):
    """Somebody with a phone."""

    def press(self, wanted: Locator) -> None:
        wanted.tap()


class Keyboard(Pointer):
    """Somebody who only has a keyboard, and who must see where they are."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        # Listened for from the start: the window that chooses a file must never open by itself.
        page.on("filechooser", lambda _asked: None)

    def reach(self, wanted: Locator) -> None:
        """Tab until the element has the focus, then look whether that can be seen."""
        expect(wanted).to_be_visible()
        if not wanted.evaluate(_HAS_FOCUS):
            before = wanted.evaluate(_RINGS)
            self._tab_to(wanted)
            after = wanted.evaluate(_RINGS)
            rings = [new for old, new in zip(before, after, strict=True) if new != old]
            assert any(ring != "none" for ring in rings), f"nothing shows the focus of {wanted}"
        assert wanted.evaluate(_ON_SCREEN), f"{wanted} has the focus outside of the screen"

    def _tab_to(self, wanted: Locator) -> None:
        key = "Shift+Tab" if wanted.evaluate(_IS_BEFORE_FOCUS) else "Tab"
        element = wanted.element_handle()
        for _step in range(MOST_TABS):
            self.page.keyboard.press(key)
            if element.evaluate(_HAS_FOCUS):
                return
        pytest.fail(f"{MOST_TABS} times {key} do not reach {wanted}")

    def press(self, wanted: Locator) -> None:
        self.reach(wanted)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def say_day(self, field: Locator, day: date) -> None:
        """A day whose number is that of its month: the field's order of the two is the
        browser's."""
        assert day.day == day.month
        self.reach(field)
        self.page.keyboard.type(f"{day:%d%m%Y}")
        expect(field).to_have_value(day.isoformat())

    def hand_in(self, field: Locator, path: Path) -> None:
        self.reach(field)
        with self.page.expect_file_chooser() as chosen:
            self.page.keyboard.press("Enter")
        chosen.value.set_files(path)
