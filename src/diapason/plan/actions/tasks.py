"""The progress of tasks."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from diapason.kernel import audit, clock
from diapason.kernel.audit import EditConflict
from diapason.kernel.permissions import allowed, demand
from diapason.kernel.refusals import Refusal, refuse_future
from diapason.kernel.wording import date_long
from diapason.plan.actions.plausible import refuse_long_before
from diapason.plan.actions.refusing import in_words, once, refuse_unsound, says
from diapason.plan.contracts import TaskState
from diapason.plan.models import Task, TaskNote

LONGEST_NOTE = 5000


@transaction.atomic
def update_task(
    *,
    by: Any,
    task: Task,
    version: int,
    state: TaskState,
    owner: Any = None,
    due: date | None = None,
    done_on: date | None = None,
) -> Task:
    """Set where a task stands, who is in charge and until when; `version` is the one `by` saw.

    `done_on` is the day on which it was done (today, or what it was, unless given).

    Side effects: the task gets the next version; its former one stays in its history.
    Raises EditConflict where somebody wrote since `version`; Refusal for dates that cannot be and
    for an owner who may not work on tasks; PermissionDenied unless `by` may update tasks.
    """
    demand(by, "plan.update_task")
    locked = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    if locked.retired_at is not None:
        raise Refusal(_("This task is no longer in the plan."))
    if locked.version != version:
        raise EditConflict(
            _(
                "Somebody changed this task while you were typing. Look at what they changed, then "
                "save again to keep your version."
            ),
            locked,
            version,
        )
    if due is not None and locked.starts is not None and due < locked.starts:
        raise Refusal(
            _("A task cannot be due before it starts (%(day)s).")
            % {"day": date_long(locked.starts)},
            field="due",
        )
    if due is not None and due != locked.due:
        refuse_long_before(locked.action.plan, due, field="due")
    if owner is not None and not allowed(owner, "plan.update_task"):
        raise Refusal(
            _("%(person)s cannot work on tasks: give them a role first.") % {"person": owner},
            field="owner",
        )
    done_on = _day_done(locked, state, done_on)
    wanted = {
        "state": state,
        "owner_id": owner.pk if owner is not None else None,
        "due": due,
        "done_on": done_on,
    }
    if all(getattr(locked, name) == value for name, value in wanted.items()):
        return locked
    for name, value in wanted.items():
        setattr(locked, name, value)
    locked.version += 1
    with audit.done_by(by), in_words(Task):
        locked.save(update_fields=["state", "owner", "due", "done_on", "version"])
    return locked


def add_task_note(*, by: Any, task: Task, text: str, request_key: UUID | None = None) -> TaskNote:
    """Write a note of progress on a task.

    The same `request_key` again gives the note that it made before.

    Side effects: adds the note.
    Raises Refusal for an empty note or one that is too long; PermissionDenied unless `by` may
    update tasks.
    """
    demand(by, "plan.update_task")
    words = text.strip()
    if not words:
        raise Refusal(_("Write a few words."), field="text")
    if len(words) > LONGEST_NOTE:
        raise Refusal(
            _("This note has %(length)s characters: %(limit)s at most.")
            % {"length": len(words), "limit": LONGEST_NOTE},
            field="text",
        )

    def make() -> TaskNote:
        note = TaskNote(task=task, author=by, text=words, request_key=request_key)
        refuse_unsound(note)
        note.save()
        return note

    return once(
        TaskNote,
        request_key,
        make,
        lambda found: says(found, author_id=by.pk, task_id=task.pk, text=words),
    )


def _day_done(task: Task, state: TaskState, done_on: date | None) -> date | None:
    if state != TaskState.DONE:
        if done_on is not None:
            raise Refusal(_("Only a task that is done has that day."), field="done_on")
        return None
    day = done_on or task.done_on or clock.today()
    refuse_future(day, field="done_on")
    refuse_long_before(task.action.plan, day, field="done_on")
    return day
