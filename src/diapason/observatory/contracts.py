"""What crosses the observatory's door: the questions of the survey, and what an answer says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from diapason.kernel.worded import Worded


class Question(Worded):
    """What a campaign may ask, besides whether the enterprise is still active. Each value is the
    name of the field that holds the answer."""

    TURNOVER = "turnover", _("Turnover")
    ABROAD = "abroad", _("Turnover made abroad")
    HEADCOUNT = "headcount", _("Jobs at the end of the year")
    FTE = "fte", _("Full-time equivalents")
    TRAINING = "training", _("Spending on employees’ digital training")
    CLIENTS = "clients", _("New clients")
    MARKETS = "markets", _("New markets")


# Amounts, in cents; the others are counts.
MONEY = (Question.TURNOVER, Question.ABROAD, Question.TRAINING)
# What is only told as a share of the turnover.
SHARES = (Question.ABROAD, Question.TRAINING)


class Status(Worded):
    """How sure an answer is."""

    DECLARED = "declared", _("Declared")
    ESTIMATED = "estimated", _("Estimated")
    VERIFIED = "verified", _("Verified")


class Origin(Worded):
    """How an answer came in."""

    LINK = "link", _("The enterprise, by its link")
    STAFF = "staff", _("Staff")
    SHEET = "sheet", _("A spreadsheet")


class Standing(Worded):
    """Where an enterprise stands in a campaign."""

    ANSWERED = "answered", _("Answered")
    WAITING = "waiting", _("Awaited")
    LATE = "late", _("Late")
    SILENT = "silent", _("Did not answer")
    UNREACHABLE = "unreachable", _("Nobody to write to")
    REFUSED = "refused", _("Wants no letter")


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
