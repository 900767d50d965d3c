"""Who has a case open right now."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from diapason.desk.models.cases import Case


class CasePresence(models.Model):
    """A person had the page of a case open at that moment; forgotten within the day.

    `seen_at` is the machine's own moment, also in a demonstration.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        verbose_name = _("presence on a case")
        verbose_name_plural = _("presences on cases")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"],
                name="desk_casepresence_once",
                violation_error_message=_("A person is once on a case."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.person_id}"
