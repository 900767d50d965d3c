"""A yearly survey, and whom it asks."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diapason.kernel import clock
from diapason.kernel.models import Stamped
from diapason.observatory.contracts import Question


def every_question() -> list[str]:
    return [one.value for one in Question]


def usual_reminders() -> list[int]:
    return [14, 3]


@pghistory.track()
class Campaign(models.Model):
    """A survey about one year that is over.

    `reminder_days`: how many days before the last day whoever has not answered is reminded.
    """

    year = models.PositiveSmallIntegerField(_("year asked about"))
    questions = ArrayField(
        models.CharField(max_length=12, choices=Question.choices()),
        default=every_question,
        verbose_name=_("questions"),
    )
    opened_on = models.DateField(pgettext_lazy("survey", "opened on"), default=clock.today)
    closes_on = models.DateField(_("last day to answer"))
    closed_on = models.DateField(pgettext_lazy("survey", "closed on"), null=True, blank=True)
    reminder_days = ArrayField(
        models.PositiveSmallIntegerField(),
        default=usual_reminders,
        blank=True,
        verbose_name=_("reminders, in days before the last day"),
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    invented = models.BooleanField(_("invented for a demonstration"), default=False)
    version = models.PositiveIntegerField(default=1)
    request_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-year"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(
                fields=["year"],
                name="observatory_campaign_one_a_year",
                violation_error_message=_("There is already a survey about this year."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1990) & Q(year__lt=F("opened_on__year")),
                name="observatory_campaign_year_is_over",
                violation_error_message=_("A survey asks about a year that is over."),
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opened_on")),
                name="observatory_campaign_dates",
                violation_error_message=_("The last day comes after the first."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="observatory_campaign_closed_after",
                violation_error_message=_("A survey cannot be closed before it was opened."),
            ),
            models.CheckConstraint(
                condition=Q(questions__contained_by=every_question()) & Q(questions__len__gt=0),
                name="observatory_campaign_known_questions",
                violation_error_message=_("Choose at least one of the questions."),
            ),
            models.CheckConstraint(
                condition=Q(questions__contains=[Question.TURNOVER.value])
                | ~Q(questions__overlap=[Question.ABROAD.value, Question.TRAINING.value]),
                name="observatory_campaign_shares_of_turnover",
                violation_error_message=_(
                    "A share of the turnover cannot be asked without the turnover."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


@pghistory.track(exclude=["token_hash", "key", "contact"])
class Invitation(models.Model):
    """One enterprise asked in one survey, by a personal link.

    Personal data: whom the link was sent to. Purpose: ask and remind. The address stays in the
    directory and is read when a letter is sent: who was erased there gets none. The tie to the
    person is cut two years after the survey is closed.
    Only the hash of the link's secret is kept; the secret is made of `key` and of the server's own.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="+", verbose_name=_("survey")
    )
    organisation = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("enterprise"),
    )
    contact = models.ForeignKey(
        "directory.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person asked"),
    )
    to_person = models.BooleanField(_("written to a person"), default=False)
    language = models.CharField(_("language"), max_length=5, default="fr")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_on = models.DateField(_("asked on"), default=clock.today)
    sent_on = models.DateField(_("letter sent on"), null=True, blank=True)
    reminded_on = models.DateField(_("reminded on"), null=True, blank=True)
    refused_on = models.DateField(_("wants no letter since"), null=True, blank=True)

    class Meta:
        verbose_name = _("enterprise asked")
        verbose_name_plural = _("enterprises asked")
        ordering = ["campaign", "pk"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organisation"],
                name="observatory_invitation_once",
                violation_error_message=_("This enterprise is already asked."),
            ),
            models.CheckConstraint(
                condition=Q(reminded_on__isnull=True)
                | Q(sent_on__isnull=False, reminded_on__gte=F("sent_on")),
                name="observatory_invitation_sent_first",
                violation_error_message=_("Nobody is reminded of a letter that was not sent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.organisation_id}"
