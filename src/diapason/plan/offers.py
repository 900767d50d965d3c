"""What the plan offers to the common pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from diapason.kernel.clock import today
from diapason.kernel.permissions import allowed
from diapason.kernel.registries import (
    DayItem,
    Hit,
    LegalBasis,
    NavigationItem,
    PersonalData,
    PersonalRecords,
    SearchSource,
    Shell,
    Tone,
    day_items,
    demonstrations,
    file_readers,
    navigation,
    personal_data,
    personal_records,
    search_sources,
    tables_around,
)
from diapason.plan.actions.leaving import forget_person
from diapason.plan.demonstration.money import make_entries
from diapason.plan.demonstration.readings import make_readings
from diapason.plan.demonstration.tasks import make_progress
from diapason.plan.queries.desk import day, finding, readings, work
from diapason.plan.queries.desk.personal import personal_export

# What a person's day shows of the figures to approve; the rest is behind one more line.
READINGS_SHOWN = 5
MANY = 3

# The territory and its plan stand around every page.
tables_around.add("plan.card", ("plan_plan",))

navigation.add(
    "plan.screen",
    NavigationItem(label=_lazy("The plan"), url_name="plan:screen", shell=Shell.PORTAL),
    order=10,
)
navigation.add(
    "plan.timeline",
    NavigationItem(label=_lazy("Timeline"), url_name="plan:timeline", shell=Shell.PORTAL),
    order=11,
)
navigation.add(
    "plan.own_screen",
    NavigationItem(label=_lazy("The plan"), url_name="plan:screen", permission="plan.see"),
    order=10,
)
navigation.add(
    "plan.readings",
    NavigationItem(
        label=_lazy("Figures"),
        url_name="plan:readings",
        permission="plan.declare_reading",
        count=readings.waiting,
    ),
    order=20,
)
navigation.add(
    "plan.tasks",
    NavigationItem(
        label=_lazy("Tasks"),
        url_name="plan:tasks",
        permission="plan.update_task",
        count=lambda user: work.tasks_of(user, today() + day.TASKS_AHEAD),
    ),
    order=30,
)
navigation.add(
    "plan.budget",
    NavigationItem(
        label=_lazy("Budget"), url_name="plan:budget", permission="plan.see_budget_entries"
    ),
    order=40,
)


@day_items.offer("plan.readings_returned", order=10)
def readings_returned(user: Any) -> Iterator[DayItem]:
    """Figures that somebody returned to the person."""
    for reading in readings.returned_to(user).select_related("indicator", "decided_by"):
        yield DayItem(
            title=_("Mend the figure of “%(indicator)s”") % {"indicator": reading.indicator.title},
            detail=reading.return_reason,
            url=reverse("plan:reading_mend", args=[reading.pk]),
            act=_("Mend"),
            due=today(),
        )


@day_items.offer("plan.readings_to_approve", order=20)
def readings_to_approve(user: Any) -> Iterator[DayItem]:
    """Figures that wait for the person's approval, those that have waited longest on top."""
    waiting = readings.to_approve(user).select_related("indicator", "declared_by")
    shown = list(waiting.order_by("declared_at", "pk")[: READINGS_SHOWN + 1])
    for reading in shown[:READINGS_SHOWN]:
        yield DayItem(
            title=_("Approve the figure of “%(indicator)s”")
            % {"indicator": reading.indicator.title},
            detail=_("Declared by %(person)s")
            % {"person": reading.declared_by or _("nobody any more")},
            url=reverse("plan:reading", args=[reading.pk]),
            act=_("Approve or return"),
            due=today(),
        )
    if len(shown) > READINGS_SHOWN:
        more = waiting.count() - READINGS_SHOWN
        yield DayItem(
            title=ngettext(
                "%(count)s more figure waits for your approval",
                "%(count)s more figures wait for your approval",
                more,
            )
            % {"count": more},
            url=f"{reverse('plan:readings')}?state=declared",
            act=_("See them all"),
            due=today(),
        )


