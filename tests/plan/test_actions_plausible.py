"""Figures that cannot be true are refused, beside the field in question."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from diapason.kernel import clock
from diapason.kernel.measures import Count, Evidence, Unit, _registry, measure
from diapason.kernel.refusals import Refusal
from diapason.plan.actions.plausible import refuse_implausible
from diapason.plan.contracts import Aggregation
from diapason.plan.contracts.values import DeclaredValue
from diapason.plan.models import Task
from tests.plan.factories import IndicatorFactory

pytestmark = pytest.mark.django_db


def declare(indicator: Any, **fields: Any) -> None:
    given = {"value": Decimal(3), "on": date(2019, 6, 30), "source": "Report"} | fields
    refuse_implausible(indicator, indicator.action.plan, DeclaredValue(**given))


def refused(indicator: Any, field: str, words: str, **fields: Any) -> None:
    with override("en"), pytest.raises(Refusal, match=words) as refusal:
        declare(indicator, **fields)
    assert refusal.value.field == field


def test_a_plain_figure_passes() -> None:
    declare(IndicatorFactory())
    declare(IndicatorFactory(), value=Decimal(0))
    declare(IndicatorFactory(unit=Unit.FTE), value=Decimal("1.5"))
    declare(IndicatorFactory(unit=Unit.EUROS), value=Decimal(-200))


@pytest.mark.parametrize(
    ("on", "passes"),
    [
        (date(2016, 12, 31), False),
        (date(2017, 1, 1), True),
        (date(2021, 12, 31), True),
        (date(2022, 1, 1), False),
    ],
)
def test_the_date_lies_in_the_plan_or_the_year_before(on: date, passes: bool) -> None:
    if passes:
        declare(IndicatorFactory(), on=on)
    else:
        refused(IndicatorFactory(), "on", "outside the plan", on=on)


def test_the_future_is_not_declared() -> None:
    refused(
        IndicatorFactory(action__plan__ends=date(2100, 1, 1)),
        "on",
        "in the future",
        on=clock.today() + timedelta(days=1),
    )
    declare(IndicatorFactory(action__plan__ends=date(2100, 1, 1)), on=clock.today())


def test_a_cohort_is_looked_back_on_after_the_plan() -> None:
    cohort = IndicatorFactory(aggregation=Aggregation.COHORT, lag_years=3, unit=Unit.PERCENT)
    declare(cohort, on=date(2024, 12, 31), denominator=Decimal(10))
    refused(cohort, "on", "outside", on=date(2025, 1, 1), denominator=Decimal(10))


def test_a_source_is_needed() -> None:
    refused(IndicatorFactory(), "source", "comes from", source="  ")


@pytest.mark.parametrize("aggregation", [Aggregation.RATIO, Aggregation.COHORT])
def test_a_share_is_out_of_something(aggregation: Aggregation) -> None:
    share = IndicatorFactory(aggregation=aggregation, unit=Unit.PERCENT)
    refused(share, "denominator", "out of how many")
    refused(share, "denominator", "greater than zero", denominator=Decimal(0))
    refused(share, "value", "exceed its whole", denominator=Decimal(2))
    declare(share, denominator=Decimal(3))


@pytest.mark.parametrize(
    "aggregation",
    [
        Aggregation.PER_PERIOD,
        Aggregation.CUMULATIVE,
        Aggregation.LATEST,
        Aggregation.DISTINCT,
        Aggregation.PER_EVENT,
    ],
)
def test_other_figures_are_not(aggregation: Aggregation) -> None:
    plain = IndicatorFactory(aggregation=aggregation)
    declare(plain)
    refused(plain, "denominator", "not out of anything", denominator=Decimal(10))


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        (Unit.ENTERPRISES, "-1", "negative"),
        (Unit.ENTERPRISES, "1.5", "whole number"),
        (Unit.ENTERPRISES, "NaN", "not a number"),
        (Unit.EUROS, "Infinity", "not a number"),
        (Unit.PERCENT, "100.1", "between 0 and 100"),
        (Unit.PERCENT, "-1", "negative"),
    ],
)
def test_the_number_fits_its_unit(unit: Unit, value: str, words: str) -> None:
    refused(IndicatorFactory(unit=unit), "value", words, value=Decimal(value))


def test_a_hundred_is_a_limit_of_percentages_alone() -> None:
    declare(IndicatorFactory(unit=Unit.PERCENT), value=Decimal(100))
    declare(IndicatorFactory(unit=Unit.ENTERPRISES), value=Decimal(101))


def test_what_left_the_plan_takes_no_figure() -> None:
    refused(IndicatorFactory(retired_at="2020-01-01T00:00Z"), "indicator", "no longer in the plan")


@pytest.fixture
def offered() -> Any:
    """A measure that a room offers."""

    @measure("planacts.offered", unit=Unit.ENTERPRISES, tables=("plan_task",))
    def offered_measure(window: Any) -> Evidence:
        return Evidence(rows=Task.objects.all(), value=Count(), on="done_on", label="title")

    yield "planacts.offered"
    del _registry["planacts.offered"]


def test_a_figure_that_is_computed_is_not_declared(offered: str) -> None:
    refused(IndicatorFactory(measure=offered), "on", "nothing to declare")
    later = IndicatorFactory(measure=offered, measured_from=date(2019, 1, 1))
    refused(later, "on", "computed from records since 1\u00a0January 2019", on=date(2019, 1, 1))
    declare(later, on=date(2018, 12, 31))


def test_readings_stand_in_for_a_measure_that_no_room_offers_yet() -> None:
    declare(IndicatorFactory(measure="nowhere.counted"))
