"""Organisations, people, their roles, and the communes of the territory."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diapason.directory.contracts import OrganisationKind, Role
from diapason.kernel import clock
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


def default_language() -> str:
    """The language that this instance speaks first."""
    return settings.LANGUAGE_CODE


class UserManager(BaseUserManager["User"]):
    """Accounts are found by e-mail address, whatever its letters' case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=["email", "name", "language", "is_active", "joined_at"],
    model_name="UserEvent",
)
class User(AbstractBaseUser, PermissionsMixin):
    """A person's account.

    Personal data: e-mail and name. Purpose: sign in, be written to, be named as the author of
    what one did. Basis: public interest task of the territory (RGPD 6.1.e). Kept while the
    account lives; erased by the directory's erasure.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=5, default=default_language)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("member since"), default=clock.now)

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
            held = Membership.objects.on(clock.today()).filter(user=self)
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


class DateRange(Func):
    """Two columns of days as one period of PostgreSQL, so that periods may not overlap."""

    function = "DATERANGE"
    output_field = DateRangeField()


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
    starts = models.DateField(_("from"), default=clock.today)
    ends = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            ExclusionConstraint(
                name="directory_membership_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (
                        DateRange("starts", "ends", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
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

    @property
    def role_label(self) -> Any:
        return Role(self.role).label

    def runs_on(self, day: date) -> bool:
        return self.starts <= day and not self.is_over_on(day)

    def is_over_on(self, day: date) -> bool:
        return self.ends is not None and self.ends <= day


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
