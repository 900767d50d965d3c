"""Figures as charts: small bars, trajectories, breakdowns, how many stand where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from diapason.kernel.measures import Evidence, Unit
from diapason.plan.contracts import Figure
from diapason.plan.models import Indicator
from diapason.plan.queries.presenting.words import amount, face, goal, goal_beside, told
from diapason.ui import charts, formats


def small_bar(figure: Figure, name: str, url: str = "") -> charts.Bar:
    """The bar of one figure, as on the plan's screen; `url` leads to what it is made of."""
    aim = figure.aim
    return charts.bar(
        _float(figure.value),
        value_label=amount(figure.value, figure.unit),
        low=_float(aim.low) if aim else None,
        high=_float(aim.high) if aim else None,
        goal_label=goal_beside(aim, figure.unit),
        status=face(figure),
        name=name,
        url=url,
    )


def trajectory(indicator: Indicator, figures: Sequence[Figure], address: str) -> charts.Trajectory:
    """The chart of an indicator over its periods; each period leads to its own evidence."""
    points = []
    for figure in figures:
        aim = None
        if figure.aim is not None:
            words = goal(figure.aim, figure.unit)
            aim = charts.Goal(
                low=_float(figure.aim.low),
                high=_float(figure.aim.high),
                label=_("target %(goal)s") % {"goal": words},
                short=words,
            )
        points.append(
            charts.Point(
                name=figure.period.label,
                value=_float(figure.value),
                value_label=amount(figure.value, figure.unit),
                state=face(figure),
                goal=aim,
                url=f"{address}?period={figure.period.key}",
                current=figure.running,
            )
        )
    baseline = None
    if indicator.baseline is not None:
        baseline = (
            float(indicator.baseline),
            _("starting point %(value)s") % {"value": amount(indicator.baseline, indicator.unit)},
        )
    return charts.trajectory(
        points,
        title=str(indicator.title),
        description=" ".join(
            _("%(period)s: %(told)s.") % {"period": figure.period.label, "told": told(figure)}
            for figure in figures
        ),
        value_heading=str(indicator.title),
        baseline=baseline,
        tick_label=lambda tick: amount(Decimal(str(tick)), indicator.unit),
    )


@dataclass(frozen=True)
class Summary:
    """How many indicators stand where, in the period that today speaks of."""

    total: int
    strips: Sequence[Any]


def summary(figures: Iterable[Figure]) -> Summary:
    counts: dict[str, int] = {}
    total = 0
    for figure in figures:
        key = face(figure)
        counts[key] = counts.get(key, 0) + 1
        total += 1
    names = {
        "ahead": _("Ahead"),
        "met": _("Met"),
        "on_track": _("On track"),
        "at_risk": _("At risk"),
        "missed": _("Missed"),
        "counted": _("Counted, no target"),
        "unknown": _("Not yet measurable"),
    }
    parts = [
        charts.Part(name=word, value=counts[key], label=formats.number(counts[key]), status=key)
        for key, word in names.items()
        if counts.get(key)
    ]
    return Summary(total, charts.share(parts))


def breakdown(shown: Evidence, name: str, unit: Unit) -> list[charts.Strip]:
    """The number by part; a part that would disclose somebody's own figure is left without one.
    Nothing where no part is known."""
    split = shown.guarded_split(name) if name in shown.guarded else shown.split(name)
    parts = []
    if all(part in (None, "") for part, _number in split):
        return []  # nobody said: the whole alone tells nothing
    for part, number in split:
        label = _("not published") if number.withheld else amount(number.value, unit)
        parts.append(
            charts.Part(
                name=shown.told(name, part) or formats.MISSING,
                value=float(number.value or 0),
                label=label,
            )
        )
    return charts.bars(parts)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
