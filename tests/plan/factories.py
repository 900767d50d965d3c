"""A plan and what people add to it, for tests: by default an incubation plan of 2018 to 2021."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from diapason.directory.models import User
from diapason.kernel.measures import Unit
from diapason.plan.contracts import Aggregation, Direction, IndicatorKind, ReadingState
from diapason.plan.models import (
    Action,
    Axis,
    BudgetEntry,
    BudgetLine,
    Indicator,
    Plan,
    Reading,
    Target,
    Task,
)
from tests.directory.factories import OrganisationFactory, UserFactory


def both(words: str) -> factory.LazyAttribute:
    """The same words in both languages, told apart, with the object's code."""
    return factory.LazyAttribute(
        lambda made: {"fr": f"{words} {made.code} (fr)", "en": f"{words} {made.code} (en)"}
    )


class PlanFactory(DjangoModelFactory):
    class Meta:
        model = Plan

    code = factory.Sequence(lambda n: f"plan-{n}")
    title = both("Plan")
    territory = both("Territory")
    languages = factory.LazyFunction(lambda: ["fr", "en"])
    starts = date(2018, 1, 1)
    ends = date(2022, 1, 1)
    loaded_at = datetime(2018, 1, 1, tzinfo=UTC)


class AxisFactory(DjangoModelFactory):
    class Meta:
        model = Axis

    plan = factory.SubFactory(PlanFactory)
    code = factory.Sequence(lambda n: f"axis-{n}")
    number = 1
    title = both("Axis")


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = Action

    plan = factory.SubFactory(PlanFactory)
    axis = factory.SubFactory(AxisFactory, plan=factory.SelfAttribute("..plan"))
    code = factory.Sequence(lambda n: f"action-{n}")
    number = 1
    title = both("Action")
    short = both("Short")


class IndicatorFactory(DjangoModelFactory):
    """Declared by people and counted in each period, unless told otherwise."""

    class Meta:
        model = Indicator

    action = factory.SubFactory(ActionFactory)
    code = factory.Sequence(lambda n: f"indicator-{n}")
    kind = IndicatorKind.OUTPUT
    title = both("Indicator")
    short = both("Short")
    unit = Unit.ENTERPRISES
    aggregation = Aggregation.PER_PERIOD
    direction = Direction.MORE
    lag_years = factory.LazyAttribute(lambda made: int(made.aggregation == Aggregation.COHORT))


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = Target

    indicator = factory.SubFactory(IndicatorFactory)
    period = "2019"
    low = Decimal(5)
    high = Decimal(5)
    exact = True


def somebody_who_approves() -> User:
    """The person who approved what no test says who did."""
    found = User.objects.filter(email="approves@example.org").first()
    return found or UserFactory(email="approves@example.org", name="Paule Prouve")


class ReadingFactory(DjangoModelFactory):
    """Approved unless `state` says otherwise; nobody's unless `declared_by` says whose."""

    class Meta:
        model = Reading

    indicator = factory.SubFactory(IndicatorFactory)
    on = date(2019, 6, 30)
    value = Decimal(3)
    source = factory.Sequence(lambda n: f"Yearly report {n}")
    state = ReadingState.APPROVED
    declared_at = datetime(2019, 7, 1, tzinfo=UTC)
    decided_at = factory.LazyAttribute(
        lambda made: (
            None if made.state == ReadingState.DECLARED else datetime(2019, 7, 2, tzinfo=UTC)
        )
    )
    decided_by = factory.LazyAttribute(
        lambda made: (
            somebody_who_approves()
            if made.state in {ReadingState.APPROVED, ReadingState.CORRECTED}
            and not getattr(made, "from_plan", False)
            else None
        )
    )
    return_reason = factory.LazyAttribute(
        lambda made: "The source is not the right one." * (made.state == ReadingState.RETURNED)
    )


class TaskFactory(DjangoModelFactory):
    class Meta:
        model = Task

    action = factory.SubFactory(ActionFactory)
    code = factory.Sequence(lambda n: f"task-{n}")
    title = both("Task")


class BudgetLineFactory(DjangoModelFactory):
    class Meta:
        model = BudgetLine

    action = factory.SubFactory(ActionFactory)
    code = factory.Sequence(lambda n: f"line-{n}")
    label = both("Line")
    funder = factory.SubFactory(OrganisationFactory)
    year = 2019
    planned_cents = 30_000_00


class BudgetEntryFactory(DjangoModelFactory):
    class Meta:
        model = BudgetEntry

    line = factory.SubFactory(BudgetLineFactory)
    kind = BudgetEntry.SPENT
    amount_cents = 1_000_00
    on = date(2019, 6, 30)
    source = factory.Sequence(lambda n: f"Invoice {n}")
