"""How to ask for the plan's pages."""

from __future__ import annotations

from typing import Any

from diapason.directory.contracts import Role
from diapason.plan.contracts import ReadingState
from tests.directory.factories import OrganisationFactory
from tests.plan.factories import (
    ActionFactory,
    AxisFactory,
    BudgetEntryFactory,
    BudgetLineFactory,
    IndicatorFactory,
    PlanFactory,
    ReadingFactory,
    TargetFactory,
    TaskFactory,
)
from tests.trust.examples import Example

STAFF = (Role.ADVISOR, Role.PROGRAMME_MANAGER, Role.OPERATOR)


def furnish(world: Any, size: int) -> None:
    if not hasattr(world, "plan"):
        world.plan = PlanFactory(code="everyday")
        world.axis = AxisFactory(plan=world.plan, code="support")
        world.action = ActionFactory(plan=world.plan, axis=world.axis, code="incubation")
        world.indicator = IndicatorFactory(action=world.action, code="enterprises")
        TargetFactory(indicator=world.indicator)
        world.readings = {
            person.pk: {
                state: ReadingFactory(indicator=world.indicator, state=state, declared_by=person)
                for state in (ReadingState.DECLARED, ReadingState.RETURNED)
            }
            for person in (*(world.people[role] for role in STAFF), world.stranger)
        }
        ReadingFactory(indicator=world.indicator)
        world.task = TaskFactory(action=world.action)
        world.line = BudgetLineFactory(action=world.action)
        return
    for _number in range(size):
        axis = AxisFactory(plan=world.plan)
        action = ActionFactory(plan=world.plan, axis=axis)
        more = IndicatorFactory(action=world.action)
        for indicator in (world.indicator, more, IndicatorFactory(action=action)):
            ReadingFactory(indicator=indicator)
            for role in STAFF:
                for state in (ReadingState.DECLARED, ReadingState.RETURNED):
                    ReadingFactory(indicator=indicator, state=state, declared_by=world.people[role])
        TargetFactory(indicator=more)
        for one in (action, world.action):
            TaskFactory(action=one)
            BudgetEntryFactory(line=BudgetLineFactory(action=one, funder=OrganisationFactory()))


def own_reading(state: ReadingState) -> Any:
    return lambda world, person: {"pk": world.readings[person.pk][state].pk}


def others_reading(world: Any, person: Any) -> dict[str, Any] | None:
    """Advisors see their own readings before approval; those who approve see all."""
    hidden = world.readings[world.stranger.pk][ReadingState.DECLARED]
    return {"pk": hidden.pk} if person == world.people[Role.ADVISOR] else None


EXAMPLES = {
    "plan:axis": Example(own=lambda world, person: {"code": world.axis.code}),
    "plan:action": Example(own=lambda world, person: {"code": world.action.code}),
    "plan:indicator": Example(own=lambda world, person: {"code": world.indicator.code}),
    "plan:evidence": Example(
        own=lambda world, person: {"code": world.indicator.code, "file_format": "csv"}
    ),
    "plan:reading": Example(own=own_reading(ReadingState.DECLARED), others=others_reading),
    "plan:reading_mend": Example(own=own_reading(ReadingState.RETURNED), others=others_reading),
    "api:action": Example(own=lambda world, person: {"code": world.action.code}),
    "api:indicator": Example(own=lambda world, person: {"code": world.indicator.code}),
    "api:rows": Example(own=lambda world, person: {"code": world.indicator.code}),
    "plan:targets": Example(
        own=lambda world, person: {"code": world.indicator.code},
        everybodys="the plan's targets are public",
    ),
    "plan:task": Example(
        own=lambda world, person: {"pk": world.task.pk},
        everybodys="staff follow every task of the plan",
    ),
    "plan:budget_line": Example(
        own=lambda world, person: {"pk": world.line.pk},
        everybodys="staff follow every budget line of the plan",
        writing="plan.record_spending",
    ),
}
