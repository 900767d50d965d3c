"""How often a person wants to be written to."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from diapason.desk.contracts import Rhythm
from diapason.kernel.models import Stamped


class LetterChoice(models.Model):
    """What somebody chose; without a choice, the digest comes each week."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    digest = models.CharField(
        _("what is late"), max_length=6, choices=Rhythm.choices(), default=Rhythm.WEEKLY
    )

    class Meta:
        verbose_name = _("choice of letters")
        verbose_name_plural = _("choices of letters")
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest__in=[one.value for one in Rhythm]),
                name="desk_letterchoice_known_rhythm",
                violation_error_message=_("Choose one of the rhythms."),
            )
        ]

    def __str__(self) -> str:
        return self.digest
