"""What a plan file says, once it is known to be sound.

Texts are dictionaries from language to sentence and hold every language of the plan. Amounts are
whole cents. Last days are inclusive, as in the file. Period keys stay the strings of the file.
``None`` for a list of organisations means that the plan itself still has to name them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Text = dict[str, str]
Parties = tuple[str, ...] | None


@dataclass(frozen=True, kw_only=True)
class OrganisationEntry:
    code: str
    name: Text
    kind: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class AxisEntry:
    code: str
    number: int
    title: Text
    summary: Text | None = None


@dataclass(frozen=True, kw_only=True)
class TaskEntry:
    code: str
    title: Text
    parent: str | None = None
    starts: date | None = None
    due: date | None = None


@dataclass(frozen=True, kw_only=True)
class BudgetEntry:
    """A line of money. ``low`` equals ``high`` for an exact amount; both are None when unknown."""

    code: str
    label: Text
    low: int | None
    high: int | None
    year: int | None = None
    recurring: bool = False
    funder: str | None = None
    task: str | None = None
    note: Text | None = None

    @property
    def unknown(self) -> bool:
        return self.low is None


@dataclass(frozen=True, kw_only=True)
class StaffEntry:
    label: Text
    fte: Decimal


@dataclass(frozen=True, kw_only=True)
class ExampleEntry:
    name: Text
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class BaselineEntry:
    period: str
    value: Decimal
    on: date | None = None
    source: Text | None = None


@dataclass(frozen=True, kw_only=True)
class TargetEntry:
    """What one period promises. Exactly one kind of goal is set (``kind`` names it)."""

    period: str
    value: Decimal | None = None
    minimum: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    per_event: Decimal | None = None
    unknown: bool = False
    note: Text | None = None

    @property
    def kind(self) -> str:
        """One of ``value``, ``min``, ``range``, ``per_event``, ``unknown``."""
        if self.value is not None:
            return "value"
        if self.minimum is not None:
            return "min"
        if self.per_event is not None:
            return "per_event"
        return "unknown" if self.unknown else "range"


@dataclass(frozen=True, kw_only=True)
class IndicatorEntry:
    """A promise that can be counted: fed by ``measure``, or ``declared`` by a person."""

    code: str
    kind: str
    title: Text
    short: Text
    unit: str
    aggregation: str
    definition: Text | None = None
    direction: str = "more"
    measure: str | None = None
    declared: bool = False
    measured_from: date | None = None
    lag_years: int | None = None
    baseline: BaselineEntry | None = None
    targets: tuple[TargetEntry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ActionEntry:
    code: str
    number: int | None
    cross_sectional: bool
    title: Text
    short: Text
    axis: str | None = None
    secondary_axes: tuple[str, ...] = ()
    priority: bool = False
    context: Text | None = None
    objectives: tuple[Text, ...] = ()
    leaders: Parties = ()
    funders: Parties = ()
    partners: Parties = ()
    starts: date | None = None
    ends: date | None = None
    timeframe: Text | None = None
    tasks: tuple[TaskEntry, ...] = ()
    budget: tuple[BudgetEntry, ...] = ()
    staff: tuple[StaffEntry, ...] = ()
    links: tuple[str, ...] = ()
    examples: tuple[ExampleEntry, ...] = ()
    indicators: tuple[IndicatorEntry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanFile:
    code: str
    languages: tuple[str, ...]
    title: Text
    territory: Text
    starts: date
    ends: date
    periods: str
    axes: tuple[AxisEntry, ...]
    actions: tuple[ActionEntry, ...]
    summary: Text | None = None
    organisations: tuple[OrganisationEntry, ...] = ()

    def indicators(self) -> Iterator[tuple[ActionEntry, IndicatorEntry]]:
        """Every indicator of the plan with its action, in the order of the file."""
        for action in self.actions:
            for indicator in action.indicators:
                yield action, indicator
