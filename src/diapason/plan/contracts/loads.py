"""What loading a plan's file changes, told item by item.

Values stay raw until somebody reads them, so that one report is legible in every language.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diapason.kernel import money
from diapason.kernel.texts import Text
from diapason.kernel.worded import Worded
from diapason.plan.contracts.values import Goal


class ItemKind(Worded):
    """What kind of thing a change is about."""

    PLAN = "plan", gettext_lazy("Plan")
    ORGANISATION = "organisation", gettext_lazy("Organisation")
    AXIS = "axis", gettext_lazy("Axis")
    ACTION = "action", gettext_lazy("Action")
    TASK = "task", gettext_lazy("Task")
    BUDGET_LINE = "budget_line", gettext_lazy("Budget line")
    INDICATOR = "indicator", gettext_lazy("Indicator")
    TARGET = "target", gettext_lazy("Target")
    BASELINE = "baseline", gettext_lazy("Starting figure")


class ChangeKind(Worded):
    """What happens to it. KEPT: the file says otherwise, yet a decision taken since stands."""

    ADDED = "added", gettext_lazy("added")
    CHANGED = "changed", gettext_lazy("changed")
    RESTORED = "restored", gettext_lazy("back in the plan")
    RETIRED = "retired", gettext_lazy("no longer in the plan")
    KEPT = "kept", gettext_lazy("kept as decided since")


_FIELD_LABELS = {
    "action": gettext_lazy("action"),
    "aggregation": gettext_lazy("counted how"),
    "axis": gettext_lazy("axis"),
    "baseline": gettext_lazy("starting figure"),
    "baseline_on": gettext_lazy("starting figure’s date"),
    "baseline_source": gettext_lazy("starting figure’s source"),
    "context": gettext_lazy("context"),
    "definition": gettext_lazy("definition"),
    "direction": gettext_lazy("direction"),
    "due": gettext_lazy("due"),
    "ends": gettext_lazy("last day"),
    "examples": gettext_lazy("inspiring examples"),
    "funder": gettext_lazy("funder"),
    "funders": gettext_lazy("funders"),
    "funders_unknown": gettext_lazy("funders still to be named"),
    "goal": gettext_lazy("target"),
    "kind": gettext_lazy("kind"),
    "label": gettext_lazy("label"),
    "lag_years": gettext_lazy("years later"),
    "languages": gettext_lazy("languages"),
    "leaders": gettext_lazy("leaders"),
    "leaders_unknown": gettext_lazy("leader still to be named"),
    "links": gettext_lazy("linked actions"),
    "measure": gettext_lazy("measure"),
    "measured_from": gettext_lazy("measured from"),
    "name": gettext_lazy("name"),
    "note": gettext_lazy("note"),
    "number": gettext_lazy("number"),
    "objectives": gettext_lazy("objectives"),
    "on": gettext_lazy("date"),
    "parent": gettext_lazy("part of"),
    "partners": gettext_lazy("partners"),
    "partners_unknown": gettext_lazy("partners still to be named"),
    "period_kind": gettext_lazy("rhythm"),
    "place": gettext_lazy("place in the list"),
    "planned_cents": gettext_lazy("planned"),
    "planned_high_cents": gettext_lazy("planned, at most"),
    "priority": gettext_lazy("priority"),
    "recurring": gettext_lazy("each year"),
    "resources_unknown": gettext_lazy("resources still to be specified"),
    "secondary_axes": gettext_lazy("other axes"),
    "short": gettext_lazy("short title"),
    "source": gettext_lazy("source"),
    "staff": gettext_lazy("staff"),
    "starts": gettext_lazy("first day"),
    "summary": gettext_lazy("summary"),
    "task": gettext_lazy("task"),
    "territory": gettext_lazy("territory"),
    "timeframe": gettext_lazy("timeframe"),
    "title": gettext_lazy("title"),
    "unit": gettext_lazy("unit"),
    "value": gettext_lazy("value"),
    "year": gettext_lazy("year"),
}


@dataclass(frozen=True)
class FieldChange:
    """One field of one item; `language` where only that language's words differ."""

    field: str
    old: Any
    new: Any
    language: str = ""

    @property
    def label(self) -> str:
        name = str(_FIELD_LABELS[self.field])
        return f"{name} ({self.language})" if self.language else name

    @property
    def before(self) -> str:
        return shown(self.old, self.field)

    @property
    def after(self) -> str:
        return shown(self.new, self.field)

    def __str__(self) -> str:
        return _("%(field)s: %(old)s → %(new)s") % {
            "field": self.label,
            "old": self.before,
            "new": self.after,
        }


@dataclass(frozen=True)
class ItemChange:
    """One item that is added, changed, retired, restored or kept."""

    kind: ChangeKind
    item: ItemKind
    code: str
    name: Text
    fields: tuple[FieldChange, ...] = ()

    def __str__(self) -> str:
        return _("%(item)s “%(name)s” (%(code)s): %(change)s") % {
            "item": self.item.label,
            "name": str(self.name) or self.code,
            "code": self.code,
            "change": self.kind.label,
        }

    @property
    def lines(self) -> list[str]:
        """The change and its fields, one line each, in the reader's language."""
        return [str(self), *(f"  {change}" for change in self.fields)]


@dataclass(frozen=True)
class LoadReport:
    """What a load changed, or would change. `kept` are the decisions that it left alone.

    `state` names what the database held before; handed back as `after` to the load itself, it
    makes sure that nothing was loaded in between.
    """

    plan: str
    changes: tuple[ItemChange, ...]
    kept: tuple[ItemChange, ...] = ()
    dry_run: bool = False
    state: str = ""
    plan_id: int | None = field(default=None, compare=False)

    @property
    def empty(self) -> bool:
        return not self.changes

    def counted(self) -> dict[ChangeKind, int]:
        """How many items, by what happens to them; kinds without any are left out."""
        found = Counter(change.kind for change in (*self.changes, *self.kept))
        return {kind: found[kind] for kind in ChangeKind if found[kind]}

    @property
    def lines(self) -> list[str]:
        """The whole report in the reader's language, a line each."""
        if self.empty and not self.kept:
            return [_("Nothing changes: the plan is already as the file says.")]
        return [line for change in (*self.changes, *self.kept) for line in change.lines]


def described(goal: Goal) -> str:
    """A goal in words: "5", "at least 60", "8 to 10", "10 at each event", "to be specified"."""
    if goal.unknown:
        return _("to be specified")
    low = "" if goal.low is None else _number(goal.low)
    high = "" if goal.high is None else _number(goal.high)
    if goal.exact:
        words = low or high
    elif low and high:
        words = _("%(low)s to %(high)s") % {"low": low, "high": high}
    elif low:
        words = _("at least %(low)s") % {"low": low}
    else:
        words = _("at most %(high)s") % {"high": high}
    return _("%(goal)s at each event") % {"goal": words} if goal.per_event else words


def shown(value: Any, field: str = "") -> str:
    """A raw value in the reader's language; an absent one as a dash."""
    match value:
        case None | "" | () | []:
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case Goal():
            return described(value)
        case date():
            return date_format(value, "SHORT_DATE_FORMAT")
        case int() if field.endswith("_cents"):
            return number_format(money.units(value), decimal_pos=2, force_grouping=True)
        case int() if field == "year":
            return str(value)
        case int() | Decimal():
            return _number(Decimal(value))
        case dict():
            return str(Text(value)) or "–"
        case list() | tuple():
            return ", ".join(shown(part) for part in value)
    return str(value)


def _number(value: Decimal) -> str:
    return number_format(Decimal(f"{value.normalize():f}"), force_grouping=True)
