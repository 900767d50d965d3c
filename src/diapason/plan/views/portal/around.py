"""What the plan's public pages have in common: the plan, the tables behind them, the way up."""

from __future__ import annotations

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from diapason.kernel.texts import Text
from diapason.plan.models import Plan
from diapason.plan.queries import details, figures, outline


def plan_or_404() -> Plan:
    plan = figures.current_plan()
    if plan is None:
        raise Http404
    return plan


def tables() -> set[str]:
    """The tables that the public pages read."""
    return figures.tables() | set(outline.TABLES) | set(details.TABLES)


def axis_name(number: int | None) -> str:
    if number is None:
        return _("Across all axes")
    return _("Axis %(number)s") % {"number": number}


def crumb_plan() -> dict[str, str]:
    return {"label": _("The plan"), "url": reverse("plan:screen")}


def crumbs_action(
    axis: tuple[str, int | None] | None, number: int | None, short: Text, *, address: str = ""
) -> list[dict[str, str]]:
    crumbs = [crumb_plan()]
    if axis is not None:
        crumbs.append({"label": axis_name(axis[1]), "url": reverse("plan:axis", args=[axis[0]])})
    words = str(short)
    name = _("Action %(number)s, %(title)s") % {
        "number": number,
        "title": words[:1].lower() + words[1:],
    }
    crumbs.append({"label": name if number is not None else words, "url": address})
    return crumbs
