"""The spreadsheet of figures: its columns, and the file to fill in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from diapason.kernel import spreadsheets
from diapason.kernel.spreadsheets import CellProblem, Column, Heading, Writing
from diapason.plan.contracts.values import DeclaredValue, ReadingRow
from diapason.plan.models import Indicator
from diapason.plan.queries.desk.readings import Choice


class IndicatorNames:
    """Reads the cell that names an indicator: by its code, or its title in any language."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        self.codes: set[str] = set()
        self.titles: dict[str, set[str]] = defaultdict(set)
        for choice in choices:
            for indicator in choice.indicators:
                self.codes.add(indicator.code)
                for language, _name in settings.LANGUAGES:
                    with override(language):
                        self.titles[_plain(indicator.title)].add(indicator.code)

    def __call__(self, value: Any, writing: Writing) -> str:
        written = str(value).strip()
        if written.casefold() in self.codes:
            return written.casefold()
        found = sorted(self.titles.get(_plain(written), ()))
        if len(found) == 1:
            return found[0]
        if found:
            raise CellProblem(
                _("several indicators are called “%(value)s”. Write one of these codes: %(codes)s.")
                % {"value": written, "codes": ", ".join(found)}
            )
        raise CellProblem(
            _("the plan has no indicator “%(value)s”. Write a code of the template’s second sheet.")
            % {"value": written}
        )


def _plain(text: Any) -> str:
    return " ".join(str(text).casefold().split())


def columns(choices: Sequence[Choice]) -> list[Column]:
    """The columns of the spreadsheet of figures."""
    return [
        Column(
            "indicator",
            _lazy("Indicator"),
            IndicatorNames(choices),
            required=True,
            note=_lazy("Its code, from the list below."),
        ),
        Column(
            "value",
            _lazy("Value"),
            spreadsheets.number(),
            required=True,
            note=_lazy("A number, in the indicator’s unit."),
        ),
        Column(
            "denominator",
            _lazy("Out of"),
            spreadsheets.number(),
            note=_lazy("Only for a share: the number that it is out of."),
        ),
        Column(
            "on",
            _lazy("Date of the figure"),
            spreadsheets.day(),
            required=True,
            aliases=("date",),
            note=_lazy("The day of which the figure speaks."),
        ),
        Column(
            "source",
            _lazy("Source"),
            spreadsheets.text(longest=300),
            required=True,
            note=_lazy("The report, register or survey, with its date."),
        ),
        Column("link", _lazy("Link"), spreadsheets.text(longest=500)),
        Column("note", _lazy("Note"), spreadsheets.text(longest=2000)),
    ]


def template(choices: Sequence[Choice]) -> IO[bytes]:
    """An XLSX file to fill in; its second sheet explains the columns and lists the codes."""
    listed = columns(choices)
    notes: list[list[Any]] = [[_("Column"), _("Needed"), _("What to write")]]
    notes += [
        [str(column.heading), _("yes") if column.required else _("no"), str(column.note or "")]
        for column in listed
    ]
    notes += [["", "", ""], [_("Code"), _("Indicator"), _("Unit")]]
    indicators: list[Indicator] = [one for choice in choices for one in choice.indicators]
    notes += [
        [indicator.code, str(indicator.title), str(indicator.get_unit_display())]
        for indicator in indicators
    ]
    return spreadsheets.xlsx_file(
        [Heading(column.heading) for column in listed], [], title=_("Figures"), notes=notes
    )


def rows_of(reading: spreadsheets.Reading) -> list[ReadingRow]:
    """The lines of a spreadsheet without faults, as the figures that they declare."""
    return [
        ReadingRow(
            number=row.number,
            indicator=row.values["indicator"],
            value=DeclaredValue(
                value=row.values["value"],
                denominator=row.values["denominator"],
                on=row.values["on"],
                source=row.values["source"],
                link=row.values["link"] or "",
                note=row.values["note"] or "",
            ),
        )
        for row in reading.rows
    ]
