"""What crosses the plan's door: statuses, goals, figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diapason.kernel.measures import Unit
from diapason.kernel.periods import Period
from diapason.kernel.worded import Worded
from diapason.plan.contracts.values import Goal

# Characters of a note or a reason: more is a document, to be attached.
WORDS_AT_MOST = 2000


class IndicatorKind(Worded):
    """What the work yields (output), or what it changes (result)."""

    OUTPUT = "output", _("Output")
    RESULT = "result", _("Result")


class Direction(Worded):
    MORE = "more", _("More is better")
    LESS = "less", _("Less is better")


class Aggregation(Worded):
    """How an indicator's rows make the figure of a period.

    PER_PERIOD: what happened in the period. CUMULATIVE: what happened from the plan's start to
    the period's end. DISTINCT: different entities from the plan's start to the period's end.
    LATEST: the last state known in the period. RATIO: sum over sum, in the period. PER_EVENT:
    the average over the period's events, its target holding at each event. COHORT: among those
    who entered in the period, the share that still is, some years later.
    """

    PER_PERIOD = "per_period", _("counted in each period")
    CUMULATIVE = "cumulative", _("added up since the plan began")
    LATEST = "latest", _("last known state")
    RATIO = "ratio", _("sum over sum")
    DISTINCT = "distinct", _("each counted once over the plan")
    COHORT = "cohort", _("followed years later")
    PER_EVENT = "per_event", _("average per event")


# Of these, one number alone says nothing: so many out of so many.
SHARES = frozenset({Aggregation.RATIO, Aggregation.COHORT})


class Status(Worded):
    AHEAD = "ahead", _("Ahead")
    ON_TRACK = "on_track", _("On track")
    AT_RISK = "at_risk", _("At risk")
    MISSED = "missed", _("Missed")
    UNKNOWN = "unknown", _("Not yet measurable")


class Why(Worded):
    """Why a status is unknown; empty where it is known."""

    KNOWN = "", ""
    NO_MEASURE = "no_measure", _("The tool that will count it is not installed yet.")
    NO_DATA = "no_data", _("Nobody has given a figure yet.")
    NO_TARGET = "no_target", _("No target was set.")
    NOT_STARTED = "not_started", _("The period has not begun.")
    TOO_EARLY = "too_early", _("It is too early to look back.")
    WITHHELD = "withheld", _("Too few businesses to publish a figure.")


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


class ReadingState(Worded):
    DECLARED = "declared", _("To approve")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    CORRECTED = "corrected", _("Corrected since")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class TaskState(Worded):
    TO_DO = "to_do", _("To do")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", pgettext_lazy("task", "Done")
    DROPPED = "dropped", pgettext_lazy("task", "Dropped")


class Part(Worded):
    """What an organisation does in an action."""

    LEADER = "leader", _("Leader")
    FUNDER = "funder", _("Funder")
    PARTNER = "partner", _("Partner")
