"""What is said on a case, and what the project's owner thinks of the help at its end."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diapason.desk.contracts import Satisfied
from diapason.desk.models.cases import Case
from diapason.kernel import clock
from diapason.kernel.models import Stamped

_AS_WRITTEN = "What was sent stays as it was sent: write another message."


class AsWritten(pgtrigger.Trigger):
    """A message keeps its words and its document until it is erased whole."""

    def __init__(self) -> None:
        super().__init__(
            name="as_written",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(new__erased=False),
            func=f"""
                IF (NEW.text, NEW.document_id, NEW.case_id, NEW.from_project)
                    IS DISTINCT FROM (OLD.text, OLD.document_id, OLD.case_id, OLD.from_project)
                THEN
                    RAISE EXCEPTION USING MESSAGE = '{_AS_WRITTEN}', ERRCODE = 'check_violation',
                        CONSTRAINT = 'desk_casemessage_as_written';
                END IF;
                RETURN NEW;
            """,
        )


class CaseMessage(models.Model):
    """A message on a case, from the project's owner or from somebody who helps, with a document
    where there is one.

    The owner, those who lead the case and the structures that help read it. It keeps no history of
    its own: what is sent does not change, and what is erased is gone.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    from_project = models.BooleanField(_("from the project's owner"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    structure = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("in the name of"),
    )
    text = models.TextField(_("message"), blank=True)
    document = models.ForeignKey(
        "kernel.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )
    sent_at = models.DateTimeField(_("sent"), default=clock.now)
    erased = models.BooleanField(_("erased"), default=False)
    request_key = models.UUIDField(null=True, blank=True, unique=True)
    invented = models.BooleanField(_("invented for a demonstration"), default=False)

    class Meta:
        verbose_name = _("message on a case")
        verbose_name_plural = _("messages on cases")
        ordering = ["sent_at", "pk"]
        indexes = [models.Index(fields=["case", "sent_at"], name="desk_casemessage_case")]
        triggers: ClassVar = [Stamped(), AsWritten()]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased=True, text="", document__isnull=True)
                | (Q(erased=False) & (~Q(text="") | Q(document__isnull=False))),
                name="desk_casemessage_says_something",
                violation_error_message=_("Write a few words, or attach a document."),
            ),
            models.CheckConstraint(
                condition=Q(from_project=True, author__isnull=True, structure__isnull=True)
                | Q(from_project=False, structure__isnull=False),
                name="desk_casemessage_has_a_side",
                violation_error_message=_(
                    "A message comes from the project, or from a structure in its own name."
                ),
            ),
            models.UniqueConstraint(
                fields=["document"],
                name="desk_casemessage_own_document",
                violation_error_message=_("This document belongs to another message."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


@pghistory.track(exclude=["words"])
class Satisfaction(models.Model):
    """What the project's owner says of the help once the case is closed.

    One answer for a case; it may be changed until `final_on`.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(_("answer"), max_length=12, choices=Satisfied.choices())
    words = models.TextField(_("in your own words"), blank=True)
    answered_on = models.DateField(_("answered on"), default=clock.today)
    final_on = models.DateField(_("may be changed until"))
    invented = models.BooleanField(_("invented for a demonstration"), default=False)

    class Meta:
        verbose_name = _("satisfaction")
        verbose_name_plural = _("satisfactions")
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=[one.value for one in Satisfied]),
                name="desk_satisfaction_known_answer",
                violation_error_message=_("Choose one of the answers."),
            ),
            models.CheckConstraint(
                condition=Q(answered_on__lte=F("final_on")),
                name="desk_satisfaction_in_time",
                violation_error_message=_("The time to answer is over."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.answer}"
