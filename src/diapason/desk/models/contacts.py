"""Who reached the welcome desk."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from diapason.desk.contracts import Channel
from diapason.kernel import clock
from diapason.kernel.models import Stamped
from diapason.kernel.tables import folded


@pghistory.track()
class DeskContact(models.Model):
    """One contact received, and to whom the person was sent.

    No name is kept: whoever wants to be followed opens a case.
    """

    on = models.DateField(_("day"), default=clock.today)
    channel = models.CharField(_("by"), max_length=6, choices=Channel.choices())
    subject = models.CharField(_("what about"), max_length=200)
    organisation = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    oriented_to = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("oriented to"),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    request_key = models.UUIDField(null=True, blank=True, unique=True)
    invented = models.BooleanField(_("invented for a demonstration"), default=False)

    class Meta:
        verbose_name = _("contact received")
        verbose_name_plural = _("contacts received")
        ordering = ["-on", "-pk"]
        triggers: ClassVar = [Stamped()]
        # The orders of its list, among a million.
        indexes = [
            models.Index(fields=["-on", "-id"], name="desk_deskcontact_latest"),
            models.Index(folded("channel"), "id", name="desk_deskcontact_channel"),
            models.Index(folded("subject"), "id", name="desk_deskcontact_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(subject=""),
                name="desk_deskcontact_says_what",
                violation_error_message=_("Say in a few words what it was about."),
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=[one.value for one in Channel]),
                name="desk_deskcontact_known_channel",
                violation_error_message=_("Say how the contact was made."),
            ),
        ]

    def __str__(self) -> str:
        return self.subject
