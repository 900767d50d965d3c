"""The plan's tables. A plan is loaded from its file; what people add is readings, tasks' progress
and what was spent."""

from __future__ import annotations

from diapason.plan.models.frame import Action, Axis, Participation, Plan, PlanLoad
from diapason.plan.models.indicators import Indicator, Target
from diapason.plan.models.readings import Reading
from diapason.plan.models.work import BudgetEntry, BudgetLine, Task, TaskNote

__all__ = [
    "Action",
    "Axis",
    "BudgetEntry",
    "BudgetLine",
    "Indicator",
    "Participation",
    "Plan",
    "PlanLoad",
    "Reading",
    "Target",
    "Task",
    "TaskNote",
]
