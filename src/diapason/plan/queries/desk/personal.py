"""What the plan holds about a person, for them to take away."""

from __future__ import annotations

from typing import Any

from diapason.plan.models import BudgetEntry, PlanLoad, Reading, Target, Task, TaskNote


def personal_export(user: Any) -> dict[str, Any]:
    """Everything in the plan that names the person, as plain values for JSON."""
    return {
        "figures_declared": [
            {
                "indicator": reading.indicator.code,
                "on": reading.on.isoformat(),
                "value": str(reading.value),
                "state": reading.state,
                "note": reading.note,
                "at": reading.declared_at.isoformat(),
            }
            for reading in Reading.objects.filter(declared_by=user)
            .select_related("indicator")
            .order_by("pk")
        ],
        "figures_decided": [
            {
                "indicator": reading.indicator.code,
                "on": reading.on.isoformat(),
                "state": reading.state,
                "reason": reading.return_reason,
                "at": reading.decided_at.isoformat() if reading.decided_at else None,
            }
            for reading in Reading.objects.filter(decided_by=user)
            .select_related("indicator")
            .order_by("pk")
        ],
        "targets_decided": [
            {
                "indicator": target.indicator.code,
                "period": target.period,
                "reason": target.reason,
                "at": target.decided_at.isoformat(),
            }
            for target in Target.objects.filter(decided_by=user)
            .select_related("indicator")
            .order_by("pk")
        ],
        "tasks_in_charge": [
            {"task": task.code, "state": task.state}
            for task in Task.objects.filter(owner=user).order_by("pk")
        ],
        "notes": [
            {"task": note.task.code, "at": note.written_at.isoformat(), "text": note.text}
            for note in TaskNote.objects.filter(author=user).select_related("task").order_by("pk")
        ],
        "money_recorded": [
            {
                "line": entry.line.code,
                "kind": entry.kind,
                "cents": entry.amount_cents,
                "at": entry.recorded_at.isoformat(),
            }
            for entry in BudgetEntry.objects.filter(recorded_by=user)
            .select_related("line")
            .order_by("pk")
        ],
        "plans_loaded": [
            {"plan": load.plan.code, "at": load.loaded_at.isoformat(), "reason": load.reason}
            for load in PlanLoad.objects.filter(loaded_by=user)
            .select_related("plan")
            .order_by("pk")
        ],
    }
