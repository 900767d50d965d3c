"""Who may do what with the plan."""

from __future__ import annotations

import rules

from diapason.directory.api import is_manager, is_operator, is_staff
from diapason.kernel.permissions import declare

# Everybody reads the plan; what is narrower is narrowed row by row in queries.py.
declare(
    "plan",
    {
        "plan.approve_reading": is_manager,
        "plan.change_target": is_manager,
        "plan.declare_reading": is_staff,
        "plan.load": is_operator,
        "plan.record_spending": is_manager,
        "plan.see": rules.always_allow,
        "plan.see_budget_entries": is_staff,
        "plan.update_task": is_staff,
    },
)
