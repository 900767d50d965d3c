"""The spreadsheet of answers: its columns, and what a line says."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _lazy

from diapason.kernel import spreadsheets
from diapason.kernel.spreadsheets import Column
from diapason.observatory.contracts import MONEY, Facts, Question, Status

STATUSES = {
    Status.DECLARED.value: Status.DECLARED.label,
    Status.ESTIMATED.value: Status.ESTIMATED.label,
}


def columns() -> list[Column]:
    """The columns of the spreadsheet of answers."""
    return [
        Column(
            "organisation",
            _lazy("Enterprise"),
            spreadsheets.text(longest=200),
            required=True,
            aliases=("siret", "siren"),
            note=_lazy("Its SIRET, its SIREN, its code in the directory, or its exact name."),
        ),
        Column(
            "active",
            _lazy("Still active"),
            spreadsheets.yes_no(),
            note=_lazy("Yes or no; yes if empty."),
        ),
        Column(
            "ceased_on",
            _lazy("Stopped on"),
            spreadsheets.day(),
            note=_lazy("Only if it is not active any more."),
        ),
        *(_column(question) for question in Question),
        Column(
            "status",
            _lazy("Status"),
            spreadsheets.choice(STATUSES),
            note=_lazy("Declared or estimated; declared if empty."),
        ),
        Column(
            "source",
            _lazy("What it rests on"),
            spreadsheets.text(longest=300),
            note=_lazy("Needed for an estimate."),
        ),
    ]


def _column(question: Question) -> Column:
    if question in MONEY:
        parse, note = spreadsheets.money(least_cents=0), _lazy("An amount, zero or more.")
    elif question is Question.FTE:
        parse, note = spreadsheets.number(least=0), _lazy("A number, zero or more.")
    else:
        parse, note = spreadsheets.number(whole=True, least=0), _lazy("A whole number.")
    return Column(question.value, question.label, parse, note=note)


def facts_of(line: dict[str, Any]) -> Facts:
    """What a line says of an enterprise's year."""
    active = line.get("active")
    return Facts(
        active=True if active is None else active,
        ceased_on=line.get("ceased_on"),
        **{one.value: line.get(one.value) for one in Question},
    )
