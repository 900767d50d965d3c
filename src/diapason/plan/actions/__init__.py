"""What the plan writes."""

from __future__ import annotations

from diapason.plan.actions.loading import load_plan

__all__ = ["load_plan"]
