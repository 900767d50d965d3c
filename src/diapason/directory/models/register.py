"""What the official register of establishments (Sirene) says, apart from what people say."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from diapason.directory.models.identifiers import SIREN_LENGTH, SIRET_LENGTH, grouped
from diapason.directory.models.places import a_commune, an_activity
from diapason.kernel.models import Stamped


class RegisterEntry(models.Model):
    """An establishment as the register last told of it.

    Kept beside the organisation that bears its SIRET: where the two say the same, the organisation
    follows the register; where they differ, somebody declared otherwise and that stays.
    `brought`: the organisation was made from this entry. `hidden`: its owner asked the register to
    tell neither name nor address.
    """

    siret = models.CharField(_("SIRET"), max_length=SIRET_LENGTH, primary_key=True)
    siren = models.CharField(_("SIREN"), max_length=SIREN_LENGTH, db_index=True)
    name = models.CharField(_("name of the establishment"), max_length=200, blank=True)
    unit_name = models.CharField(_("name of the enterprise"), max_length=200, blank=True)
    legal_category = models.CharField(_("legal category"), max_length=4, blank=True)
    active = models.BooleanField(_("active"), default=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    activity = an_activity(_("activity"))
    new_activity = an_activity(_("activity in the new list"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    commune = a_commune()
    brought = models.BooleanField(_("brought in from the register"), default=False)
    hidden = models.BooleanField(_("told to nobody by the register"), default=False)

    class Meta:
        verbose_name = _("entry of the register")
        verbose_name_plural = _("entries of the register")
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(siret__startswith=models.F("siren")),
                name="directory_registerentry_siret_of_siren",
                violation_error_message=_("A SIRET begins with the SIREN of its enterprise."),
            ),
            models.CheckConstraint(
                condition=models.Q(active=False) | models.Q(closed_on__isnull=True),
                name="directory_registerentry_closed_or_active",
                violation_error_message=_("What is active has no day of closing."),
            ),
            models.CheckConstraint(
                condition=models.Q(hidden=False)
                | models.Q(name="", unit_name="", address="", postcode=""),
                name="directory_registerentry_hidden_says_nothing",
                violation_error_message=_("What the register hides is not kept here either."),
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """How the organisation is called unless somebody says otherwise: by its sign, else by its
        enterprise, else by its number alone."""
        return self.name or self.unit_name or f"SIRET {grouped(self.siret)}"
