"""Indicators and their targets."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diapason.kernel import clock
from diapason.kernel.measures import UNIT_NAMES, Unit
from diapason.kernel.models import Stamped
from diapason.kernel.texts import TextField
from diapason.plan.contracts import (
    WORDS_AT_MOST,
    Aggregation,
    Direction,
    Goal,
    IndicatorKind,
)
from diapason.plan.models.choices import choices_of
from diapason.plan.models.frame import Action
from diapason.plan.models.guards import KeptAsWritten, NotEmptied
from diapason.plan.models.numbers import numbers


@pghistory.track()
class Indicator(models.Model):
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    code = models.SlugField(_("code"), max_length=80)
    place = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=choices_of(IndicatorKind))
    title = TextField(_("title"))
    short = TextField(_("short title"))
    definition = TextField(_("definition"))
    unit = models.CharField(_("unit"), max_length=20, choices=list(UNIT_NAMES.items()))
    aggregation = models.CharField(_("counted how"), max_length=12, choices=choices_of(Aggregation))
    direction = models.CharField(_("direction"), max_length=4, choices=choices_of(Direction))
    measure = models.CharField(_("measure"), max_length=80, blank=True)
    measured_from = models.DateField(_("measured from"), null=True, blank=True)
    lag_years = models.PositiveSmallIntegerField(_("years later"), default=0)
    baseline = models.DecimalField(
        _("baseline"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    baseline_on = models.DateField(_("baseline's date"), null=True, blank=True)
    baseline_source = TextField(_("baseline's source"))
    # What the file said at its last load, by period: see docs/decisions/0004.
    file_goals = models.JSONField(default=dict, blank=True)
    retired_at = models.DateTimeField(_("no longer in the plan since"), null=True, blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["place"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            # A code is unique in a plan; the loader holds that rule across actions.
            models.UniqueConstraint(fields=["action", "code"], name="plan_indicator_code_once"),
            models.CheckConstraint(
                condition=Q(aggregation=Aggregation.COHORT, lag_years__gt=0)
                | (~Q(aggregation=Aggregation.COHORT) & Q(lag_years=0)),
                name="plan_indicator_lag_for_cohorts",
                violation_error_message=_("Only a cohort is followed years later."),
            ),
            models.CheckConstraint(
                condition=numbers("baseline"),
                name="plan_indicator_numbers",
                violation_error_message=_("Write a number."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def unit_(self) -> Unit:
        return Unit(self.unit)


@pghistory.track()
class Target(models.Model):
    """What an indicator should reach in a period.

    Never edited, except for its note's words: a new decision adds a row and closes the one before
    it with `replaced_at`, so that the old value, its date and its reason stay.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="+")
    period = models.CharField(_("period"), max_length=9)
    low = models.DecimalField(_("at least"), max_digits=20, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(_("at most"), max_digits=20, decimal_places=6, null=True, blank=True)
    exact = models.BooleanField(_("single value"), default=False)
    per_event = models.BooleanField(_("at each event"), default=False)
    unknown = models.BooleanField(_("still to be set"), default=False)
    note = TextField(_("note"))
    decided_at = models.DateTimeField(_("decided"), default=clock.now)
    decided_on = models.DateField(_("date of the decision"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    from_file = models.BooleanField(_("written by a load of the file"), default=False)
    reason = models.CharField(_("reason"), max_length=WORDS_AT_MOST, blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["period", "decided_at"]
        triggers: ClassVar = [
            Stamped(),
            KeptAsWritten(
                message=(
                    "A target is neither edited nor deleted: close it with replaced_at and "
                    "add the new one beside it, with its reason."
                ),
                columns=[
                    "indicator_id",
                    "period",
                    "low",
                    "high",
                    "exact",
                    "per_event",
                    "unknown",
                    "decided_at",
                    "decided_on",
                    "from_file",
                    "reason",
                ],
                cleared_once_gone=["decided_by_id"],
                set_once=["replaced_at"],
            ),
            NotEmptied(
                table="plan_target", message="Targets are history: this table is not emptied."
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period"],
                condition=Q(replaced_at__isnull=True),
                name="plan_target_one_in_force",
                violation_error_message=_("This period already has a target."),
            ),
            models.CheckConstraint(
                condition=Q(unknown=True, low__isnull=True, high__isnull=True)
                | Q(unknown=False, low__isnull=False)
                | Q(unknown=False, high__isnull=False),
                name="plan_target_says_something",
                violation_error_message=_("Give a value, or say that it is still to be set."),
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="plan_target_low_before_high",
                violation_error_message=_("The lower bound is above the upper one."),
            ),
            models.CheckConstraint(
                condition=numbers("low", "high"),
                name="plan_target_numbers",
                violation_error_message=_("Write a number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period}"

    @property
    def goal(self) -> Goal:
        return Goal(self.low, self.high, self.exact, self.per_event, self.unknown)
