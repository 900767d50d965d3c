"""What crosses the observatory's door: the questions of the survey, and what an answer says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Worded(StrEnum):
    """A closed list whose every member has words for people."""

    @property
    def label(self) -> Any:
        return _LABELS[self]

    @classmethod
    def choices(cls) -> list[tuple[str, Any]]:
        return [(one.value, one.label) for one in cls]


class Question(Worded):
    """What a campaign may ask, besides whether the enterprise is still active. Each value is the
    name of the field that holds the answer."""

    TURNOVER = "turnover"
    ABROAD = "abroad"
    HEADCOUNT = "headcount"
    FTE = "fte"
    TRAINING = "training"
    CLIENTS = "clients"
    MARKETS = "markets"


# Amounts, in cents; the others are counts.
MONEY = (Question.TURNOVER, Question.ABROAD, Question.TRAINING)
# What is only told as a share of the turnover.
SHARES = (Question.ABROAD, Question.TRAINING)


class Status(Worded):
    """How sure an answer is."""

    DECLARED = "declared"
    ESTIMATED = "estimated"
    VERIFIED = "verified"


class Origin(Worded):
    """How an answer came in."""

    LINK = "link"
    STAFF = "staff"
    SHEET = "sheet"


class Standing(Worded):
    """Where an enterprise stands in a campaign."""

    ANSWERED = "answered"
    WAITING = "waiting"
    LATE = "late"
    SILENT = "silent"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"


_LABELS: dict[Worded, Any] = {
    Question.TURNOVER: _("Turnover"),
    Question.ABROAD: _("Turnover made abroad"),
    Question.HEADCOUNT: _("Jobs at the end of the year"),
    Question.FTE: _("Full-time equivalents"),
    Question.TRAINING: _("Spending on employees’ digital training"),
    Question.CLIENTS: _("New clients"),
    Question.MARKETS: _("New markets"),
    Status.DECLARED: _("Declared"),
    Status.ESTIMATED: _("Estimated"),
    Status.VERIFIED: _("Verified"),
    Origin.LINK: _("The enterprise, by its link"),
    Origin.STAFF: _("Staff"),
    Origin.SHEET: _("A spreadsheet"),
    Standing.ANSWERED: _("Answered"),
    Standing.WAITING: _("Awaited"),
    Standing.LATE: _("Late"),
    Standing.SILENT: _("Did not answer"),
    Standing.UNREACHABLE: _("Nobody to write to"),
    Standing.REFUSED: _("Wants no letter"),
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What an enterprise's year was; amounts in cents, None for what nobody said."""

    active: bool = True
    ceased_on: date | None = None
    turnover: int | None = None
    abroad: int | None = None
    headcount: int | None = None
    fte: Decimal | None = None
    training: int | None = None
    clients: int | None = None
    markets: int | None = None
