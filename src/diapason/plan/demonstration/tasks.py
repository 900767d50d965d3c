"""Invented progress of the plan's tasks: done, under way, late, with owners and notes."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from diapason.plan import actions
from diapason.plan.contracts import TaskState
from diapason.plan.demonstration.cast import cast, chance, key
from diapason.plan.models import Plan, Task, TaskNote
from diapason.plan.queries.figures import current_plan

NOTES = (
    gettext_lazy("The partners met and shared out the work."),
    gettext_lazy("A first version was shown to the local group, who asked for two changes."),
    gettext_lazy("We wait for an answer from one of the funders."),
    gettext_lazy("Two thirds are done; the rest follows next month."),
    gettext_lazy("The people concerned were told; three of them want to take part."),
)
# How many open tasks are due in the days after the demonstration's, so that somebody's day is full.
DUE_SOON = 3


@transaction.atomic
def make_progress(day: date) -> None:
    """Move the tasks of the current plan on, as of `day`; those that were moved stay as they are.

    Side effects: those of the actions on tasks.
    """
    plan, people = current_plan(), cast()
    if plan is None or people is None:
        return
    soon = 0
    with override(plan.languages[0] if plan.languages else None):
        for task in Task.objects.filter(
            action__plan=plan, retired_at__isnull=True, action__retired_at__isnull=True
        ):
            dice = chance(plan.code, task.action_id, task.code)
            owner = dice.choice(people.team)
            due = task.due if task.version == 1 else task.planned_due
            state = _state(task, due, day, dice)
            done_on = _done_on(plan, task, due, day, dice) if state is TaskState.DONE else None
            if state is TaskState.UNDER_WAY and soon < DUE_SOON and (due is None or due > day):
                soon += 1
                due = day + timedelta(days=3 * soon)
            has_owner = state is not TaskState.TO_DO or dice.random() < 0.5
            if task.version == 1:
                actions.update_task(
                    by=owner,
                    task=task,
                    version=1,
                    state=state,
                    owner=owner if has_owner else None,
                    due=due,
                    done_on=done_on,
                )
            note = key(plan.code, task.action_id, task.code, "note")
            noted = TaskNote.objects.filter(request_key=note).exists()
            if state is not TaskState.TO_DO and dice.random() < 0.45 and not noted:
                actions.add_task_note(
                    by=owner,
                    task=task,
                    text=_("%(note)s (Note invented for the demonstration.)")
                    % {"note": dice.choice(NOTES)},
                    request_key=note,
                )


def _state(task: Task, due: date | None, day: date, dice: Random) -> TaskState:
    """What is long over is mostly done, what has begun mostly under way."""
    luck = dice.random()
    if task.starts is not None and task.starts > day:
        return TaskState.TO_DO
    if due is not None and due < day:
        if luck < 0.78:
            return TaskState.DONE
        return TaskState.UNDER_WAY if luck < 0.95 else TaskState.DROPPED
    if task.starts is None and due is None and luck < 0.3:
        return TaskState.DONE
    return TaskState.UNDER_WAY if luck < 0.75 else TaskState.TO_DO


def _done_on(plan: Plan, task: Task, due: date | None, day: date, dice: Random) -> date:
    first = max(task.starts or plan.starts, plan.starts)
    last = min(due or day, day)
    return max(first, last - timedelta(days=dice.randint(0, 60))) if first <= last else last
