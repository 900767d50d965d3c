"""Visits to enterprises: the year's programme, and what each visit found."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diapason.desk.contracts import Difficulty, FindingKind, Need, Sector, VisitState
from diapason.desk.models.cases import Case
from diapason.kernel.models import Stamped

COMING = (VisitState.ACCEPTED.value, VisitState.PLANNED.value)


@pghistory.track(exclude=["notes", "notes_key"])
class Visit(models.Model):
    """A visit to an enterprise, in the programme of a year.

    `why` is what spoke for it when it was taken into the programme. `notes_key` is the last form of
    notes that was taken: a phone that lost the network knows by it what arrived.
    """

    organisation = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("enterprise"),
    )
    year = models.PositiveSmallIntegerField(_("year of the programme"))
    sector = models.CharField(
        _("sector"), max_length=10, choices=Sector.choices(), default=Sector.OTHER
    )
    state = models.CharField(
        _("state"), max_length=10, choices=VisitState.choices(), default=VisitState.ACCEPTED
    )
    why = models.CharField(_("why"), max_length=400, blank=True)
    planned_on = models.DateField(pgettext_lazy("visit", "planned on"), null=True, blank=True)
    done_on = models.DateField(pgettext_lazy("visit", "done on"), null=True, blank=True)
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("visitor"),
    )
    notes = models.TextField(_("notes"), blank=True)
    notes_key = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    invented = models.BooleanField(_("invented for a demonstration"), default=False)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-year", "planned_on", "pk"]
        indexes = [
            models.Index(fields=["organisation", "done_on"], name="desk_visit_last"),
            models.Index(fields=["state", "done_on"], name="desk_visit_done"),
        ]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state__in=COMING),
                name="desk_visit_one_to_come",
                violation_error_message=_("A visit to this enterprise is to come already."),
            ),
            models.CheckConstraint(
                condition=Q(state=VisitState.DONE, done_on__isnull=False)
                | (~Q(state=VisitState.DONE) & Q(done_on__isnull=True)),
                name="desk_visit_done_is_dated",
                violation_error_message=_("A visit that was made has its day."),
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.PLANNED) | Q(planned_on__isnull=False),
                name="desk_visit_planned_is_dated",
                violation_error_message=_("A visit that is planned has its day."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in VisitState])
                & Q(sector__in=[one.value for one in Sector]),
                name="desk_visit_known_words",
                violation_error_message=_("Choose a state and a sector of the lists."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}"


@pghistory.track()
class VisitFinding(models.Model):
    """A need or a difficulty that a visit found, in the words that all visits share; a need may
    become a case."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=FindingKind.choices())
    topic = models.CharField(_("what about"), max_length=12)
    case = models.OneToOneField(
        Case,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("case"),
    )

    class Meta:
        verbose_name = _("finding of a visit")
        verbose_name_plural = _("findings of visits")
        ordering = ["kind", "topic"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "kind", "topic"],
                name="desk_visitfinding_once",
                violation_error_message=_("This is noted already."),
            ),
            models.CheckConstraint(
                condition=Q(kind=FindingKind.NEED, topic__in=[one.value for one in Need])
                | Q(kind=FindingKind.DIFFICULTY, topic__in=[one.value for one in Difficulty]),
                name="desk_visitfinding_known_words",
                violation_error_message=_("Choose a need or a difficulty of the lists."),
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=True) | Q(kind=FindingKind.NEED),
                name="desk_visitfinding_need_becomes_case",
                violation_error_message=_("Only a need becomes a case."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.kind} {self.topic}"

    @property
    def label(self) -> object:
        """The need or the difficulty in words."""
        if self.kind == FindingKind.NEED:
            return Need(self.topic).label
        return Difficulty(self.topic).label
