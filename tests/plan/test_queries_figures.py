"""Figures against a naive evaluator, and against the evidence that each page shows."""

from __future__ import annotations

import os
import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from diapason.kernel.measures import fold
from diapason.kernel.texts import Text
from diapason.plan.contracts import Status, Why
from diapason.plan.models import Action, Indicator, Plan, Reading, Target
from diapason.plan.queries.evidence import evidence
from diapason.plan.queries.figures import figure, figures, indicators_of, reference_period, worst
from tests.plan.factories import somebody_who_approves
from tests.plan.oracle import NaiveIndicator, NaivePlan, NaiveReading, evaluate

# `make prove` tries 10,000 plans; the suite is content with fewer.
PLANS = 10_000 if os.environ.get("DIAPASON_PROVE") else 120

AGGREGATIONS = ["per_period", "cumulative", "latest", "ratio", "distinct", "cohort", "per_event"]


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


def _amount(rng: random.Random, whole: bool) -> Fraction:
    high = rng.choice([3, 12, 200])
    return Fraction(rng.randint(0, high)) if whole else Fraction(rng.randint(0, high * 4), 4)


def _random_plan(rng: random.Random) -> NaivePlan:
    first = date(rng.choice([2017, 2018]), rng.choice([1, 1, 7]), rng.choice([1, 15]))
    last = date(rng.choice([2019, 2020]), rng.choice([12, 12, 6]), rng.choice([30, 12]))
    indicators = []
    for number in range(rng.randint(1, 3)):
        kind = rng.choice(AGGREGATIONS)
        whole = rng.random() < 0.6
        goals, unknown = {}, set()
        for year in range(first.year, last.year + 1):
            drawn = rng.random()
            if drawn < 0.2:
                continue
            low, high = sorted([_amount(rng, whole), _amount(rng, whole)])
            if drawn < 0.3:
                unknown.add(year)
                goals[year] = (None, None, False, False)
            elif drawn < 0.6:
                goals[year] = (low, low, False, kind == "per_event")
            elif drawn < 0.75:
                goals[year] = (low, None, False, kind == "per_event")
            elif drawn < 0.85 and kind != "per_event":
                goals[year] = (None, high, False, False)
            else:
                goals[year] = (low, high, True, False)
        indicator = NaiveIndicator(
            code=f"indicator-{number}",
            aggregation=kind,
            direction=rng.choice(["more", "less"]),
            percent=kind in ("ratio", "cohort") and rng.random() < 0.5,
            whole=whole,
            lag=rng.randint(1, 3) if kind == "cohort" else 0,
            baseline=_amount(rng, whole) if rng.random() < 0.4 else None,
            goals=goals,
            unknown_goals=unknown,
        )
        for order in range(rng.choice([0, 1, 4, 12])):
            on = first + timedelta(days=rng.randint(-40, (last - first).days + 1200))
            indicator.readings.append(
                NaiveReading(
                    on=on,
                    value=_amount(rng, whole),
                    denominator=Fraction(rng.randint(1, 50))
                    if kind in ("ratio", "cohort")
                    else None,
                    approved=rng.random() < 0.8,
                    order=order,
                )
            )
        indicators.append(indicator)
    return NaivePlan(first, last, indicators)


def _stored(naive: NaivePlan, code: str) -> Plan:
    plan = Plan.objects.create(
        code=code,
        title=Text(en=code),
        starts=naive.first,
        ends=naive.last + timedelta(days=1),
        languages=["en"],
    )
    action = Action.objects.create(plan=plan, code="work", title=Text(en="Work"))
    readings, targets = [], []
    approver = somebody_who_approves()
    for place, indicator in enumerate(naive.indicators):
        unit = "percent" if indicator.percent else "visits" if indicator.whole else "hours"
        stored = Indicator.objects.create(
            action=action,
            code=indicator.code,
            place=place,
            kind="output",
            unit=unit,
            aggregation=indicator.aggregation,
            direction=indicator.direction,
            lag_years=indicator.lag,
            baseline=_decimal(indicator.baseline),
        )
        for year, (low, high, is_range, per_event) in indicator.goals.items():
            targets.append(
                Target(
                    indicator=stored,
                    period=str(year),
                    low=_decimal(low),
                    high=_decimal(high),
                    exact=low is not None and low == high and not is_range,
                    per_event=per_event,
                    unknown=year in indicator.unknown_goals,
                )
            )
        for reading in indicator.readings:
            readings.append(
                Reading(
                    indicator=stored,
                    on=reading.on,
                    value=_decimal(reading.value),
                    denominator=_decimal(reading.denominator),
                    source="a source",
                    state="approved" if reading.approved else "declared",
                    decided_at=timezone.now() if reading.approved else None,
                    decided_by=approver if reading.approved else None,
                )
            )
    Target.objects.bulk_create(targets)
    Reading.objects.bulk_create(readings)
    return plan


