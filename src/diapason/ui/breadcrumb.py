"""The way to a page, for `ui/breadcrumb.html`."""

from __future__ import annotations

from typing import Any


def crumbs(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    """(label, address) of each step, the last without an address."""
    return [{"label": label, "url": url} for label, url in steps]
