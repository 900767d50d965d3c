"""Tasks and money as the people who carry the plan out see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from diapason.kernel.permissions import allowed
from diapason.kernel.texts import Text
from diapason.plan.contracts import TaskState
from diapason.plan.models import BudgetEntry, BudgetLine, Plan, Task, TaskNote
from diapason.plan.queries.figures import LONG_TEXTS

OPEN_STATES = (TaskState.TO_DO, TaskState.UNDER_WAY)


def tasks(plan: Plan, at: date) -> QuerySet[Task]:
    """The tasks of the plan: those still open by the day they are due, the late ones on top, then
    what is over. `late` says which are, at `at`.

    The plan's tasks are public; who may open their pages is the view's to say.
    """
    late = Q(state__in=OPEN_STATES, due__lt=at)
    return (
        Task.objects.filter(
            action__plan=plan, retired_at__isnull=True, action__retired_at__isnull=True
        )
        .select_related("action", "owner", "organisation")
        .defer(*(f"action__{name}" for name in LONG_TEXTS))
        .annotate(
            late=ExpressionWrapper(late, output_field=BooleanField()),
            over=ExpressionWrapper(~Q(state__in=OPEN_STATES), output_field=BooleanField()),
        )
        .order_by("over", F("due").asc(nulls_last=True), "pk")
    )


def task(plan: Plan, pk: int) -> Task | None:
    """The task with all that its page shows; None where the plan has none (any more)."""
    return (
        Task.objects.filter(pk=pk, action__plan=plan, retired_at__isnull=True)
        .select_related("action", "owner", "organisation", "parent")
        .first()
    )


def notes(task: Task) -> list[TaskNote]:
    return list(TaskNote.objects.filter(task=task).select_related("author"))


def tasks_of(user: Any, before: date) -> QuerySet[Task]:
    """The open tasks of this person that are due before that day, the earliest first."""
    return (
        Task.objects.filter(
            owner=user.pk, state__in=OPEN_STATES, retired_at__isnull=True, due__lt=before
        )
        .select_related("action")
        .order_by("due", "pk")
    )


def _total(kind: str) -> Coalesce:
    """What was entered on a line, in cents: its own query, so that two sums never multiply."""
    sums = (
        BudgetEntry.objects.filter(line=OuterRef("pk"), kind=kind)
        .order_by()
        .values("line")
        .annotate(total=Sum("amount_cents"))
        .values("total")
    )
    return Coalesce(Subquery(sums, output_field=BigIntegerField()), 0)


def budget(plan: Plan) -> QuerySet[BudgetLine]:
    """The budget lines of the plan with what was committed and spent, in cents."""
    return (
        BudgetLine.objects.filter(
            action__plan=plan, retired_at__isnull=True, action__retired_at__isnull=True
        )
        .select_related("action", "funder")
        .defer(*(f"action__{name}" for name in LONG_TEXTS))
        .annotate(
            committed=_total(BudgetEntry.COMMITTED),
            spent=_total(BudgetEntry.SPENT),
        )
        .order_by("action__place", "place", "pk")
    )


def entries(user: Any, line: BudgetLine) -> list[BudgetEntry]:
    """The entries of a line, the latest first; none for those who may not see them."""
    if not allowed(user, "plan.see_budget_entries"):
        return []
    found = BudgetEntry.objects.filter(line=line).select_related("recorded_by")
    return list(found.order_by("-on", "-pk"))


@dataclass(frozen=True)
class Total:
    """Money of one funder or of one year, in cents. `planned` counts a range by its lower end,
    and a line paid each year once for each year of the plan that it covers; `to_be_set` is the
    number of lines whose amount the plan leaves open."""

    name: Any
    planned: int
    committed: int
    spent: int
    to_be_set: int


@dataclass(frozen=True)
class Totals:
    by_funder: Sequence[Total]
    by_year: Sequence[Total]
    whole: Total


def totals(plan: Plan, lines: Sequence[BudgetLine]) -> Totals:
    """The sums of these lines by funder and by year; one query for the entries' years.

    Planned money stands in its own year, entries in the year of their date; what has no year
    stands under None, last.
    """
    by_funder: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    by_year: dict[int | None, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    whole = [0, 0, 0, 0]
    names: dict[Any, Text] = {}
    for line in lines:
        names[line.funder_id] = line.funder.name if line.funder else Text()
        sums = by_funder[line.funder_id]
        years = _years(plan, line)
        for year in years:
            for place in (sums, by_year[year], whole):
                place[0] += line.planned_cents or 0
        if line.planned_cents is None:
            for place in (sums, by_year[line.year], whole):
                place[3] += 1
        for place in (sums, whole):
            place[1] += line.committed
            place[2] += line.spent
    dated = (
        BudgetEntry.objects.filter(line__in=[line.pk for line in lines])
        .order_by()
        .values_list("on__year", "kind")
        .annotate(total=Sum("amount_cents"))
    )
    for year, kind, total in dated:
        by_year[year][1 if kind == BudgetEntry.COMMITTED else 2] += total
    return Totals(
        by_funder=sorted(
            (Total(names[key], *sums) for key, sums in by_funder.items()),
            key=lambda total: (not total.name, -total.planned, str(total.name)),
        ),
        by_year=[
            Total(year, *by_year[year])
            for year in sorted(by_year, key=lambda year: (year is None, year or 0))
        ],
        whole=Total(None, *whole),
    )


def _years(plan: Plan, line: BudgetLine) -> list[int | None]:
    """The years in which a line's planned amount stands: a line paid each year stands in each,
    from its own year on."""
    if not line.recurring:
        return [line.year]
    return list(range(line.year or plan.starts.year, plan.last_day.year + 1))


def funders(plan: Plan) -> list[tuple[str, str]]:
    """Those who fund lines of the plan, by name, as choices of a filter; one query."""
    rows = (
        BudgetLine.objects.filter(action__plan=plan, retired_at__isnull=True, funder__isnull=False)
        .order_by()
        .values_list("funder_id", "funder__name")
        .distinct()
    )
    named = [(str(key), str(Text(name))) for key, name in rows]
    return sorted(named, key=lambda choice: choice[1].casefold())
