"""Organisations, people, their roles, and the communes of the territory."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diapason.directory.contracts import OrganisationKind, Role
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

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Organisation(models.Model):
    """A structure, once for all rooms."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = TextField(_("name"))
    kind = models.CharField(
        _("kind"), max_length=20, choices=OrganisationKind.choices(), default=OrganisationKind.BODY
    )
    url = models.URLField(_("website"), blank=True)
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commune"),
    )
    invented = models.BooleanField(_("invented for a demonstration"), default=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["code"]
        triggers: ClassVar = [Stamped()]

    def __str__(self) -> str:
        return str(self.name)


class UserManager(BaseUserManager["User"]):
    """Accounts are found by e-mail address, whatever its letters' case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person's account.

    Personal data: e-mail and name. Purpose: sign in, be written to, be named as the author of
    what one did. Basis: public interest task of the territory (RGPD 6.1.e). Kept while the
    account lives; erased by the directory's erasure.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=5, default="fr")
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("member since"), default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = []

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="directory_user_email_once",
                violation_error_message=_("An account already uses this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    def roles(self) -> frozenset[tuple[Role, int]]:
        """The roles this person holds today, each with the organisation's id. Kept per instance:
        one query a request."""
        if not hasattr(self, "_roles"):
            held = Membership.objects.on(timezone.localdate()).filter(user=self)
            self._roles = frozenset(
                (Role(role), organisation)
                for role, organisation in held.values_list("role", "organisation_id")
            )
        return self._roles

    def holds(self, *roles: Role, organisation_id: int | None = None) -> bool:
        """Whether one of these roles is held today, in that organisation where one is given."""
        return self.is_active and any(
            role in roles and organisation_id in (None, where) for role, where in self.roles()
        )


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> MembershipQuerySet:
        """The memberships that run on `day`."""
        return self.filter(Q(starts__lte=day), Q(ends__isnull=True) | Q(ends__gt=day))


@pghistory.track()
class Membership(models.Model):
    """A role held by a person in an organisation, from a day to a day (the end not included)."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices())
    starts = models.DateField(_("from"), default=timezone.localdate)
    ends = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ends__isnull=True),
                name="directory_membership_once",
                violation_error_message=_("This person already holds this role there."),
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="directory_membership_dates",
                violation_error_message=_("A role cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]),
                name="directory_membership_known_role",
                violation_error_message=_("Choose one of the roles."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organisation_id}"