@day_items.offer("plan.tasks", order=30)
def tasks_due(user: Any) -> Iterator[DayItem]:
    """The person's tasks that are late, or due within two weeks."""
    at = today()
    for task in work.tasks_of(user, at + day.TASKS_AHEAD):
        late = task.due is not None and task.due < at
        yield DayItem(
            title=str(task.title),
            detail=str(task.action.short or task.action.title),
            url=reverse("plan:task", args=[task.pk]),
            act=_("Say where it stands"),
            due=task.due,
            tone=Tone.BAD if late else Tone.PLAIN,
        )


@day_items.offer("plan.silent_indicators", order=40)
def figures_to_give(user: Any) -> Iterator[DayItem]:
    """Figures of the running period that the person's organisation has not given yet."""
    if not allowed(user, "plan.declare_reading"):
        return
    for group in day.silent(user, today()):
        first, count = group.indicators[0], len(group.indicators)
        if count == 1:
            title = _("Give the figure of “%(indicator)s”") % {"indicator": first.title}
            query = f"indicator={first.code}"
        else:
            title = ngettext(
                "Give %(count)s figure of “%(action)s”",
                "Give %(count)s figures of “%(action)s”",
                count,
            ) % {"count": count, "action": group.action.short or group.action.title}
            query = f"action={group.action.code}"
        named = ", ".join(str(one.short or one.title) for one in group.indicators[:MANY])
        yield DayItem(
            title=title,
            detail=_("Nothing yet in %(period)s: %(names)s")
            % {"period": group.period.label, "names": named + ("…" if count > MANY else "")},
            url=f"{reverse('plan:reading_new')}?{query}",
            act=_("Give a figure") if count == 1 else _("Give figures"),
            due=group.due,
        )


def _search(user: Any, words: str, limit: int) -> Iterator[Hit]:
    for action in finding.actions(words, limit):
        yield Hit(
            title=str(action.title),
            detail=_("Action"),
            url=reverse("plan:action", args=[action.code]),
            rank=0.9,
        )
    for indicator in finding.indicators(words, limit):
        yield Hit(
            title=str(indicator.title),
            detail=_("Indicator, %(action)s")
            % {"action": indicator.action.short or indicator.action.title},
            url=reverse("plan:indicator", args=[indicator.code]),
            rank=0.8,
        )
    works = allowed(user, "plan.update_task")
    for task in finding.tasks(words, limit):
        yield Hit(
            title=str(task.title),
            detail=_("Task, %(action)s") % {"action": task.action.short or task.action.title},
            url=reverse("plan:task", args=[task.pk])
            if works
            else reverse("plan:action", args=[task.action.code]),
            rank=0.6,
        )


search_sources.add("plan.plan", SearchSource(label=_lazy("The plan"), search=_search), order=10)


@file_readers.offer("plan.reading_documents")
def may_read_document(key: UUID, user: Any) -> bool:
    """The document of a reading opens to those who work on figures and may see that reading."""
    if not allowed(user, "plan.declare_reading"):
        return False
    return readings.visible_to(user).filter(document=key).exists()


_WHILE_PLAN = _lazy(
    "As long as the plan’s figures are kept; the name goes when the account is erased."
)

for _model, _fields, _purpose in (
    (
        "plan.Reading",
        ("declared_by", "decided_by"),
        _lazy("Know who answers for a figure, and that another person approved it."),
    ),
    ("plan.Target", ("decided_by",), _lazy("Know who recorded the decision of a target.")),
    ("plan.Task", ("owner",), _lazy("Know who is in charge of a task.")),
    ("plan.TaskNote", ("author", "text"), _lazy("Follow the progress of a task.")),
    ("plan.BudgetEntry", ("recorded_by",), _lazy("Know who recorded money.")),
    ("plan.PlanLoad", ("loaded_by",), _lazy("Know who loaded the plan.")),
):
    personal_data.add(
        f"plan.{_model.partition('.')[2].lower()}",
        PersonalData(
            model=_model,
            fields=_fields,
            purpose=_purpose,
            legal_basis=LegalBasis.PUBLIC_TASK,
            retention=_WHILE_PLAN,
        ),
    )

personal_records.add("plan.records", PersonalRecords(export=personal_export, erase=forget_person))

demonstrations.add("plan.readings", make_readings, order=10)
demonstrations.add("plan.tasks", make_progress, order=20)
demonstrations.add("plan.money", make_entries, order=30)
