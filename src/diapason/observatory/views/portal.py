"""The observatory's public page: results of the territory's enterprises, and how much is known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from diapason.kernel.pages import kept_while_unchanged
from diapason.kernel.permissions import public
from diapason.kernel.spreadsheets import FORMATS, Heading, Kind, export_response
from diapason.observatory.contracts import Status
from diapason.observatory.queries import results as read
from diapason.observatory.queries.results import SERIES, Cell, Results, Series, YearResults
from diapason.ui import charts, formats


def name_of(series: Series) -> str:
    return {
        "turnover": _("Turnover"),
        "abroad": _("Share made abroad"),
        "training": _("Share spent on digital training"),
        "fte": _("Full-time equivalents"),
    }[series.key]


def written(series: Series, value: Decimal | None) -> str:
    if series.over is not None:
        return formats.percent(value)
    if series.key == "turnover":
        return formats.money(None if value is None else round(value, -2), settings.CURRENCY)
    return formats.number(value)


def withheld() -> str:
    return _("not shown")


@public
@require_safe
@kept_while_unchanged(read.tables, named_by=("year",), same_for_all=True)
def results(request: HttpRequest) -> HttpResponse:
    """What the surveys say, year by year."""
    found = read.results()
    years = [one for one in found.years if one.answered]
    shown = next((one for one in years if str(one.year) == request.GET.get("year")), None)
    if shown is None and "year" in request.GET:
        raise Http404
    if shown is None and years:
        shown = next((one for one in years if not one.is_open), years[0])
    return render(
        request,
        "observatory/portal/results.html",
        {
            "shown": shown,
            "tabs": [
                {
                    "label": str(one.year),
                    "url": f"{reverse('observatory:results')}?year={one.year}",
                    "active": one is shown,
                }
                for one in years
            ],
            **(_year(shown, found) if shown is not None else {}),
        },
    )


def _year(shown: YearResults, found: Results) -> dict[str, Any]:
    return {
        "coverage": _coverage(shown),
        "statuses": charts.share(
            [
                charts.Part(str(one.label), count, formats.number(count), tone)
                for one, tone in (
                    (Status.VERIFIED, "good"),
                    (Status.DECLARED, "waiting"),
                    (Status.ESTIMATED, "warning"),
                )
                if (count := shown.statuses[one])
            ]
        ),
        "figures": _figures(shown),
        "splits": [
            (title, word, lines, key)
            for title, word, lines, key in (
                (_("By sector"), _("Sector"), _parts(shown, "sectors"), "sector"),
                (_("By commune"), _("Commune"), _parts(shown, "communes"), "commune"),
            )
            # A table of one line, for want of knowing more, says nothing that the total does not.
            if len(lines) > 1 and not shown.is_open
        ],
        "names": [name_of(series) for series in SERIES],
        "chart": _chart(found),
        "growth": _growth(found),
        "helped": found.helped,
        "survival": _survival(found),
        "exports": [(format, reverse("observatory:export", args=[format])) for format in FORMATS],
    }


def _coverage(shown: YearResults) -> str:
    return ngettext(
        "%(answered)s enterprise of %(asked)s answered.",
        "%(answered)s enterprises of %(asked)s answered.",
        shown.answered,
    ) % {"answered": formats.number(shown.answered), "asked": formats.number(shown.asked)}


def _of(cell: Cell) -> str:
    if cell.enterprises is None:
        return _("too few answers to be shown")
    return ngettext("%(count)s enterprise", "%(count)s enterprises", cell.enterprises) % {
        "count": formats.number(cell.enterprises)
    }


def _figures(shown: YearResults) -> list[tuple[str, str, str]]:
    told = []
    for series in SERIES:
        cell = shown.tables[series.key].total
        value = withheld() if cell.enterprises is None else written(series, cell.value)
        told.append((name_of(series), value, _of(cell)))
    heads = shown.headcount
    value = withheld() if heads.enterprises is None else formats.number(heads.value)
    return [*told, (_("Jobs on 31 December"), value, _of(heads))]


def _parts(shown: YearResults, dimension: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """A line for each part: its name, and the number of each series with its heading."""
    names: dict[str, dict[str, Cell]] = {}
    for series in SERIES:
        for cell in getattr(shown.tables[series.key], dimension):
            names.setdefault(cell.part, {})[series.key] = cell
    lines = []
    for part in sorted(names, key=lambda name: (not name, name.casefold())):
        numbers = []
        for series in SERIES:
            cell = names[part].get(series.key)
            if cell is None:
                words = formats.MISSING
            elif cell.enterprises is None:
                words = withheld()
            else:
                words = written(series, cell.value)
            numbers.append((name_of(series), words))
        lines.append((part or _("Not said"), numbers))
    return lines


def _chart(found: Results) -> Any:
    points = []
    for one in reversed([one for one in found.years if not one.is_open]):
        cell = one.tables["abroad"].total
        known = cell.value is not None
        points.append(
            charts.Point(
                name=str(one.year),
                value=float(cell.value * 100) if cell.value is not None else None,
                value_label=formats.percent(cell.value) if known else "",
                state="counted" if known else "unknown",
            )
        )
    return charts.trajectory(
        points,
        title=_("Share of turnover made abroad"),
        description=_("One bar a year: turnover made abroad over the whole turnover."),
        id="chart-abroad",
        tick_label=lambda tick: formats.percent(tick / 100),
    )


def _growth(found: Results) -> list[tuple[int, list[tuple[str, str, str]]]]:
    """For each year of first support: what is known one, two and three years later."""
    lines: dict[int, list[tuple[str, str, str]]] = {}
    for one in found.growth:
        heading = ngettext("%(count)s year later", "%(count)s years later", one.years) % {
            "count": one.years
        }
        if one.known == 0:
            words, note = formats.MISSING, ""
        elif one.value is None:
            words, note = withheld(), ""
        else:
            words = ("+" if one.value > 0 else "") + formats.percent(one.value)
            note = _("%(known)s of %(members)s known") % {
                "known": one.known,
                "members": one.members,
            }
        lines.setdefault(one.entered, []).append((heading, words, note))
    return list(lines.items())


def _survival(found: Results) -> Any:
    if not any(one.share is not None for one in found.surviving):
        return None
    points = [
        charts.Point(
            name=ngettext("%(count)s year", "%(count)s years", one.years) % {"count": one.years},
            value=float(one.share * 100) if one.share is not None else None,
            value_label=formats.percent(one.share) if one.share is not None else "",
            state="counted" if one.share is not None else "unknown",
        )
        for one in found.surviving
    ]
    return charts.trajectory(
        points,
        title=_("Share still active after their first support"),
        description=_("One bar for each year since the first support."),
        id="chart-survival",
        tick_label=lambda tick: formats.percent(tick / 100),
    )


HEADINGS = ("year", "figure", "split", "part", "value", "enterprises", "asked", "answered")


@public
@require_safe
def export(request: HttpRequest, format: str) -> HttpResponseBase:
    """Every published number as a file: those of the page, and no other."""
    if format not in FORMATS:
        raise Http404
    headings = [
        Heading(_("Year"), Kind.NUMBER),
        Heading(_("Figure")),
        Heading(_("Split")),
        Heading(_("Part")),
        Heading(_("Value"), Kind.NUMBER),
        Heading(_("Enterprises"), Kind.NUMBER),
        Heading(_("Asked"), Kind.NUMBER),
        Heading(_("Answered"), Kind.NUMBER),
    ]
    rows = ([getattr(line, name) for name in HEADINGS] for line in read.lines(read.results().years))
    return export_response(headings, rows, name=_("observatory"), format=format)
