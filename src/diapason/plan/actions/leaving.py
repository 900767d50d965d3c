"""Forgetting a person who leaves."""

from __future__ import annotations

from typing import Any

from diapason.kernel import audit
from diapason.plan.models import BudgetEntry, PlanLoad, Reading, Target, Task, TaskNote


def forget_person(user: Any) -> None:
    """Leave nothing in the plan that names the person; the figures, decisions and money that they
    recorded stay, without a name.

    Side effects: empties every link to the person, in the histories too. Runs inside the caller's
    transaction.
    """
    audit.unlink(user.pk, (BudgetEntry, PlanLoad, Reading, Target, Task, TaskNote))
