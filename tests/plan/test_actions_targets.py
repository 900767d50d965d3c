"""A target that people change keeps what it was, when and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from diapason.directory.contracts import Role
from diapason.kernel import audit
from diapason.kernel.refusals import Refusal
from diapason.plan.actions import change_target
from diapason.plan.contracts import Aggregation, Goal
from diapason.plan.models import Target
from tests.directory.factories import person
from tests.plan.factories import IndicatorFactory, TargetFactory
from tests.plan.racing import race

EIGHT = Goal(Decimal(8), Decimal(8), exact=True)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def target(db: None) -> Target:
    return TargetFactory()


def change(target: Target, **fields: object) -> Target:
    given = {
        "by": person(Role.PROGRAMME_MANAGER, name="Max"),
        "indicator": target.indicator,
        "period": "2019",
        "goal": EIGHT,
        "reason": "Committee of March",
    }
    return change_target(**(given | fields))


def test_the_old_value_its_date_and_reason_stay(target: Target) -> None:
    new = change(target, decided_on=date(2019, 3, 14))
    target.refresh_from_db()
    assert (target.low, target.replaced_at) == (5, new.decided_at)
    assert (new.goal, new.decided_on, new.reason) == (EIGHT, date(2019, 3, 14), new.reason)
    assert new.decided_by.name == "Max"
    assert not new.from_file
    assert audit.history(target)[-1].why == "Committee of March"
    assert Target.objects.filter(replaced_at__isnull=True).get() == new


def test_a_period_without_target_gets_one(target: Target) -> None:
    new = change(target, period="plan", goal=Goal(low=Decimal(60)))
    assert new.period == "plan"
    assert Target.objects.filter(replaced_at__isnull=True).count() == 2


def test_a_target_may_become_unknown_and_a_range(target: Target) -> None:
    assert change(target, goal=Goal(unknown=True)).goal == Goal(unknown=True)
    assert change(target, goal=Goal(Decimal(8), Decimal(10))).goal.is_range


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"reason": " "}, "reason", "why the target changes"),
        ({"decided_on": date(2999, 1, 1)}, "decided_on", "future"),
        ({"decided_on": date(1, 1, 1)}, "decided_on", "long before the plan"),
        ({"period": "2022"}, "period", "2018, 2019, 2020, 2021"),
        ({"period": "2019-Q1"}, "period", "period of the plan"),
        ({"goal": Goal()}, "goal", "Give a value"),
        ({"goal": Goal(low=Decimal(1), unknown=True)}, "goal", "Give a value"),
        ({"goal": Goal(Decimal(9), Decimal(8))}, "goal", "above the upper"),
        ({"goal": Goal(low=Decimal("NaN"))}, "goal", "not a number"),
        ({"goal": Goal(low=Decimal(-1))}, "goal", "negative"),
        ({"goal": Goal(low=Decimal(1), per_event=True)}, "goal", "at each event"),
        ({"goal": Goal(Decimal(5), Decimal(5), exact=True)}, "", "as it is"),
    ],
)
def test_what_cannot_be_is_refused(
    target: Target, fields: dict[str, object], field: str, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refusal:
        change(target, **fields)
    assert refusal.value.field == field
    assert Target.objects.get().replaced_at is None


def test_a_goal_at_each_event_is_for_what_is_counted_so(db: None) -> None:
    target = TargetFactory(indicator__aggregation=Aggregation.PER_EVENT, per_event=True)
    new = change(target, goal=Goal(Decimal(8), Decimal(8), exact=True, per_event=True))
    assert new.per_event


def test_only_managers_change_targets(target: Target) -> None:
    with pytest.raises(PermissionDenied):
        change(target, by=person(Role.ADVISOR))


def test_a_target_changed_meanwhile_is_told(target: Target) -> None:
    first = change(target, instead_of=target.pk)
    with pytest.raises(Refusal, match="Max changed this target meanwhile: it is now 8"):
        change(target, goal=Goal(low=Decimal(9)), instead_of=target.pk)
    change(target, goal=Goal(low=Decimal(9)), instead_of=first.pk)


def test_an_indicator_that_left_the_plan_gets_no_target(db: None) -> None:
    with pytest.raises(Refusal, match="no longer in the plan"):
        change(TargetFactory(indicator=IndicatorFactory(retired_at="2020-01-01T00:00Z")))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_it_at_once_one_is_told() -> None:
    target = TargetFactory()
    people = [person(Role.PROGRAMME_MANAGER, name=name) for name in ("Ann", "Bob")]
    for attempt in range(8):
        results = race(
            *(
                lambda by=by, low=Decimal(10 * attempt + place), seen=target: change(
                    seen, by=by, goal=Goal(low=low), instead_of=seen.pk
                )
                for place, by in enumerate(people, 1)
            )
        )
        (winner,) = [result for result in results if isinstance(result, Target)]
        (loser,) = [result for result in results if isinstance(result, Refusal)]
        assert f"{winner.decided_by.name} changed this target meanwhile" in str(loser)
        assert Target.objects.filter(replaced_at__isnull=True).get() == winner
        assert Target.objects.count() == attempt + 2
        target = winner


def test_an_earlier_decision_does_not_replace_a_later_one(target: Target) -> None:
    change(target, decided_on=date(2019, 3, 14))
    with pytest.raises(Refusal, match="decided later, on") as refused:
        change(target, goal=Goal(low=Decimal(60)), decided_on=date(2019, 3, 13))
    assert refused.value.field == "decided_on"
    assert change(target, goal=Goal(low=Decimal(60)), decided_on=date(2019, 3, 14)).low == 60


def test_a_reason_is_not_a_document(target: Target) -> None:
    with pytest.raises(Refusal) as refused:
        change(target, reason="é" * 2001)
    assert refused.value.field == "reason"
