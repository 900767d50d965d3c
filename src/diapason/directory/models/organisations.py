"""Structures, once for all rooms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Left
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from diapason.directory.contracts import OrganisationKind, PublishedField
from diapason.directory.models.guards import MergedIntoLiving, OneLevelOfGroup, VerifiedAsItWas
from diapason.directory.models.identifiers import (
    SIREN_LENGTH,
    SIRET_LENGTH,
    sound,
    validate_siren,
    validate_siret,
)
from diapason.directory.models.places import a_commune, an_activity
from diapason.kernel.models import Stamped
from diapason.kernel.tables import folded, text_in
from diapason.kernel.texts import TextField


def published_at_first() -> list[str]:
    """What the public page of a listed organisation shows unless somebody chose otherwise."""
    return [PublishedField.DESCRIPTION.value, PublishedField.URL.value]


@pghistory.track()
class Organisation(models.Model):
    """A structure, once for all rooms.

    `merged_into`: the row that took the place of this duplicate, which is kept with its history.
    `listed`: the public directory shows it, with the fields that `published` names.
    `version` is what an edit was based on.
    """

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = TextField(_("name"))
    kind = models.CharField(
        _("kind"), max_length=20, choices=OrganisationKind.choices(), default=OrganisationKind.BODY
    )
    description = TextField(_("what it does"), blank=True)
    siren = models.CharField(
        _("SIREN"), max_length=SIREN_LENGTH, blank=True, validators=[validate_siren]
    )
    siret = models.CharField(
        _("SIRET"), max_length=SIRET_LENGTH, blank=True, validators=[validate_siret]
    )
    verified_at = models.DateTimeField(_("number verified on"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("number verified by"),
    )
    verified_with = models.CharField(_("number verified with"), max_length=200, blank=True)
    activity = an_activity(_("activity"))
    new_activity = an_activity(_("activity in the new list"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    commune = a_commune()
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
    email = models.EmailField(_("e-mail address"), blank=True)
    url = models.URLField(_("website"), blank=True)
    group = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("head of its group"),
    )
    checked_on = models.DateField(_("last checked on"), null=True, blank=True)
    listed = models.BooleanField(_("in the public directory"), default=False)
    published = ArrayField(
        models.CharField(max_length=20, choices=PublishedField.choices()),
        default=published_at_first,
        blank=True,
        verbose_name=_("shown to everybody"),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("merged into"),
    )
    invented = models.BooleanField(_("invented for a demonstration"), default=False)
    version = models.PositiveIntegerField(default=1)
    request_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["code"]
        triggers: ClassVar = [
            Stamped(),
            VerifiedAsItWas(),
            MergedIntoLiving(),
            OneLevelOfGroup(),
        ]
        indexes = [
            models.Index(fields=["siren"], condition=~Q(siren=""), name="directory_org_siren"),
            models.Index(fields=["commune", "kind"], name="directory_org_place"),
            # Sorted and searched by name among a hundred thousand.
            models.Index(text_in("name", "fr"), "id", name="directory_org_name_fr"),
            models.Index(text_in("name", "en"), "id", name="directory_org_name_en"),
            models.Index(folded("kind"), "id", name="directory_org_kind"),
            GinIndex(
                OpClass(folded(Cast("name", models.TextField())), name="gin_trgm_ops"),
                name="directory_org_name_words",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["siret"],
                condition=~Q(siret="") & Q(merged_into__isnull=True),
                name="directory_organisation_siret_once",
                violation_error_message=_("Another organisation already has this SIRET."),
            ),
            models.CheckConstraint(
                condition=sound("siren", SIREN_LENGTH),
                name="directory_organisation_siren_sound",
                violation_error_message=_(
                    "This is no SIREN: it has 9 digits, of which the last proves the others."
                ),
            ),
            models.CheckConstraint(
                condition=sound("siret", SIRET_LENGTH),
                name="directory_organisation_siret_sound",
                violation_error_message=_(
                    "This is no SIRET: it has 14 digits, of which the last proves the others."
                ),
            ),
            models.CheckConstraint(
                condition=Q(siret="") | Q(siren=Left("siret", SIREN_LENGTH)),
                name="directory_organisation_siret_of_siren",
                violation_error_message=_("A SIRET begins with the SIREN of its enterprise."),
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True, verified_with="")
                | (Q(verified_at__isnull=False) & ~Q(verified_with="") & ~Q(siren="")),
                name="directory_organisation_verified_whole",
                violation_error_message=_(
                    "Verifying a number takes the number, the day and what it was verified with."
                ),
            ),
            models.CheckConstraint(
                condition=Q(group__isnull=True) | ~Q(group=F("id")),
                name="directory_organisation_not_own_group",
                violation_error_message=_("An organisation cannot be the head of itself."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="directory_organisation_not_into_itself",
                violation_error_message=_("An organisation cannot be merged into itself."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in OrganisationKind]),
                name="directory_organisation_known_kind",
                violation_error_message=_("Choose one of the kinds."),
            ),
            models.CheckConstraint(
                condition=Q(GreaterThan(text_in("name", "fr"), Value(""))),
                name="directory_organisation_has_a_name",
                violation_error_message=_("An organisation has a name."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @classmethod
    def families(cls, ids: Iterable[int]) -> dict[int, frozenset[int]]:
        """For each of these, every id that names the same organisation: the one that stands, and
        whatever was merged into it. Unknown ids are left out. A query for each level of merging,
        one where nothing was merged.
        """
        asked = set(ids)
        into: dict[int, int | None] = {}
        level = asked
        while level:
            near = cls._base_manager.filter(Q(pk__in=level) | Q(merged_into__in=level))
            found = dict(near.values_list("pk", "merged_into_id"))
            beside = set(found) | {end for end in found.values() if end is not None}
            looked_at = level | set(into)
            into |= found
            level = beside - looked_at
        ends = {one: _end(one, into) for one in into}
        whole: dict[int, set[int]] = {}
        for one, end in ends.items():
            whole.setdefault(end, set()).add(one)
        return {one: frozenset(whole[ends[one]]) for one in asked if one in ends}

    @property
    def kind_label(self) -> Any:
        return OrganisationKind(self.kind).label

    @property
    def sector(self) -> str:
        """The label of what it does in the official lists; empty where nobody said."""
        activity = self.activity or self.new_activity
        return str(activity.label) if activity is not None else ""

    @property
    def is_verified(self) -> bool:
        """Whether somebody verified the number; a right checksum alone proves nothing."""
        return self.verified_at is not None


def _end(first: int, into: dict[int, int | None]) -> int:
    """Where a chain of merges ends."""
    last = first
    while (onward := into[last]) is not None:
        last = onward
    return last
