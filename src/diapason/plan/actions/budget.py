"""Money committed and spent."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from diapason.kernel import audit
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal, refuse_future
from diapason.plan.actions.plausible import refuse_long_before
from diapason.plan.actions.refusing import in_words, once, refuse_unsound, says
from diapason.plan.contracts.values import LineMoney
from diapason.plan.models import BudgetEntry, BudgetLine, Plan

# A billion: no single order of a territory comes near, and a
# slip of the fingers stays on the line for ever.
MOST_CENTS = 100_000_000_000


@transaction.atomic
def record_budget_entry(
    *,
    by: Any,
    line: BudgetLine,
    kind: str,
    amount_cents: int,
    on: date,
    source: str,
    reason: str = "",
    request_key: UUID | None = None,
    invented: bool = False,
) -> tuple[BudgetEntry, LineMoney]:
    """Record money committed or spent on a budget line; gives the entry and what the line holds.

    `kind` is `BudgetEntry.COMMITTED` or `BudgetEntry.SPENT`; `source` names the order, the award
    or the invoice. A negative amount corrects an earlier entry and needs its `reason`. More may be
    spent than was planned: the answer says by how much (`over_cents`). The same `request_key`
    again gives the entry that it made before. `invented` marks for ever what a demonstration made
    up.

    Side effects: adds the entry, for ever.
    Raises Refusal for an amount of zero or beyond belief, a correction without reason or of more
    than was recorded, a date in the future or long before the plan; PermissionDenied unless `by`
    may record spending.
    """
    demand(by, "plan.record_spending")
    # One entry at a time on a line, so that corrections never take more than there is.
    locked = BudgetLine.objects.select_for_update(no_key=True).get(pk=line.pk)

    def make() -> BudgetEntry:
        _refuse_unsound_entry(locked, kind, amount_cents, on, source, reason)
        entry = BudgetEntry(
            line=locked,
            kind=kind,
            amount_cents=amount_cents,
            on=on,
            source=source.strip(),
            reason=reason.strip(),
            recorded_by=by,
            request_key=request_key,
            invented=invented,
        )
        refuse_unsound(entry)
        with audit.done_by(by, why=reason.strip()), in_words(BudgetEntry):
            entry.save()
        return entry

    told = {
        "recorded_by_id": by.pk,
        "line_id": locked.pk,
        "kind": kind,
        "amount_cents": amount_cents,
        "on": on,
        "source": source.strip(),
        "reason": reason.strip(),
    }
    entry = once(BudgetEntry, request_key, make, lambda found: says(found, **told))
    return entry, _money(locked)


def _refuse_unsound_entry(
    line: BudgetLine, kind: str, amount_cents: int, on: date, source: str, reason: str
) -> None:
    if kind not in {BudgetEntry.COMMITTED, BudgetEntry.SPENT}:
        raise Refusal(_("Say whether the money is committed or spent."), field="kind")
    if amount_cents == 0:
        raise Refusal(_("An entry of zero says nothing."), field="amount")
    if amount_cents > MOST_CENTS:
        raise Refusal(_("This is beyond belief: look at the zeros."), field="amount")
    if not source.strip():
        raise Refusal(_("Name the order, the award or the invoice."), field="source")
    refuse_future(on, field="on")
    refuse_long_before(line.action.plan, on, field="on")
    if amount_cents > 0:
        if line.retired_at is not None:
            raise Refusal(_("This budget line is no longer in the plan."))
        return
    if not reason.strip():
        raise Refusal(_("A correction says why."), field="reason")
    if _total(line, kind) + amount_cents < 0:
        raise Refusal(_("This corrects more than was recorded on the line."), field="amount")


def _total(line: BudgetLine, kind: str) -> int:
    entries = BudgetEntry.objects.filter(line=line, kind=kind)
    return entries.aggregate(total=Sum("amount_cents"))["total"] or 0


def _money(line: BudgetLine) -> LineMoney:
    planned = line.planned_high_cents or line.planned_cents
    if planned is not None and line.recurring and line.year is None:
        plan = Plan.objects.get(pk=line.action.plan_id)
        planned *= plan.last_day.year - plan.starts.year + 1
    return LineMoney(
        planned_cents=planned,
        committed_cents=_total(line, BudgetEntry.COMMITTED),
        spent_cents=_total(line, BudgetEntry.SPENT),
    )
