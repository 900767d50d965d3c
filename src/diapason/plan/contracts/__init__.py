"""What crosses the plan's door: statuses, goals, figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diapason.kernel.measures import Unit
from diapason.kernel.periods import Period
from diapason.plan.contracts.values import Goal

# Characters of a note or a reason: more is a document, to be attached.
WORDS_AT_MOST = 2000


class IndicatorKind(StrEnum):
    """What the work yields (output), or what it changes (result)."""

    OUTPUT = "output"
    RESULT = "result"

    @property
    def label(self) -> Any:
        return {"output": _("Output"), "result": _("Result")}[self.value]


class Direction(StrEnum):
    MORE = "more"
    LESS = "less"

    @property
    def label(self) -> Any:
        return {"more": _("More is better"), "less": _("Less is better")}[self.value]


class Aggregation(StrEnum):
    """How an indicator's rows make the figure of a period.

    PER_PERIOD: what happened in the period. CUMULATIVE: what happened from the plan's start to
    the period's end. DISTINCT: different entities from the plan's start to the period's end.
    LATEST: the last state known in the period. RATIO: sum over sum, in the period. PER_EVENT:
    the average over the period's events, its target holding at each event. COHORT: among those
    who entered in the period, the share that still is, some years later.
    """

    PER_PERIOD = "per_period"
    CUMULATIVE = "cumulative"
    LATEST = "latest"
    RATIO = "ratio"
    DISTINCT = "distinct"
    COHORT = "cohort"
    PER_EVENT = "per_event"

    @property
    def label(self) -> Any:
        return {
            "per_period": _("counted in each period"),
            "cumulative": _("added up since the plan began"),
            "latest": _("last known state"),
            "ratio": _("sum over sum"),
            "distinct": _("each counted once over the plan"),
            "cohort": _("followed years later"),
            "per_event": _("average per event"),
        }[self.value]


# Of these, one number alone says nothing: so many out of so many.
SHARES = frozenset({Aggregation.RATIO, Aggregation.COHORT})


class Status(StrEnum):
    AHEAD = "ahead"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    MISSED = "missed"
    UNKNOWN = "unknown"

    @property
    def label(self) -> Any:
        return {
            "ahead": _("Ahead"),
            "on_track": _("On track"),
            "at_risk": _("At risk"),
            "missed": _("Missed"),
            "unknown": _("Not yet measurable"),
        }[self.value]


class Why(StrEnum):
    """Why a status is unknown; empty where it is known."""

    KNOWN = ""
    NO_MEASURE = "no_measure"
    NO_DATA = "no_data"
    NO_TARGET = "no_target"
    NOT_STARTED = "not_started"
    TOO_EARLY = "too_early"
    WITHHELD = "withheld"

    @property
    def label(self) -> Any:
        return {
            "": "",
            "no_measure": _("The tool that will count it is not installed yet."),
            "no_data": _("Nobody has given a figure yet."),
            "no_target": _("No target was set."),
            "not_started": _("The period has not begun."),
            "too_early": _("It is too early to look back."),
            "withheld": _("Too few businesses to publish a figure."),
        }[self.value]


@dataclass(frozen=True)
class Figure:
    """One indicator in one period, at a date.

    `expected`: what the pace asks for at that date, in the indicator's unit; None where no pace
    can be told. `coverage`: the share of those asked that answered, 0 to 1. `reached`: for a
    goal per event, (events that reached it, events). `declared`: made of readings that people
    typed rather than of a measure. `evidence_count`: the rows behind the value.
    """

    indicator: str
    action: str
    period: Period
    unit: Unit
    value: Decimal | None
    goal: Goal | None
    status: Status
    why: Why = Why.KNOWN
    expected: Decimal | None = None
    evidence_count: int = 0
    entities: int | None = None
    replied: int | None = None
    asked: int | None = None
    reached: tuple[int, int] | None = None
    declared: bool = False
    running: bool = False

    @property
    def aim(self) -> Goal | None:
        """The goal that is set; None too where it is still to be set."""
        return self.goal if self.goal is not None and not self.goal.unknown else None

    @property
    def coverage(self) -> float | None:
        if not self.asked:
            return None
        return (self.replied or 0) / self.asked


class ReadingState(StrEnum):
    DECLARED = "declared"
    APPROVED = "approved"
    RETURNED = "returned"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Any:
        return {
            "declared": _("To approve"),
            "approved": _("Approved"),
            "returned": _("Returned"),
            "corrected": _("Corrected since"),
            "withdrawn": _("Withdrawn"),
        }[self.value]


class TaskState(StrEnum):
    TO_DO = "to_do"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def label(self) -> Any:
        return {
            "to_do": _("To do"),
            "under_way": _("Under way"),
            "done": pgettext_lazy("task", "Done"),
            "dropped": pgettext_lazy("task", "Dropped"),
        }[self.value]


class Part(StrEnum):
    """What an organisation does in an action."""

    LEADER = "leader"
    FUNDER = "funder"
    PARTNER = "partner"

    @property
    def label(self) -> Any:
        return {"leader": _("Leader"), "funder": _("Funder"), "partner": _("Partner")}[self.value]
