"""Tasks and money."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diapason.kernel import clock
from diapason.kernel.models import Stamped
from diapason.kernel.texts import TextField
from diapason.plan.contracts import (
    WORDS_AT_MOST,
    TaskState,
)
from diapason.plan.models.choices import choices_of
from diapason.plan.models.frame import Action
from diapason.plan.models.guards import KeptAsWritten, NotEmptied


@pghistory.track()
class Task(models.Model):
    """A content item of an action, as something to do. `due` is the last day."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    code = models.SlugField(_("code"), max_length=80)
    place = models.PositiveSmallIntegerField(default=0)
    title = TextField(_("title"))
    organisation = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation in charge"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person in charge"),
    )
    starts = models.DateField(_("starts"), null=True, blank=True)
    due = models.DateField(_("due"), null=True, blank=True)
    # What the file said at its last load; `due` moves when people move it. See docs/decisions/0004.
    planned_due = models.DateField(_("due according to the plan"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=choices_of(TaskState), default=TaskState.TO_DO
    )
    done_on = models.DateField(pgettext_lazy("task", "done on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(_("no longer in the plan since"), null=True, blank=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["action__place", "place"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(fields=["action", "code"], name="plan_task_code_once"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(due__isnull=True) | Q(starts__lte=F("due")),
                name="plan_task_dates",
                violation_error_message=_("A task cannot be due before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.DONE, done_on__isnull=False)
                | (~Q(state=TaskState.DONE) & Q(done_on__isnull=True)),
                name="plan_task_done_has_date",
                violation_error_message=_("Say on which day the task was done."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)


class TaskNote(models.Model):
    """A note of progress on a task."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(_("written"), default=clock.now)
    text = models.CharField(_("note"), max_length=WORDS_AT_MOST)
    request_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("progress note")
        verbose_name_plural = _("progress notes")
        ordering = ["-written_at"]
        triggers: ClassVar = [Stamped()]

    def __str__(self) -> str:
        return self.text[:60]


@pghistory.track()
class BudgetLine(models.Model):
    """Money planned for an action. Cents; a range has `planned_high_cents` above `planned_cents`;
    no planned amount means that the plan left it to be specified. `year` empty: the whole plan."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    code = models.SlugField(_("code"), max_length=80)
    place = models.PositiveSmallIntegerField(default=0)
    label = TextField(_("label"))
    funder = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("funder"),
    )
    task = models.ForeignKey(
        Task, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    recurring = models.BooleanField(_("each year"), default=False)
    planned_cents = models.BigIntegerField(_("planned"), null=True, blank=True)
    planned_high_cents = models.BigIntegerField(_("planned, at most"), null=True, blank=True)
    note = TextField(_("note"))
    retired_at = models.DateTimeField(_("no longer in the plan since"), null=True, blank=True)

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["action__place", "place"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(fields=["action", "code"], name="plan_budgetline_code_once"),
            models.CheckConstraint(
                condition=Q(planned_cents__isnull=True) | Q(planned_cents__gte=0),
                name="plan_budgetline_not_negative",
                violation_error_message=_("A planned amount is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(planned_high_cents__isnull=True)
                | Q(planned_high_cents__gte=F("planned_cents")),
                name="plan_budgetline_range",
                violation_error_message=_("The lower amount is above the upper one."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)


@pghistory.track()
class BudgetEntry(models.Model):
    """Money committed or spent on a budget line, in cents. Append-only: a mistake is corrected
    by an entry of the opposite sign, with its reason."""

    COMMITTED = "committed"
    SPENT = "spent"

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(
        _("kind"), max_length=10, choices=[(COMMITTED, _("Committed")), (SPENT, _("Spent"))]
    )
    amount_cents = models.BigIntegerField(_("amount"))
    on = models.DateField(_("date"))
    source = models.CharField(_("source"), max_length=300)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=clock.now)
    request_key = models.UUIDField(null=True, blank=True, unique=True)
    invented = models.BooleanField(_("invented for a demonstration"), default=False)

    class Meta:
        verbose_name = _("budget entry")
        verbose_name_plural = _("budget entries")
        ordering = ["on", "pk"]
        triggers: ClassVar = [
            Stamped(),
            KeptAsWritten(
                message=(
                    "An entry of money is neither edited nor deleted: correct it with an entry "
                    "of the opposite sign, with its reason."
                ),
                columns=[
                    "line_id",
                    "kind",
                    "amount_cents",
                    '"on"',
                    "source",
                    "reason",
                    "recorded_at",
                    "request_key",
                    "invented",
                ],
                cleared_once_gone=["recorded_by_id"],
            ),
            NotEmptied(
                table="plan_budgetentry",
                message="Entries of money are history: this table is not emptied.",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["committed", "spent"]),
                name="plan_budgetentry_known_kind",
                violation_error_message=_("Money is committed or spent."),
            ),
            models.CheckConstraint(
                condition=~Q(amount_cents=0),
                name="plan_budgetentry_not_zero",
                violation_error_message=_("An entry of zero says nothing."),
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0) | ~Q(reason=""),
                name="plan_budgetentry_correction_says_why",
                violation_error_message=_("A correction says why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.amount_cents}"
