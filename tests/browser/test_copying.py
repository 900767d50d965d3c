"""A text that is shown once, taken along whole."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_text_is_copied_or_selected(browser: Browser, live_server: Any) -> None:
    address = f"{live_server.url}/en/styleguide"
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(address)
        part = page.locator("#secret")
        part.get_by_role("button").click()
        expect(part.get_by_role("status")).to_have_text("Copied")
        text = part.get_by_role("textbox").input_value()
        assert text
        assert page.evaluate("navigator.clipboard.readText()") == text
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script("delete Navigator.prototype.clipboard")
        page.goto(address)
        part = page.locator("#secret")
        part.get_by_role("button").click()
        expect(part.get_by_role("status")).to_contain_text("Selected")
        # Some browsers do not tell what is selected in a field but by the field itself.
        field = part.get_by_role("textbox")
        assert (
            field.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)") == text
        )


def test_without_a_script_no_button_promises_to_copy(browser: Browser, live_server: Any) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/en/styleguide")
        part = page.locator("#secret")
        expect(part.get_by_role("button")).to_have_count(0)
        expect(part.get_by_role("textbox")).to_be_visible()
