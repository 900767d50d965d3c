"""What the plan writes."""

from __future__ import annotations

from diapason.plan.actions.budget import record_budget_entry
from diapason.plan.actions.importing import import_readings
from diapason.plan.actions.loading import load_plan
from diapason.plan.actions.readings import (
    approve_reading,
    correct_reading,
    declare_reading,
    resubmit_reading,
    return_reading,
    withdraw_reading,
)
from diapason.plan.actions.targets import change_target
from diapason.plan.actions.tasks import EditConflict, add_task_note, update_task

__all__ = [
    "EditConflict",
    "add_task_note",
    "approve_reading",
    "change_target",
    "correct_reading",
    "declare_reading",
    "import_readings",
    "load_plan",
    "record_budget_entry",
    "resubmit_reading",
    "return_reading",
    "update_task",
    "withdraw_reading",
]