@pytest.mark.proof
@pytest.mark.django_db
def test_figures_agree_with_a_naive_evaluator_and_with_their_evidence():
    seed = int(os.environ.get("DIAPASON_ORACLE_SEED", random.randrange(10**9)))
    rng = random.Random(seed)
    statuses, plans = set(), 0
    # Some statuses are rare: a few plans more, until each was seen.
    while plans < PLANS or (statuses != set(Status) and plans < 10 * PLANS):
        plans += 1
        # Each plan is taken back before the next: what was kept of it must not serve again.
        with transaction.atomic():
            statuses |= _one_plan_agrees(rng, f"seed {seed}, plan {plans}")
            transaction.set_rollback(True)
    assert statuses == set(Status), "the random plans do not reach every status"
    print(f"\n{plans} random plans (seed {seed}): every figure agrees, and its evidence adds up")


def _one_plan_agrees(rng, label):
    """Hold every figure of one random plan against the naive evaluator; gives their statuses."""
    naive = _random_plan(rng)
    plan = _stored(naive, "plan")
    at = naive.first + timedelta(days=rng.randint(-30, 1400))
    expected = evaluate(naive, at)
    found = figures(plan, at=at)
    assert len(found) == len(expected)
    by_code = {indicator.code: indicator for indicator in indicators_of(plan)}
    for one in found:
        value, status, rows = expected[one.indicator, int(one.period.key)]
        where = f"{label}, {one} at {at}"
        assert one.evidence_count == rows, where
        assert (one.value is None) == (value is None), where
        if value is not None:
            assert abs(one.value - _decimal(value)) < Decimal("1e-9"), where
        assert one.status == status, f"{where}: expected {status}"
        if rng.random() < 0.2:
            _assert_evidence_adds_up(by_code[one.indicator], plan, one, at, where)
    return {one.status for one in found}


def _assert_evidence_adds_up(indicator, plan, one, at, where):
    shown = evidence(indicator, plan, one.period, at)
    number = shown.number()
    lines = list(shown.every_line(AnonymousUser(), step=3))
    assert number.rows == len(lines) == one.evidence_count, where
    if one.value is None:
        assert number.value is None, where
        return
    assert abs(number.value - one.value) < Decimal("1e-9"), where
    assert abs(fold(shown.value, lines) - one.value) < Decimal("1e-9"), where


@pytest.fixture
def plan(db):
    return Plan.objects.create(
        code="harbour",
        title=Text(en="Harbour"),
        starts=date(2018, 1, 1),
        ends=date(2022, 1, 1),
        languages=["en"],
        loaded_at=timezone.now(),
    )


def _indicator(plan, **fields):
    action = Action.objects.create(plan=plan, code=f"a{Action.objects.count()}")
    given = {
        "code": "visits",
        "kind": "output",
        "unit": "visits",
        "aggregation": "per_period",
        "direction": "more",
    }
    return Indicator.objects.create(action=action, **(given | fields))


def _approved(indicator, on, value, **fields):
    return Reading.objects.create(
        indicator=indicator,
        on=on,
        value=value,
        source="register",
        state="approved",
        decided_at=timezone.now(),
        decided_by=somebody_who_approves(),
        **fields,
    )


def test_missing_is_not_zero(plan):
    indicator = _indicator(plan)
    Target.objects.create(indicator=indicator, period="2019", low=15, high=15, exact=True)
    one = figure(indicator, plan, plan.period("2019"), at=date(2019, 12, 31))
    assert one.value is None
    assert (one.status, one.why) == (Status.UNKNOWN, Why.NO_DATA)
    _approved(indicator, date(2019, 3, 1), 0)
    one = figure(indicator, plan, plan.period("2019"), at=date(2019, 12, 31))
    assert one.value == 0
    assert one.status == Status.MISSED


def test_a_measure_without_its_room_is_not_yet_measurable_until_somebody_declares(plan):
    indicator = _indicator(plan, measure="nowhere.visits")
    Target.objects.create(indicator=indicator, period="2019", low=1, high=1, exact=True)
    period = plan.period("2019")
    assert figure(indicator, plan, period, at=date(2019, 6, 1)).why == Why.NO_MEASURE
    _approved(indicator, date(2019, 5, 1), 1)
    one = figure(indicator, plan, period, at=date(2019, 6, 1))
    assert one.declared
    assert one.status == Status.AHEAD


