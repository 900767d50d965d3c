"""Tasks: the list, and one with its progress."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from diapason.directory.api import powers
from diapason.kernel import audit, drafts
from diapason.kernel.clock import today
from diapason.kernel.pages import kept_while_unchanged
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import Kind
from diapason.kernel.tables import Column, Listing, in_language, leads_to
from diapason.plan import actions
from diapason.plan.contracts import TaskState
from diapason.plan.forms.filters import TaskFilter
from diapason.plan.forms.work import NoteForm, TaskForm
from diapason.plan.models import Task
from diapason.plan.queries.desk import readings as desk_readings
from diapason.plan.queries.desk import work as desk
from diapason.plan.queries.figures import STRUCTURE
from diapason.plan.views.workspace.pages import crumbs, key_of, nobody, plan_or_404, refuse

FACES = {
    TaskState.TO_DO: "plain",
    TaskState.UNDER_WAY: "waiting",
    TaskState.DONE: "good",
    TaskState.DROPPED: "plain",
}


TABLES = (
    *STRUCTURE,
    "directory_membership",
    "directory_organisation",
    "directory_user",
    "plan_task",
)
COLUMNS = (
    Column(
        key="title",
        heading=_lazy("Task"),
        value=lambda task: str(task.title),
        sort=in_language("title"),
        link=leads_to("plan:task"),
    ),
    Column(
        key="action",
        heading=_lazy("Action"),
        value=lambda task: str(task.action.short or task.action.title),
        sort=in_language("action__short"),
    ),
    Column(
        key="owner",
        heading=_lazy("Person in charge"),
        value=lambda task: str(task.owner) if task.owner else _("nobody yet"),
        sort="owner__name",
    ),
    Column(key="starts", heading=_lazy("Starts"), kind=Kind.DATE, sort="starts", on_page=False),
    Column(key="due", heading=_lazy("Due"), kind=Kind.DATE, sort="due"),
    Column(key="done_on", heading=_lazy("Done on"), kind=Kind.DATE, sort="done_on", on_page=False),
    Column(
        key="state",
        heading=_lazy("State"),
        kind=Kind.STATUS,
        value=lambda task: _("Late") if task.late else TaskState(task.state).label,
        tone=lambda task: "bad" if task.late else FACES[TaskState(task.state)],
        sort="state",
        in_export=False,
    ),
    Column(
        key="state_name",
        heading=_lazy("State"),
        value=lambda task: TaskState(task.state).label,
        on_page=False,
    ),
    Column(key="late", heading=_lazy("Late"), kind=Kind.YES_NO, sort="late", on_page=False),
)


@requires("plan.update_task")
@require_safe
@kept_while_unchanged(lambda: TABLES, reader=powers, named_by=None)
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every task of the plan."""
    plan, at = plan_or_404(), today()
    listing = Listing(
        request,
        desk.tasks(plan, at),
        COLUMNS,
        name=_("tasks"),
        filters=partial(TaskFilter, choices=desk_readings.actions(plan)),
    )
    return listing.respond(
        "plan/workspace/tasks.html",
        {"late": desk.tasks(plan, at).filter(late=True).count()},
    )


@requires("plan.update_task")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A task: where it stands, what was noted, and who changed what."""
    plan = plan_or_404()
    task = desk.task(plan, pk)
    if task is None:
        raise Http404
    act = request.POST.get("act")
    draft = drafts.of(request, f"plan.task-note:{pk}")
    form = TaskForm(request.POST if act == "update" else None, task=task)
    note = NoteForm(request.POST if act == "note" else None)
    if act != "note":
        note.initial = {"text": draft.initial(NoteForm).get("text", "")}
    conflict: list[audit.AuditEntry] = []
    if request.method == "POST":
        try:
            if told := _act(request, task, form, note):
                if note.is_bound:
                    draft.discard()
                messages.success(request, told)
                return redirect("plan:task", pk=pk)
        except actions.EditConflict as clash:
            conflict = clash.entries
            form.see(clash.current.version)
            refuse(form, clash)
            task = desk.task(plan, pk) or task
        except Refusal as refusal:
            if note.is_bound or form.is_bound:
                refuse(note if note.is_bound else form, refusal)
            else:
                messages.error(request, str(refusal))
    return render(
        request,
        "plan/workspace/task.html",
        {
            "task": task,
            "state": TaskState(task.state).label,
            "late": task.due is not None and task.due < today() and task.state in desk.OPEN_STATES,
            "face": FACES[TaskState(task.state)],
            "facts": _facts(task),
            "form": form,
            "note": note,
            "draft": draft,
            "conflict": conflict,
            "notes": [(one.text, one.written_at, nobody(one.author)) for one in desk.notes(task)],
            "history": audit.history(task)[::-1],
            "breadcrumb": crumbs((_("Tasks"), reverse("plan:tasks")), (str(task.title), "")),
        },
    )


def _facts(task: Task) -> list[dict[str, Any]]:
    facts = [
        {
            "label": _("Action"),
            "value": task.action.short or task.action.title,
            "url": reverse("plan:action", args=[task.action.code]),
        }
    ]
    if task.parent is not None:
        facts.append(
            {
                "label": _("Part of"),
                "value": task.parent.title,
                "url": leads_to("plan:task")(task.parent),
            }
        )
    if task.organisation is not None:
        facts.append({"label": _("Organisation in charge"), "value": task.organisation, "url": ""})
    return facts


def _act(request: HttpRequest, task: Task, form: TaskForm, note: NoteForm) -> str:
    """Do what the form asks; gives the sentence that says so, nothing where the form is wrong."""
    if note.is_bound:
        if not note.is_valid():
            return ""
        actions.add_task_note(
            by=request.user,
            task=task,
            text=note.cleaned_data["text"],
            request_key=key_of(request),
        )
        return _("Your note is kept.")
    if not form.is_bound:
        raise Refusal(_("Choose what to do with this task."))
    if not form.is_valid():
        return ""
    given = form.cleaned_data
    owner = None
    if given["owner"] is not None:
        owner = get_user_model()._default_manager.filter(pk=given["owner"]).first()
    actions.update_task(
        by=request.user,
        task=task,
        version=given["version"],
        state=given["state"],
        owner=owner,
        due=given["due"],
        done_on=given["done_on"] if given["state"] == TaskState.DONE else None,
    )
    return _("Saved.")
