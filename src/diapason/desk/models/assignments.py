"""When a backlog was assigned, and by whom."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from diapason.kernel import clock
from diapason.kernel.models import Stamped


@pghistory.track()
class Assignment(models.Model):
    """Several projects proposed to structures at once, as somebody confirmed; the proposals refer
    to it."""

    on = models.DateField(_("day"), default=clock.today)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    request_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("assignment of the backlog")
        verbose_name_plural = _("assignments of the backlog")
        ordering = ["-on", "-pk"]
        triggers: ClassVar = [Stamped()]

    def __str__(self) -> str:
        return f"{self.on}"
