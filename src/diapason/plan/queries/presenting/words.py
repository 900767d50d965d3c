"""Figures in words: amounts, goals, verdicts, and why nothing is known."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diapason.kernel import money
from diapason.kernel.measures import Unit
from diapason.plan.contracts import Aggregation, Figure, Goal, Status, Why
from diapason.plan.models import Indicator
from diapason.ui import formats
from diapason.ui.formats import NO_BREAK


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


def told(figure: Figure) -> str:
    """One figure for a listener: "3 of 5, at risk"."""
    if figure.value is None:
        return verdict(figure).rstrip(".").lower()
    return f"{of_goal(figure)}, {status_word(figure).lower()}"


def of_goal(figure: Figure) -> str:
    """ "3 of 5", or the value alone."""
    value = amount(figure.value, figure.unit)
    aim = goal(figure.aim, figure.unit)
    return _("%(value)s of %(goal)s") % {"value": value, "goal": aim} if aim else value


def coverage(figure: Figure) -> str:
    """ "9 of 14 replied", or nothing where nobody was asked."""
    if not figure.asked:
        return ""
    return _("%(replied)s of %(asked)s replied") % {
        "replied": formats.number(figure.replied or 0),
        "asked": formats.number(figure.asked),
    }


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
