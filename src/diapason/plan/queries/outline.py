"""The plan's structure for pages: axes, their actions, who leads them. Few queries, no objects
that a template could follow into more."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from diapason.directory.api import public_codes
from diapason.kernel import changes
from diapason.kernel.texts import Text
from diapason.plan.contracts import Part
from diapason.plan.models import Action, Axis, Participation, Plan

TABLES = ("plan_plan", "plan_axis", "plan_action", "plan_participation", "directory_organisation")


@dataclass(frozen=True)
class Member:
    """An organisation's part in an action; `page` is the code of its public page, empty where it
    has none."""

    organisation: int
    code: str
    name: Text
    url: str
    part: Part
    page: str = ""


@dataclass(frozen=True)
class ActionLine:
    """An action as lists show it."""

    id: int
    code: str
    number: int | None
    title: Text
    short: Text
    axis: str
    priority: bool
    leaders: tuple[Member, ...]
    leaders_unknown: bool


@dataclass(frozen=True)
class AxisLine:
    """An axis with its actions; the cross-sectional actions stand under an axis without code."""

    code: str
    number: int | None
    title: Text
    summary: Text
    actions: tuple[ActionLine, ...]


def outline(plan: Plan) -> tuple[AxisLine, ...]:
    """The axes in order, each with its actions, then the cross-sectional ones."""
    return changes.kept(f"plan.outline:{plan.pk}", TABLES, lambda: _outline(plan))


def members(actions: list[int]) -> dict[int, list[Member]]:
    """Who takes part in these actions, by action, in the plan's order; three queries."""
    found: dict[int, list[Member]] = defaultdict(list)
    rows = list(
        Participation.objects.filter(action__in=actions)
        .order_by("action_id", "place", "pk")
        .values_list(
            "action_id",
            "organisation_id",
            "organisation__code",
            "organisation__name",
            "organisation__url",
            "part",
        )
    )
    pages = public_codes(row[1] for row in rows)
    for action, organisation, code, name, url, part in rows:
        page = pages.get(organisation, "")
        found[action].append(Member(organisation, code, Text(name), url, Part(part), page))
    return found


def _outline(plan: Plan) -> tuple[AxisLine, ...]:
    actions = list(
        Action.objects.filter(plan=plan, retired_at__isnull=True)
        .order_by("place")
        .select_related("axis")
    )
    taking_part = members([action.pk for action in actions])
    lines: dict[Any, list[ActionLine]] = defaultdict(list)
    for action in actions:
        leaders = tuple(who for who in taking_part[action.pk] if who.part is Part.LEADER)
        lines[action.axis_id].append(
            ActionLine(
                id=action.pk,
                code=action.code,
                number=action.number,
                title=action.title,
                short=action.short or action.title,
                axis=action.axis.code if action.axis else "",
                priority=action.priority,
                leaders=leaders,
                leaders_unknown=action.leaders_unknown,
            )
        )
    axes = [
        AxisLine(axis.code, axis.number, axis.title, axis.summary, tuple(lines.pop(axis.pk, ())))
        for axis in Axis.objects.filter(plan=plan, retired_at__isnull=True).order_by("number")
    ]
    if across := lines.pop(None, None):
        axes.append(AxisLine("", None, Text(), Text(), tuple(across)))
    return tuple(axes)
