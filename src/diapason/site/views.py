"""The common pages: home, my day, search, statements."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from diapason.kernel.clock import today
from diapason.kernel.pages import kept_while_unchanged
from diapason.kernel.permissions import public, signed_in
from diapason.kernel.registries import Concerned, Tone, day_of, personal_data
from diapason.plan.api import front_page, front_page_tables, headline_figures
from diapason.site import queries


@public
@require_safe
@kept_while_unchanged(front_page_tables, same_for_all=True)
def home(request: HttpRequest) -> HttpResponse:
    """The territory's face: what the plan is for, how it does, where to go."""
    return render(request, "site/home.html", {"front": front_page(today()), "at": today()})


@signed_in
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """What waits for the person, in order, each with its one next act."""
    at = today()
    items = [
        {
            "due": item.due,
            "title": item.title,
            "detail": item.detail,
            "tone": item.tone.value,
            "state_label": _tone_label(item.due is not None and item.due < at, item.tone),
            "act": item.act,
            "url": item.url,
        }
        for item in day_of(request.user)
    ]
    heading = ngettext(
        "Hello %(name)s, %(count)s thing waits for you",
        "Hello %(name)s, %(count)s things wait for you",
        len(items),
    ) % {"name": request.user.get_short_name(), "count": len(items)}
    if not items:
        heading = _("Hello %(name)s, nothing waits for you") % {
            "name": request.user.get_short_name()
        }
    return render(
        request,
        "site/day.html",
        {
            "items": items,
            "today": at,
            "heading": heading,
            "headlines": headline_figures(at),
            "plan_url": reverse("plan:screen"),
        },
    )


def _tone_label(late: bool, tone: Tone) -> str:
    if late:
        return str(_("Deadline passed"))
    return {Tone.GOOD: str(_("In order")), Tone.WARNING: str(_("Soon"))}.get(tone, "")


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """One box over all rooms."""
    words = request.GET.get("q", "")
    found = queries.search(request.user, words)
    return render(
        request,
        "site/search.html",
        {"words": words, "found": found, "total": sum(len(hits) for _label, hits in found)},
    )


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (directive 2016/2102, French decree 2019-768)."""
    return render(request, "site/accessibility.html")


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, and for how long: drawn from the rooms' own declarations,
    so that each finds what concerns them."""
    declared = list(personal_data)
    groups = [(who, [one for one in declared if one.concerned is who]) for who in Concerned]
    context = {"groups": [(who, found) for who, found in groups if found]}
    return render(request, "site/privacy.html", context)
