"""The communes of the territory, and the official lists of activities."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from diapason.directory.contracts import ActivityRevision
from diapason.kernel.models import Stamped
from diapason.kernel.texts import TextField


class Commune(models.Model):
    """A municipality, by its official geographic code."""

    code = models.CharField(_("code"), max_length=5, primary_key=True)
    name = models.CharField(_("name"), max_length=100)
    postcodes = ArrayField(
        models.CharField(max_length=5), default=list, verbose_name=_("postcodes")
    )
    intercommunality = models.CharField(_("intercommunality"), max_length=150, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)

    class Meta:
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        ordering = ["name"]
        triggers: ClassVar = [Stamped()]

    def __str__(self) -> str:
        return self.name


class Activity(models.Model):
    """A line of the official list of activities (NAF), in one of its revisions."""

    code = models.CharField(_("code"), max_length=10)
    revision = models.CharField(_("revision"), max_length=4, choices=ActivityRevision.choices())
    label = TextField(_("label"))
    cultural = models.BooleanField(_("cultural or creative"), default=False)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["revision", "code"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "code"],
                name="directory_activity_once",
                violation_error_message=_("This revision already has an activity of that code."),
            ),
            models.CheckConstraint(
                condition=models.Q(revision__in=[each.value for each in ActivityRevision]),
                name="directory_activity_known_revision",
                violation_error_message=_("Choose one of the revisions."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


def an_activity(label: Any) -> models.ForeignKey:
    """A field for what somebody does, in one of the official lists."""
    return _to(Activity, label)


def a_commune() -> models.ForeignKey:
    """A field for where somebody stands."""
    return _to(Commune, _("commune"))


def _to(model: type[models.Model], label: Any) -> models.ForeignKey:
    """A link that may be unknown, to a line that nobody removes while it is named."""
    return models.ForeignKey(
        model, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )
