"""Invitations to come in, and keys for programs."""

from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diapason.directory.contracts import Role
from diapason.directory.models.organisations import Organisation
from diapason.directory.models.people import User, default_language


@pghistory.track(exclude=["token_hash"])
class Invitation(models.Model):
    """An operator's word to somebody: come and hold this role in this organisation.

    Personal data: the e-mail address. Purpose: give access to the person whom the organisation
    named. Basis: public interest task (RGPD 6.1.e). Kept until accepted, withdrawn or expired,
    then with the history of roles; erased with the account that accepted it.
    Only the hash of the link's secret is kept: reading the table opens no door.
    """

    email = models.EmailField(_("e-mail address"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices())
    language = models.CharField(_("language"), max_length=5, default=default_language)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("invited by")
    )
    created_at = models.DateTimeField(_("sent on"), default=timezone.now)
    expires_at = models.DateTimeField(_("open until"))
    accepted_at = models.DateTimeField(_("accepted on"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("accepted by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "organisation",
                "role",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="directory_invitation_one_open",
                violation_error_message=_("This person already has an open invitation for it."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="directory_invitation_expires_later",
                violation_error_message=_("An invitation must stay open for some time."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="directory_invitation_one_end",
                violation_error_message=_("An accepted invitation cannot be withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]),
                name="directory_invitation_known_role",
                violation_error_message=_("Choose one of the roles."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.organisation_id}"

    @property
    def role_label(self) -> Any:
        return Role(self.role).label

    @property
    def is_open(self) -> bool:
        return not self.accepted_at and not self.withdrawn_at and self.expires_at > timezone.now()


@pghistory.track(exclude=["token_hash", "last_used_at"])
class ApiToken(models.Model):
    """A key that lets an organisation's program read what the organisation may read.

    Only its hash is kept; the key itself is shown once.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made on"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=Q(revoked_at__isnull=True),
                name="directory_apitoken_name_once",
                violation_error_message=_("This organisation already has a token of that name."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("created_at")),
                name="directory_apitoken_expires_later",
                violation_error_message=_("A token must stay valid for some time."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def works(self) -> bool:
        return not self.revoked_at and (self.expires_at is None or self.expires_at > timezone.now())
