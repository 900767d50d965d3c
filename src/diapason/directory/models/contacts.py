"""People to reach at an organisation."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diapason.directory.models.organisations import Organisation
from diapason.kernel import clock
from diapason.kernel.models import Stamped


@pghistory.track(fields=["organisation", "starts", "ends"])
class Contact(models.Model):
    """Somebody to reach at an organisation, from a day to a day (the end not included).

    Personal data: name, function, e-mail address and phone. Purpose: reach the organisation.
    Basis: public interest task (RGPD 6.1.e); to be shown to everybody, the person's own consent,
    field by field (6.1.a). Kept until erased. History keeps where and when, never the words: what
    is erased is in no table any more.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=150)
    function = models.CharField(_("function"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(
        _("phone"),
        max_length=30,
        blank=True,
        validators=[
            RegexValidator(
                r"^\+?[0-9][0-9 ().-]{4,28}$", _("Write a phone number, such as 04 00 00 00 00.")
            )
        ],
    )
    starts = models.DateField(_("from"), default=clock.today)
    ends = models.DateField(_("until"), null=True, blank=True)
    name_public_on = models.DateField(_("consent to show the name"), null=True, blank=True)
    function_public_on = models.DateField(_("consent to show the function"), null=True, blank=True)
    email_public_on = models.DateField(
        _("consent to show the e-mail address"), null=True, blank=True
    )
    phone_public_on = models.DateField(_("consent to show the phone"), null=True, blank=True)
    request_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["name", "pk"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="directory_contact_dates",
                violation_error_message=_("A contact cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="directory_contact_named",
                violation_error_message=_("Write the person’s name."),
            ),
            models.CheckConstraint(
                condition=Q(name_public_on__isnull=False)
                | Q(
                    function_public_on__isnull=True,
                    email_public_on__isnull=True,
                    phone_public_on__isnull=True,
                ),
                name="directory_contact_name_first",
                violation_error_message=_("Nothing of a person is shown whose name is not shown."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
