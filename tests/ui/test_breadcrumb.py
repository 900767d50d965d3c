"""The way to a page."""

from __future__ import annotations

from django.template.loader import render_to_string

from diapason.ui.breadcrumb import crumbs


def test_each_step_leads_somewhere_but_the_last() -> None:
    drawn = render_to_string(
        "ui/breadcrumb.html", {"breadcrumb": crumbs(("Plan", "/plan/"), ("A", ""))}
    )
    assert '<a href="/plan/">Plan</a>' in drawn
    assert drawn.count("<a ") == 1
    assert "A" in drawn
