"""The numbers that the plan's own work gives: tasks done, money committed and spent.

Each can be narrowed to one plan: an instance may hold a former plan beside the running one. What
left the plan still counts in the days when it was in it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from diapason.kernel.measures import Count, Evidence, Sum, Unit, measure
from diapason.kernel.periods import Window
from diapason.kernel.permissions import allowed
from diapason.plan.contracts import TaskState
from diapason.plan.models import BudgetEntry, Task

MONEY_TABLES = (
    "plan_budgetentry",
    "plan_budgetline",
    "plan_action",
    "plan_plan",
    "directory_organisation",
)


@measure(
    "plan.tasks_done",
    unit=Unit.COUNT,
    title=_("Tasks done"),
    tables=("plan_task", "plan_action", "plan_plan", "directory_organisation"),
)
def tasks_done(window: Window) -> Evidence:
    """Tasks of the plan that were done in the window, by the day on which they were done."""
    rows = Task.objects.filter(
        state=TaskState.DONE, done_on__gte=window.start, done_on__lt=window.end
    )
    return Evidence(
        rows=rows,
        value=Count(),
        on="done_on",
        label="title",
        by={
            "plan": "action__plan__code",
            "action": "action__code",
            "organisation": "organisation__code",
        },
        opened_by=_whoever_sees_the_plan,
    )


@measure(
    "plan.money_committed",
    unit=Unit.EUROS,
    title=_("Money committed"),
    tables=MONEY_TABLES,
)
def money_committed(window: Window) -> Evidence:
    """Money committed on the plan's budget lines in the window, in units of currency, by the day
    of the commitment; corrections count on their own day."""
    return _money(BudgetEntry.COMMITTED, window)


@measure(
    "plan.money_spent",
    unit=Unit.EUROS,
    title=_("Money spent"),
    tables=MONEY_TABLES,
)
def money_spent(window: Window) -> Evidence:
    """Money spent on the plan's budget lines in the window, in units of currency, by the day of
    the spending; corrections count on their own day."""
    return _money(BudgetEntry.SPENT, window)


def _money(kind: str, window: Window) -> Evidence:
    rows: QuerySet[Any] = BudgetEntry.objects.filter(
        kind=kind, on__gte=window.start, on__lt=window.end
    ).annotate(
        # Times a hundredth: divided by 100, the database would cut the cents off.
        amount=F("amount_cents")
        * Value(Decimal("0.01"), output_field=DecimalField(max_digits=20, decimal_places=2))
    )
    return Evidence(
        rows=rows,
        value=Sum(),
        on="on",
        label="source",
        amount="amount",
        by={
            "plan": "line__action__plan__code",
            "action": "line__action__code",
            "organisation": "line__funder__code",
        },
        opened_by=_whoever_sees_entries,
    )


def _whoever_sees_the_plan(reader: Any) -> Q:
    return Q() if allowed(reader, "plan.see") else Q(pk__in=[])


def _whoever_sees_entries(reader: Any) -> Q:
    return Q() if allowed(reader, "plan.see_budget_entries") else Q(pk__in=[])
