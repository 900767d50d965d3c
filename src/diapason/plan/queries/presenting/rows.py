"""The rows behind a figure: their count in a sentence, their columns, their dimensions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from diapason.kernel.measures import Count as RowCount
from diapason.kernel.measures import CountDistinct, Evidence, Latest, Line, Number, Ratio
from diapason.kernel.spreadsheets import Kind
from diapason.plan.contracts import Aggregation, Figure
from diapason.plan.models import Indicator
from diapason.plan.queries.presenting.words import amount
from diapason.ui import formats


@dataclass(frozen=True)
class Count:
    """The sentence under the rows, and whether the count is right."""

    right: bool
    sentence: str


def counting_sentence(figure: Figure, shown: Evidence) -> Count:
    """Recounts the rows of the page's evidence and compares them with the figure above it."""
    number = shown.number()
    rows = ngettext("%(rows)s row", "%(rows)s rows", number.rows) % {
        "rows": formats.number(number.rows)
    }
    right = number.value == figure.value and number.rows == figure.evidence_count
    if not right:
        return Count(
            False,
            _("%(rows)s: they make %(value)s. Reload the page: a record has just changed.")
            % {"rows": rows, "value": amount(number.value, figure.unit)},
        )
    if figure.value is None:
        return Count(True, rows + ".")
    value = amount(number.value, figure.unit)
    match shown.value:
        case CountDistinct():
            words = _("%(rows)s, %(value)s different: the count is right.")
        case Ratio():
            words = _("%(rows)s, whose sums give %(value)s: the count is right.")
        case Latest():
            words = _("%(rows)s, the last of which says %(value)s: the count is right.")
        case RowCount():
            return Count(True, _("%(rows)s: the count is right.") % {"rows": rows})
        case _:
            words = _("%(rows)s, %(value)s in all: the count is right.")
    return Count(True, words % {"rows": rows, "value": value})


def narrowed_sentence(figure: Figure, narrowed: Number) -> Count:
    """What the rows left by a filter make, beside the whole figure."""
    rows = ngettext("%(rows)s row", "%(rows)s rows", narrowed.rows) % {
        "rows": formats.number(narrowed.rows)
    }
    words = _("With this filter: %(rows)s, %(value)s. Without it: %(whole)s.")
    return Count(
        True,
        words
        % {
            "rows": rows,
            "value": amount(narrowed.value, figure.unit),
            "whole": amount(figure.value, figure.unit),
        },
    )


@dataclass(frozen=True)
class EvidenceColumn:
    """A column of the rows behind a figure. `raw` gives a line's cell for a file, `shown` for the
    page."""

    heading: str
    file_kind: Kind
    raw: Callable[[Line], Any]
    shown: Callable[[Line], str]
    is_number: bool = False
    is_label: bool = False


def evidence_columns(shown: Evidence, indicator: Indicator) -> list[EvidenceColumn]:
    """The columns that this evidence can fill."""
    unit = indicator.unit
    columns = [
        EvidenceColumn(
            _("Date"), Kind.DATE, lambda line: line.on, lambda line: formats.date_long(line.on)
        ),
        EvidenceColumn(
            pgettext("one row of evidence", "Record"),
            Kind.TEXT,
            lambda line: line.label if line.named else _("not public"),
            lambda line: line.label if line.named else _("not public"),
            is_label=True,
        ),
    ]
    columns += [
        EvidenceColumn(
            dimension(name),
            Kind.TEXT,
            lambda line, name=name: shown.told(name, line.dimensions[name]),
            lambda line, name=name: shown.told(name, line.dimensions[name]) or formats.MISSING,
        )
        for name in shown.by
    ]
    if shown.amount and not isinstance(shown.value, RowCount | CountDistinct):
        columns.append(
            EvidenceColumn(
                _("Value"),
                Kind.NUMBER,
                lambda line: line.amount,
                lambda line: amount(line.amount, "count" if shown.denominator else unit),
                is_number=True,
            )
        )
    if shown.denominator and indicator.aggregation != Aggregation.PER_EVENT:
        columns.append(
            EvidenceColumn(
                _("Out of"),
                Kind.NUMBER,
                lambda line: line.denominator,
                lambda line: formats.number(line.denominator),
                is_number=True,
            )
        )
    return columns


# The dimensions that rooms split their numbers by.
DIMENSIONS = {
    "action": gettext_lazy("Action"),
    "channel": gettext_lazy("Received by"),
    "commune": gettext_lazy("Commune"),
    "funder": gettext_lazy("Funder"),
    "gender": gettext_lazy("Gender"),
    "organisation": gettext_lazy("Organisation"),
    "oriented_to": gettext_lazy("Oriented to"),
    "sector": gettext_lazy("Sector"),
    "stage": gettext_lazy("Stage"),
    "structure": gettext_lazy("Structure"),
}


def dimension(name: str) -> str:
    return str(DIMENSIONS.get(name, name))


def by_words(shown: Evidence, name: str) -> str:
    """The heading of a breakdown: "By sector", "By gender, 2019"."""
    told = dimension(name)
    words = _("By %(what)s") % {"what": told[:1].lower() + told[1:]}
    if name not in shown.guarded:
        return words
    return _("%(words)s, %(when)s") % {"words": words, "when": shown.guarded[name].during}