def test_an_earlier_period_edited_changes_the_later_totals(plan):
    """akvo-rsr#5241: cumulative totals kept their old value."""
    indicator = _indicator(plan, aggregation="cumulative")
    _approved(indicator, date(2019, 5, 1), 3)
    at = date(2021, 12, 31)
    before = {one.period.key: one.value for one in figures(plan, at=at)}
    assert before == {"2018": None, "2019": 3, "2020": 3, "2021": 3}
    _approved(indicator, date(2018, 5, 1), 2)
    after = {one.period.key: one.value for one in figures(plan, at=at)}
    assert after == {"2018": 2, "2019": 5, "2020": 5, "2021": 5}


@pytest.mark.parametrize("aggregation", ["cumulative", "distinct", "per_period"])
def test_a_year_that_has_not_begun_has_no_figure_yet(plan, aggregation):
    indicator = _indicator(plan, aggregation=aggregation)
    _approved(indicator, date(2018, 5, 1), 3)
    found = figure(indicator, plan, plan.period("2019"), at=date(2018, 12, 31))
    assert (found.value, found.why, found.evidence_count) == (None, Why.NOT_STARTED, 0)
    begun = figure(indicator, plan, plan.period("2019"), at=date(2019, 1, 1))
    assert begun.value == (None if aggregation == "per_period" else 3)


def test_a_decreasing_goal_is_not_stuck_at_nothing(plan):
    """UNICEF PRP: the progress of a decreasing target stayed at 0."""
    indicator = _indicator(
        plan, aggregation="latest", direction="less", unit="days", baseline=Decimal(60)
    )
    Target.objects.create(indicator=indicator, period="2018", low=20, high=20, exact=True)
    _approved(indicator, date(2018, 6, 30), 40)
    one = figure(indicator, plan, plan.period("2018"), at=date(2018, 7, 2))
    assert one.status == Status.ON_TRACK
    assert abs(one.expected - 40) < Decimal("0.5")


def test_only_what_is_known_at_the_date_counts(plan):
    indicator = _indicator(plan)
    _approved(indicator, date(2019, 3, 1), 1)
    _approved(indicator, date(2019, 9, 1), 1)
    period = plan.period("2019")
    assert figure(indicator, plan, period, at=date(2019, 8, 31)).value == 1
    assert figure(indicator, plan, period, at=date(2019, 9, 1)).value == 2


def test_boundary_days_belong_to_one_period_only(plan):
    indicator = _indicator(plan)
    _approved(indicator, date(2019, 1, 1), 1)
    _approved(indicator, date(2019, 12, 31), 10)
    _approved(indicator, date(2020, 1, 1), 100)
    values = {one.period.key: one.value for one in figures(plan, at=date(2021, 12, 31))}
    assert values == {"2018": None, "2019": 11, "2020": 100, "2021": None}


def test_each_event_must_reach_a_goal_set_for_each_event(plan):
    indicator = _indicator(plan, aggregation="per_event", unit="businesses")
    Target.objects.create(indicator=indicator, period="2019", low=10, high=10, per_event=True)
    _approved(indicator, date(2019, 3, 1), 30)
    _approved(indicator, date(2019, 4, 1), 8)
    one = figure(indicator, plan, plan.period("2019"), at=date(2019, 12, 31))
    assert one.value == 19, "the average alone would hide the event that fell short"
    assert one.reached == (1, 2)
    assert one.status == Status.MISSED


def test_the_dashboard_asks_the_same_number_of_queries_whatever_there_is(
    plan, django_assert_num_queries
):
    at = date(2020, 6, 30)
    for count in (1, 9):
        for number in range(count):
            indicator = _indicator(plan, code=f"i{number}")
            Target.objects.create(indicator=indicator, period="2020", low=1, high=1, exact=True)
            for day in range(1, 1 + 3 * count):
                _approved(indicator, date(2020, 1, day), 1)
        with time_machine.travel(at, tick=False), django_assert_num_queries(5):
            figures(plan, at=at)
        with time_machine.travel(at, tick=False), django_assert_num_queries(1):
            figures(plan, at=at)
        # Of another day: anybody may ask, and no figure is kept; the plan's structure is.
        for queries in (4, 3):
            with django_assert_num_queries(queries):
                figures(plan, at=at)


def test_the_period_that_today_speaks_of(plan):
    assert reference_period(plan, date(2017, 5, 1)).key == "2018"
    assert reference_period(plan, date(2020, 5, 1)).key == "2020"
    assert reference_period(plan, date(2026, 5, 1)).key == "2021"


def test_the_worst_known_status_speaks_for_several():
    assert worst([Status.UNKNOWN, Status.AHEAD]) == Status.AHEAD
    assert worst([Status.ON_TRACK, Status.AT_RISK, Status.AHEAD]) == Status.AT_RISK
    assert worst([]) == Status.UNKNOWN
