"""Tables of the ground floor: stamps of change, stored files, drafts of forms."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """One row per table and transaction that wrote to it; see `diapason.kernel.changes`."""

    table_name = models.CharField(max_length=63)
    transaction = models.BigIntegerField()
    mark = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table_name", "transaction"], name="kernel_change_once_per_transaction"
            )
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.transaction}"


class Stamped(pgtrigger.Trigger):
    """The trigger that records, for a table, which transactions wrote to it.

    A row for each transaction rather than a counter: writers never wait for one another, and a
    transaction that started earlier but commits later still changes the stamp that readers see.
    Each statement gives the row a new mark from a sequence, which no rollback takes back: what was
    computed in the middle of a transaction is never taken for what it left.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            name=kwargs.pop("name", "stamp"),
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
            func="PERFORM kernel_stamp(TG_TABLE_NAME); RETURN NULL;",
            **kwargs,
        )


class StoredFile(models.Model):
    """A file that somebody handed in, checked and re-encoded before it is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    content = models.FileField(upload_to="files/%Y/%m/", max_length=200)
    public = models.BooleanField(_("anybody may read it"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(size__gt=0),
                name="kernel_storedfile_not_empty",
                violation_error_message=_("The file is empty."),
            )
        ]
        triggers: ClassVar = [Stamped()]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """What somebody typed in a form and has not sent yet.

    Purpose: lose nothing that was typed. `owner` is the account's or the visitor's opaque key.
    Kept until the form is sent, at most until `expires_at`.
    """

    owner = models.CharField(max_length=64)
    form = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["owner", "form"], name="kernel_draft_one_per_form")
        ]

    def __str__(self) -> str:
        return self.form


class Once(models.Model):
    """Something that is done once only; see `diapason.kernel.jobs`.

    The row and the effect are of one transaction: a second try waits for the first to end, then
    finds the row and does nothing.
    """

    key = models.CharField(max_length=200, primary_key=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="kernel_once_at")]

    def __str__(self) -> str:
        return self.key


class Progress(models.Model):
    """How far a long job has got, for the person who waits for it.

    `owner` is the account's or the visitor's opaque key, as for drafts.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=64)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)
    result_url = models.CharField(max_length=500, blank=True)
    cancel_asked = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("progress of a job")
        verbose_name_plural = _("progress of jobs")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(total__isnull=True) | models.Q(done__lte=models.F("total")),
                name="kernel_progress_within_total",
                violation_error_message=_("A job cannot do more than there is to do."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.done}/{self.total}"

    @property
    def ended(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED, self.State.CANCELLED}
