"""Invented money committed and spent on the plan's budget lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from diapason.plan import actions
from diapason.plan.demonstration.cast import Cast, cast, chance, key
from diapason.plan.models import BudgetEntry, BudgetLine, Plan
from diapason.plan.queries.figures import current_plan

# Amounts are whole hundreds of units of currency.
STEP_CENTS = 100_00


@transaction.atomic
def make_entries(day: date) -> None:
    """Enter money on the current plan's budget lines as of `day`, and correct one entry.

    Side effects: those of the actions on money.
    """
    plan, people = current_plan(), cast()
    if plan is None or people is None:
        return
    with override(plan.languages[0] if plan.languages else None):
        corrected = False
        lines = BudgetLine.objects.filter(
            action__plan=plan,
            retired_at__isnull=True,
            action__retired_at__isnull=True,
            planned_cents__gt=0,
        ).select_related("action")
        for line in lines:
            for year in _years(plan, line):
                last = _enter(plan, people, line, year, day)
                if last is not None and not corrected:
                    _correct(plan, people, line, last)
                    corrected = True


def _years(plan: Plan, line: BudgetLine) -> Iterator[int]:
    """The years in which the money of a line is used."""
    first = line.year or (line.action.starts or plan.starts).year
    yield first
    if line.recurring:
        yield from range(first + 1, plan.last_day.year + 1)


def _enter(plan: Plan, people: Cast, line: BudgetLine, year: int, day: date) -> date | None:
    """Commit and spend one year's money; gives the day of the spending, None where it is yet to
    come."""
    dice = chance(plan.code, line.action_id, line.code, year)
    planned = line.planned_cents or 0
    committed = _steps(planned * dice.uniform(0.8, 1.0))
    spent = _steps(committed * dice.uniform(0.55, 1.0))
    ordered = date(year, 2, 1) + timedelta(days=dice.randint(0, 80))
    paid = ordered + timedelta(days=dice.randint(60, 190))
    shown = None
    for kind, amount, on in (
        (BudgetEntry.COMMITTED, committed, ordered),
        (BudgetEntry.SPENT, spent, paid),
    ):
        if on <= day and amount:
            actions.record_budget_entry(
                by=people.manager,
                line=line,
                kind=kind,
                amount_cents=amount,
                on=on,
                source=_("Invoice invented for the demonstration")
                if kind == BudgetEntry.SPENT
                else _("Order invented for the demonstration"),
                request_key=key(plan.code, line.action_id, line.code, year, kind),
                invented=True,
            )
            shown = on if kind == BudgetEntry.SPENT else None
    return shown


def _correct(plan: Plan, people: Cast, line: BudgetLine, on: date) -> None:
    actions.record_budget_entry(
        by=people.deputy,
        line=line,
        kind=BudgetEntry.SPENT,
        amount_cents=-STEP_CENTS,
        on=on,
        source=_("Credit note invented for the demonstration"),
        reason=_("Invented correction: one invoice was counted too high."),
        request_key=key(plan.code, line.action_id, line.code, "correction"),
        invented=True,
    )


def _steps(cents: float) -> int:
    """At least one step, so that no entry is zero."""
    return max(1, round(cents / STEP_CENTS)) * STEP_CENTS
