"""A plan, its axes, its actions and who takes part in them; the record of its loads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diapason.kernel import clock, periods
from diapason.kernel.models import Stamped
from diapason.kernel.texts import TextField
from diapason.plan.contracts import (
    Part,
)
from diapason.plan.models.choices import choices_of
from diapason.plan.models.guards import KeptAsWritten


@pghistory.track()
class Plan(models.Model):
    """An action plan of a territory. `ends` is the day after the last day."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    title = TextField(_("title"))
    territory = TextField(_("territory"))
    summary = TextField(_("summary"))
    languages = models.JSONField(_("languages"), default=list)
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"))
    period_kind = models.CharField(
        _("rhythm"),
        max_length=20,
        choices=[(kind.value, kind.label) for kind in periods.PeriodKind],
        default=periods.PeriodKind.CALENDAR_YEAR,
    )
    file_digest = models.CharField(max_length=64, blank=True)
    loaded_at = models.DateTimeField(_("loaded"), null=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="plan_plan_dates",
                violation_error_message=_("A plan cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def window(self) -> periods.Window:
        return periods.Window(self.starts, self.ends)

    @property
    def last_day(self) -> Any:
        return self.ends - timedelta(days=1)

    def periods(self) -> list[periods.Period]:
        """The periods over which this plan's indicators are read, in order."""
        return periods.between(periods.PeriodKind(self.period_kind), self.window)

    def period(self, key: str) -> periods.Period:
        """The period of that key, `plan` included. Raises ValueError for a key of no known form
        or of days outside the plan."""
        if key == periods.WHOLE_PLAN:
            return periods.Period(self.window, key)
        period = periods.parse(key)
        if not period.window.overlaps(self.window):
            raise ValueError(f"{key} lies outside the plan")
        return period


@pghistory.track()
class Axis(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    code = models.SlugField(_("code"), max_length=80)
    number = models.PositiveSmallIntegerField(_("number"))
    title = TextField(_("title"))
    summary = TextField(_("summary"))
    retired_at = models.DateTimeField(_("no longer in the plan since"), null=True, blank=True)

    class Meta:
        verbose_name = _("axis")
        verbose_name_plural = _("axes")
        ordering = ["number"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="plan_axis_code_once"),
        ]

    def __str__(self) -> str:
        return str(self.title)


@pghistory.track()
class Action(models.Model):
    """An action; the cross-sectional one has no number and no axis. `ends` is exclusive."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    axis = models.ForeignKey(
        Axis, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    secondary_axes = models.ManyToManyField(Axis, related_name="+")
    code = models.SlugField(_("code"), max_length=80)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    title = TextField(_("title"))
    short = TextField(_("short title"))
    priority = models.BooleanField(_("priority"), default=False)
    context = TextField(_("context"))
    objectives = models.JSONField(_("objectives"), default=list)
    timeframe = TextField(_("timeframe"))
    starts = models.DateField(_("starts"), null=True, blank=True)
    ends = models.DateField(_("ends"), null=True, blank=True)
    leaders_unknown = models.BooleanField(_("leader still to be named"), default=False)
    funders_unknown = models.BooleanField(_("funders still to be named"), default=False)
    partners_unknown = models.BooleanField(_("partners still to be named"), default=False)
    resources_unknown = models.BooleanField(_("resources still to be specified"), default=False)
    staff = models.JSONField(_("staff"), default=list)
    examples = models.JSONField(_("inspiring examples"), default=list)
    links = models.ManyToManyField("self", symmetrical=False, related_name="+")
    retired_at = models.DateTimeField(_("no longer in the plan since"), null=True, blank=True)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["place"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="plan_action_code_once"),
        ]

    def __str__(self) -> str:
        return str(self.title)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Participation(models.Model):
    """An organisation's part in an action."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField(_("part"), max_length=10, choices=choices_of(Part))
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "organisation", "part"], name="plan_participation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.part}"


class PlanLoad(models.Model):
    """One load of the plan's file that changed something: who, when, why, and every difference."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(_("loaded"), default=clock.now)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)
    file_digest = models.CharField(max_length=64)
    changes = models.JSONField(_("changes"), default=list)

    class Meta:
        verbose_name = _("load of the plan")
        verbose_name_plural = _("loads of the plan")
        ordering = ["-loaded_at", "-pk"]
        triggers: ClassVar = [
            Stamped(),
            KeptAsWritten(
                message="The record of a load of the plan is neither edited nor deleted.",
                columns=["plan_id", "loaded_at", "reason", "file_digest", "changes"],
                cleared_once_gone=["loaded_by_id"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.loaded_at:%Y-%m-%d %H:%M}"
