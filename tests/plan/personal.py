"""Fields of the plan that are about nobody, and what it keeps of a person."""

from __future__ import annotations

from typing import Any

from diapason.plan.models import PlanLoad, TaskNote
from tests.directory.factories import UserFactory
from tests.plan.factories import (
    BudgetEntryFactory,
    IndicatorFactory,
    ReadingFactory,
    TargetFactory,
    TaskFactory,
)

NOT_PERSONAL = {
    "plan.PlanLoad.reason": "why the plan's text changed",
    "plan.Reading.note": "how the figure was counted",
    "plan.Reading.return_reason": "what is to be mended in the figure",
    "plan.Target.reason": "why the committee changed the target",
}


def plant(person: Any, canary: str) -> None:
    indicator = IndicatorFactory()
    ReadingFactory(indicator=indicator, declared_by=person, decided_by=UserFactory())
    ReadingFactory(indicator=indicator, declared_by=UserFactory(), decided_by=person)
    TargetFactory(indicator=indicator, decided_by=person)
    task = TaskFactory(action=indicator.action, owner=person)
    TaskNote.objects.create(task=task, author=person, text="The room is booked.")
    BudgetEntryFactory(line__action=indicator.action, recorded_by=person)
    PlanLoad.objects.create(plan=indicator.action.plan, loaded_by=person, file_digest="0" * 64)
