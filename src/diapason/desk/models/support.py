"""What structures offer, when they are away, and who keeps the front door."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diapason.desk.contracts import Need, Sector, Stage, Tongue
from diapason.kernel import clock
from diapason.kernel.models import Stamped


def first_reminders() -> list[int]:
    """After how many days structures are reminded, until somebody chooses otherwise."""
    return [3, 7, 14]


@pghistory.track()
class FrontDoor(models.Model):
    """The one organisation that receives every request first."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    organisation = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organisation at the front door"),
    )
    remind_after = ArrayField(
        models.PositiveSmallIntegerField(),
        default=first_reminders,
        blank=True,
        verbose_name=_("reminders after so many days"),
    )

    class Meta:
        verbose_name = _("front door")
        verbose_name_plural = _("front doors")
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.CheckConstraint(
                condition=Q(only=True),
                name="desk_frontdoor_only_one",
                violation_error_message=_("There is one front door."),
            ),
            models.CheckConstraint(
                condition=Q(remind_after__len__lte=5),
                name="desk_frontdoor_few_reminders",
                violation_error_message=_("At most five reminders."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


@pghistory.track()
class Offer(models.Model):
    """Support that a structure can give: for which stages and needs, to how many projects at
    once and in how many hours a month, from a day to a day (`ends` is the last).

    No `sectors`, `communes` or `languages` means all of them; `communes` holds official codes.
    """

    structure = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("structure"),
    )
    title = models.CharField(_("what is offered"), max_length=120)
    description = models.CharField(_("in one or two sentences"), max_length=400, blank=True)
    stages = ArrayField(
        models.CharField(max_length=12, choices=Stage.choices()), verbose_name=_("stages")
    )
    needs = ArrayField(
        models.CharField(max_length=12, choices=Need.choices()), verbose_name=_("needs")
    )
    sectors = ArrayField(
        models.CharField(max_length=10, choices=Sector.choices()),
        default=list,
        blank=True,
        verbose_name=_("sectors"),
    )
    communes = ArrayField(
        models.CharField(max_length=5), default=list, blank=True, verbose_name=_("communes")
    )
    languages = ArrayField(
        models.CharField(max_length=5, choices=Tongue.choices()),
        default=list,
        blank=True,
        verbose_name=_("languages"),
    )
    seats = models.PositiveSmallIntegerField(_("projects at the same time"))
    hours = models.PositiveSmallIntegerField(_("expert hours a month"), null=True, blank=True)
    starts = models.DateField(_("from"), default=clock.today)
    ends = models.DateField(_("until"), null=True, blank=True)
    conditions = models.CharField(_("conditions"), max_length=400, blank=True)
    cost = models.CharField(_("cost"), max_length=120, blank=True)
    request_key = models.UUIDField(null=True, blank=True, unique=True)
    invented = models.BooleanField(_("invented for a demonstration"), default=False)

    class Meta:
        verbose_name = _("support on offer")
        verbose_name_plural = _("support on offer")
        ordering = ["title", "pk"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.CheckConstraint(
                condition=Q(stages__len__gt=0) & Q(needs__len__gt=0),
                name="desk_offer_says_for_whom",
                violation_error_message=_("Choose at least one stage and one need."),
            ),
            models.CheckConstraint(
                condition=Q(stages__contained_by=[one.value for one in Stage])
                & Q(needs__contained_by=[one.value for one in Need]),
                name="desk_offer_known_words",
                violation_error_message=_("Choose among the stages and needs of the list."),
            ),
            models.CheckConstraint(
                condition=Q(sectors__contained_by=[one.value for one in Sector])
                & Q(languages__contained_by=[one.value for one in Tongue]),
                name="desk_offer_known_reach",
                violation_error_message=_("Choose among the sectors and languages of the list."),
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="desk_offer_dates",
                violation_error_message=_("An offer cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Absence(models.Model):
    """Days on which a structure takes no new project; `ends` is the last."""

    structure = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("structure"),
    )
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"))
    request_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts", "pk"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")),
                name="desk_absence_dates",
                violation_error_message=_("An absence cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.structure_id} {self.starts} {self.ends}"
