"""Figures in words and drawings, in the reader's language. Nothing here asks the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from diapason.kernel import money
from diapason.kernel.measures import Count as RowCount
from diapason.kernel.measures import CountDistinct, Evidence, Latest, Line, Number, Ratio, Unit
from diapason.kernel.spreadsheets import Kind
from diapason.plan.contracts import Aggregation, Figure, Goal, Status, Why
from diapason.plan.models import Indicator
from diapason.ui import charts, formats
from diapason.ui.formats import NO_BREAK

# The order in which a summary lists statuses, and the faces it gives them.
SUMMARY = (Status.AHEAD, Status.ON_TRACK, Status.AT_RISK, Status.MISSED, Status.UNKNOWN)


def amount(value: Decimal | None, unit: Unit | str) -> str:
    """A value with its sign of unit: "12 000 €", "12,5 %", "3"."""
    if value is None:
        return formats.MISSING
    if unit == Unit.EUROS:
        return formats.money(money.cents(value))
    if unit == Unit.PERCENT:
        sign = f"{NO_BREAK}%" if formats.french() else "%"
        return formats.number(value, None if value == value.to_integral() else 1) + sign
    return formats.number(value)


def goal(aim: Goal | None, unit: Unit | str) -> str:
    """A target in few words: "5", "8 to 10", "at least 60", "10 at each event"."""
    if aim is None:
        return ""
    if aim.unknown:
        return _("to be set")
    low = amount(aim.low, unit)
    high = amount(aim.high, unit)
    if aim.per_event:
        return _("%(number)s at each event") % {"number": low if aim.low is not None else high}
    if aim.exact:
        return low
    if aim.is_range:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    if aim.low is not None:
        return _("at least %(number)s") % {"number": low}
    return _("at most %(number)s") % {"number": high}


def goal_beside(aim: Goal | None, unit: Unit | str) -> str:
    """The target as it stands after a slash beside a small bar, where there is little room."""
    if aim is None or aim.unknown:
        return ""
    if aim.is_range:
        return goal(aim, unit)
    return amount(aim.low if aim.low is not None else aim.high, unit)


def face(figure: Figure) -> str:
    """The key of the state that the interface draws: a finished period that held its promise is
    "met" rather than "on track"; a value that no target asks for is "counted"."""
    if figure.why is Why.NO_TARGET:
        return "counted"
    if figure.status == Status.ON_TRACK and not figure.running:
        return "met"
    return figure.status.value


def verdict(figure: Figure) -> str:
    """The status as a short sentence: "At risk: 4.5 expected by now", "Missed: 4 of 5"."""
    word = status_word(figure)
    if figure.status is Status.UNKNOWN:
        return str(figure.why.label) or word
    aim = figure.goal
    if figure.reached is not None:
        reached, events = figure.reached
        return ngettext(
            "%(word)s: %(reached)s of %(events)s event reached it",
            "%(word)s: %(reached)s of %(events)s events reached it",
            events,
        ) % {"word": word, "reached": formats.number(reached), "events": formats.number(events)}
    if figure.running and figure.expected is not None and figure.status is not Status.AHEAD:
        rounded = figure.expected.quantize(Decimal("0.1"))
        return _("%(word)s: %(expected)s expected by now") % {
            "word": word,
            "expected": amount(rounded, figure.unit),
        }
    return _("%(word)s: %(value)s for %(goal)s") % {
        "word": word,
        "value": amount(figure.value, figure.unit),
        "goal": goal(aim, figure.unit),
    }


def status_word(figure: Figure) -> str:
    if figure.why is Why.NO_TARGET:
        return _("Counted, no target")
    if figure.running or figure.status in {Status.MISSED, Status.UNKNOWN, Status.AT_RISK}:
        return str(figure.status.label)
    return _("Exceeded") if figure.status is Status.AHEAD else _("Met")


def small_bar(figure: Figure, name: str, url: str = "") -> charts.Bar:
    """The bar of one figure, as on the plan's screen; `url` leads to what it is made of."""
    aim = figure.goal if figure.goal and not figure.goal.unknown else None
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
        if figure.goal and not figure.goal.unknown:
            words = goal(figure.goal, figure.unit)
            aim = charts.Goal(
                low=_float(figure.goal.low),
                high=_float(figure.goal.high),
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


def told(figure: Figure) -> str:
    """One figure for a listener: "3 of 5, at risk"."""
    if figure.value is None:
        return verdict(figure).rstrip(".").lower()
    return f"{of_goal(figure)}, {status_word(figure).lower()}"


def of_goal(figure: Figure) -> str:
    """ "3 of 5", or the value alone."""
    value = amount(figure.value, figure.unit)
    aim = goal(figure.goal, figure.unit) if figure.goal and not figure.goal.unknown else ""
    return _("%(value)s of %(goal)s") % {"value": value, "goal": aim} if aim else value


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


def coverage(figure: Figure) -> str:
    """ "9 of 14 replied", or nothing where nobody was asked."""
    if not figure.asked:
        return ""
    return _("%(replied)s of %(asked)s replied") % {
        "replied": formats.number(figure.replied or 0),
        "asked": formats.number(figure.asked),
    }


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
            lambda line, name=name: line.dimensions[name],
            lambda line, name=name: str(line.dimensions[name] or formats.MISSING),
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
    "commune": gettext_lazy("Commune"),
    "funder": gettext_lazy("Funder"),
    "gender": gettext_lazy("Gender"),
    "organisation": gettext_lazy("Organisation"),
    "sector": gettext_lazy("Sector"),
    "stage": gettext_lazy("Stage"),
    "structure": gettext_lazy("Structure"),
}


def dimension(name: str) -> str:
    return str(DIMENSIONS.get(name, name))


def breakdown(shown: Evidence, name: str, unit: Unit) -> list[charts.Strip]:
    """The number by part; a part that would disclose somebody's own figure is left without one."""
    parts = []
    for part, number in shown.split(name):
        label = _("not published") if number.withheld else amount(number.value, unit)
        parts.append(
            charts.Part(
                name=str(part or formats.MISSING), value=float(number.value or 0), label=label
            )
        )
    return charts.bars(parts)


def explain(why: Why) -> str:
    return str(why.label)


def source_words(figure: Figure, indicator: Indicator) -> str:
    """Where the figure comes from."""
    if figure.declared or not indicator.measure:
        return _("Figures declared by the people in charge, each approved by somebody else.")
    if figure.why is Why.NO_MEASURE:
        return _("The records of the work, as soon as the tool that keeps them is installed.")
    return _("The records of the work, live.")


def counted_how(indicator: Indicator) -> str:
    how = str(Aggregation(indicator.aggregation).label)
    if indicator.lag_years:
        years = ngettext("%(count)s year later", "%(count)s years later", indicator.lag_years)
        how = years % {"count": indicator.lag_years}
    return how[:1].upper() + how[1:]


def joins(indicator: Indicator) -> str:
    """What a declared figure does to those that were declared before it."""
    match Aggregation(indicator.aggregation):
        case Aggregation.LATEST:
            return _("A figure takes the place of those of an earlier day.")
        case Aggregation.PER_PERIOD | Aggregation.CUMULATIVE:
            return _("A figure is added to those already declared: give only what is new.")
        case Aggregation.PER_EVENT:
            return _("Give one figure for each event.")
    return ""


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
