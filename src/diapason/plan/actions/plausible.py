"""Whether a declared figure can be true: its date, its sign, what it is out of, its source."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from diapason.kernel import periods
from diapason.kernel.measures import Unit
from diapason.kernel.periods import years_later
from diapason.kernel.refusals import Refusal, refuse_future
from diapason.kernel.wording import date_long
from diapason.plan.contracts import SHARES
from diapason.plan.contracts.values import DeclaredValue
from diapason.plan.models import Indicator, Plan
from diapason.plan.queries.evidence import source

# How long before the plan a starting figure may have been counted.
YEARS_BEFORE = 1
# How long before it people may have prepared it: ordered, decided, begun.
YEARS_PREPARED = 5


def refuse_long_before(plan: Plan, on: date, *, field: str) -> None:
    """Refuse a day, given in `field`, on which nobody can have worked for the plan yet: a slip."""
    first = years_later(plan.starts, -YEARS_PREPARED)
    if on < first:
        raise Refusal(
            _("This date is long before the plan: choose one from %(first)s on.")
            % {"first": date_long(first)},
            field=field,
        )


def refuse_implausible(indicator: Indicator, plan: Plan, value: DeclaredValue) -> None:
    """Raise a Refusal, beside the field in question, for a figure that cannot be declared."""
    if indicator.retired_at is not None:
        raise Refusal(_("This indicator is no longer in the plan."), field="indicator")
    if not value.source.strip():
        raise Refusal(_("Say where the figure comes from."), field="source")
    _refuse_date(indicator, plan, value.on)
    _refuse_measured(indicator, plan, value.on)
    _refuse_number(indicator, value)


def _refuse_date(indicator: Indicator, plan: Plan, on: date) -> None:
    refuse_future(on, field="on")
    first = years_later(plan.starts, -YEARS_BEFORE)
    last = years_later(plan.last_day, indicator.lag_years)
    if not first <= on <= last:
        raise Refusal(
            _("The date lies outside the plan: choose one from %(first)s to %(last)s.")
            % {"first": date_long(first), "last": date_long(last)},
            field="on",
        )


def _refuse_measured(indicator: Indicator, plan: Plan, on: date) -> None:
    """A figure that a measure counts in that period is not declared as well."""
    entered = years_later(on, -indicator.lag_years)
    period = periods.of_day(periods.PeriodKind(plan.period_kind), entered)
    if source(indicator, period).measure is None:
        return
    if indicator.measured_from is None:
        message = _("This figure is computed from records: there is nothing to declare.")
    else:
        message = _("This figure is computed from records since %(day)s.") % {
            "day": date_long(indicator.measured_from)
        }
    raise Refusal(message, field="on")


def _refuse_number(indicator: Indicator, value: DeclaredValue) -> None:
    unit, share = Unit(indicator.unit), indicator.aggregation in SHARES
    for field, number in (("value", value.value), ("denominator", value.denominator)):
        if number is not None and not number.is_finite():
            raise Refusal(_("This is not a number."), field=field)
    if share:
        if value.denominator is None:
            raise Refusal(_("Say out of how many."), field="denominator")
        if value.denominator <= 0:
            raise Refusal(
                _("The figure is out of a number greater than zero."), field="denominator"
            )
        if unit is Unit.PERCENT and value.value > value.denominator:
            raise Refusal(_("A part cannot exceed its whole."), field="value")
    elif value.denominator is not None:
        raise Refusal(_("This figure is not out of anything."), field="denominator")
    if value.value < 0 and unit is not Unit.EUROS:
        raise Refusal(_("This figure cannot be negative."), field="value")
    if not share and unit is Unit.PERCENT and value.value > 100:
        raise Refusal(_("A percentage lies between 0 and 100."), field="value")
    if unit.counts_things and not share and value.value != value.value.to_integral_value():
        raise Refusal(_("Give a whole number: these cannot be cut in two."), field="value")
