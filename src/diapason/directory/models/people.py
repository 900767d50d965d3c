"""People's accounts, and the roles that they hold."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from diapason.directory.contracts import Role
from diapason.directory.models.organisations import Organisation
from diapason.kernel import changes, clock
from diapason.kernel.models import Stamped

# Where the roles of a person are written, and which organisations are one.
_ROLES_STAND_IN = ("directory_membership", "directory_organisation")


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
        triggers: ClassVar = [Stamped()]
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
        """The roles this person holds today, each with the organisation's id. Of organisations that
        were merged, a role in one is held in each: what any of them left is there to be followed.
        Kept with this object for the request, and beyond it until a role or a merge changes."""
        if not hasattr(self, "_roles"):
            day = clock.today()
            self._roles = changes.kept(
                f"roles:{self.pk}:{day}", _ROLES_STAND_IN, lambda: self._roles_on(day)
            )
        return self._roles

    def _roles_on(self, day: date) -> frozenset[tuple[Role, int]]:
        """The roles held on a day. One query, two or more where something was merged."""
        duplicate = Organisation.objects.filter(merged_into=models.OuterRef("organisation"))
        held = (
            Membership.objects.on(day)
            .filter(user=self)
            .annotate(merges=models.Exists(duplicate))
            .values_list("role", "organisation_id", "organisation__merged_into_id", "merges")
        )
        rows = list(held)
        merged = [where for _role, where, into, merges in rows if into is not None or merges]
        families = Organisation.families(merged) if merged else {}
        return frozenset(
            (Role(role), each)
            for role, where, _into, _merges in rows
            for each in families.get(where, (where,))
        )

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
        triggers: ClassVar = [Stamped()]
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
