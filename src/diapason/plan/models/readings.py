"""Figures that people declare."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diapason.kernel import clock
from diapason.kernel.models import Stamped, StoredFile
from diapason.plan.contracts import (
    WORDS_AT_MOST,
    ReadingState,
)
from diapason.plan.models.choices import choices_of
from diapason.plan.models.guards import ApprovedBySomebody, ApprovedReadingKept, NotEmptied
from diapason.plan.models.indicators import Indicator
from diapason.plan.models.numbers import numbers


@pghistory.track()
class Reading(models.Model):
    """A figure that somebody declared for an indicator: value, date, source, approval.

    Approved readings are evidence: they are corrected by another reading, never edited.
    `value` is the numerator where `denominator` is given.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("date of the figure"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6)
    denominator = models.DecimalField(
        _("out of"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=300)
    link = models.URLField(_("link"), blank=True, max_length=500)
    document = models.ForeignKey(
        StoredFile,
        verbose_name=_("document"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    note = models.CharField(_("note"), max_length=WORDS_AT_MOST, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=choices_of(ReadingState), default=ReadingState.DECLARED
    )
    from_plan = models.BooleanField(_("given by the plan itself"), default=False)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    declared_at = models.DateTimeField(_("declared"), default=clock.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    return_reason = models.CharField(_("what to mend"), max_length=WORDS_AT_MOST, blank=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    request_key = models.UUIDField(
        null=True,
        blank=True,
        unique=True,
        help_text=_("the same form sent twice makes one reading"),
    )
    invented = models.BooleanField(_("invented for a demonstration"), default=False)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["-declared_at", "-pk"]
        triggers: ClassVar = [
            Stamped(),
            ApprovedReadingKept(),
            ApprovedBySomebody(),
            NotEmptied(
                table="plan_reading",
                condition="state IN ('approved', 'corrected')",
                message="Approved figures are evidence: this table is not emptied.",
            ),
        ]
        indexes = [
            # Everything that a figure is made of, so that counting a million approved readings
            # reads the index alone.
            models.Index(
                fields=["indicator", "on", "id"],
                include=["value", "denominator"],
                condition=Q(state=ReadingState.APPROVED),
                name="plan_reading_counted",
            ),
            models.Index(fields=["state", "-declared_at"], name="plan_reading_state"),
            # To find the same figure declared twice, among a million.
            models.Index(fields=["indicator", "on", "value"], name="plan_reading_same"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=numbers("value", "denominator"),
                name="plan_reading_numbers",
                violation_error_message=_("Write a number."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(declared_by__isnull=True)
                | ~Q(decided_by=F("declared_by")),
                name="plan_reading_two_people",
                violation_error_message=_(
                    "Somebody else than the person who declared a figure approves it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state=ReadingState.DECLARED, decided_at__isnull=True)
                | (~Q(state=ReadingState.DECLARED) & Q(decided_at__isnull=False)),
                name="plan_reading_decided_has_date",
                violation_error_message=_("A decision has its date."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ReadingState.RETURNED) | ~Q(return_reason=""),
                name="plan_reading_returned_says_why",
                violation_error_message=_("Say what has to be mended."),
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0),
                name="plan_reading_denominator_positive",
                violation_error_message=_("The figure is out of a number greater than zero."),
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(state__in=[ReadingState.DECLARED, ReadingState.APPROVED]),
                name="plan_reading_corrected_once",
                violation_error_message=_("A correction of this figure already exists."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.on} {self.value}"
