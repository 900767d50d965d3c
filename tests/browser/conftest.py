"""One browser for the journeys, and the site that people travel through."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.hands import Words
from tests.browser.install import find
from tests.browser.world import TODAY, Journey, World, build

# What a whole Chromium prepares for its own windows is never seen here.
_UNSEEN = "PreloadTopChromeWebUI,WebUIReloadButton,WebUIToolbar,InitialWebUI,MediaRouter"
_UNSEEN += ",OptimizationHints,HttpsUpgrades,PaintHolding,LensOverlay"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    f"--disable-features={_UNSEEN}",
]
PATIENCE = 20_000  # milliseconds; a loaded machine is slow, not wrong

expect.set_options(timeout=PATIENCE)


# For this package and no longer: while Playwright runs, its loop runs in this thread.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = find()
    if chromium is None:
        message = "there is no Chromium here: `make test` says how to get one"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    # Django would refuse the tests' own queries beside that loop.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        running = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield running
        running.close()


def watched(page: Page) -> list[str]:
    """What the browser complains of on this page from now on, the security policy included."""
    complaints: list[str] = []
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """Each journey is made in each language."""
    return request.param


@pytest.fixture
def words(language: str) -> Words:
    """The catalogue's words in the journey's language."""
    return Words(language)


@pytest.fixture
def world(
    transactional_db: None, settings: Any, tmp_path: Any, browser: Browser, language: str
) -> World:
    """A plan in the middle of its life, and the people who work on it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DEMONSTRATION, settings.DEMONSTRATION_DAY = True, TODAY.isoformat()
    cache.clear()
    return build(language)


@pytest.fixture
def journey(world: World, browser: Browser, live_server: Any, words: Words) -> Iterator[Journey]:
    """People with browsers of their own; at the end, none of their browsers complained."""
    made = Journey(browser, live_server.url, words, watched, PATIENCE)
    yield made
    made.close()
    assert made.complaints() == []
