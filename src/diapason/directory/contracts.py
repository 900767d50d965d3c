"""What crosses the directory's door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from diapason.kernel.texts import Text


class Role(StrEnum):
    """What a person does for an organisation. Visitors have no account, hence no role."""

    MEMBER = "member"
    ADVISOR = "advisor"
    PROGRAMME_MANAGER = "programme_manager"
    JUROR = "juror"
    COMMITTEE_MEMBER = "committee_member"
    OPERATOR = "operator"

    @classmethod
    def choices(cls) -> list[tuple[str, object]]:
        return [(role.value, role.label) for role in cls]

    @property
    def label(self) -> object:
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.MEMBER: _("Member"),
    Role.ADVISOR: _("Advisor"),
    Role.PROGRAMME_MANAGER: _("Programme manager"),
    Role.JUROR: _("Juror"),
    Role.COMMITTEE_MEMBER: _("Committee member"),
    Role.OPERATOR: _("Operator"),
}


class OrganisationKind(StrEnum):
    """What an organisation is; `plans/schema.json` offers the same list."""

    AGENCY = "agency"
    ACCELERATOR = "accelerator"
    ASSOCIATION = "association"
    AUTHORITY = "authority"
    BODY = "body"
    CHAMBER = "chamber"
    CLUSTER = "cluster"
    COMPANY = "company"
    FESTIVAL = "festival"
    FUND = "fund"
    INCUBATOR = "incubator"
    NETWORK = "network"
    SCHOOL = "school"
    UNIVERSITY = "university"

    @classmethod
    def choices(cls) -> list[tuple[str, object]]:
        return [(kind.value, kind.label) for kind in cls]

    @property
    def label(self) -> object:
        return _KIND_LABELS[self]


_KIND_LABELS = {
    OrganisationKind.AGENCY: _("Agency"),
    OrganisationKind.ACCELERATOR: _("Accelerator"),
    OrganisationKind.ASSOCIATION: _("Association"),
    OrganisationKind.AUTHORITY: _("Public authority"),
    OrganisationKind.BODY: _("Other body"),
    OrganisationKind.CHAMBER: _("Chamber"),
    OrganisationKind.CLUSTER: _("Cluster"),
    OrganisationKind.COMPANY: _("Company"),
    OrganisationKind.FESTIVAL: _("Festival"),
    OrganisationKind.FUND: _("Fund"),
    OrganisationKind.INCUBATOR: _("Incubator"),
    OrganisationKind.NETWORK: _("Network"),
    OrganisationKind.SCHOOL: _("School"),
    OrganisationKind.UNIVERSITY: _("University"),
}


@dataclass(frozen=True)
class OrganisationEntry:
    """An organisation as another room gives it; `name` by language."""

    code: str
    name: Mapping[str, str]
    kind: OrganisationKind
    url: str = ""


@dataclass(frozen=True)
class OrganisationCard:
    """An organisation as other rooms show it."""

    id: int
    code: str
    name: Text
    kind: OrganisationKind
    url: str


@dataclass(frozen=True)
class PersonCard:
    """A person as other rooms name them: never the e-mail address of somebody who gave a name."""

    id: int
    name: str
    language: str
    active: bool


@dataclass(frozen=True)
class TokenHolder:
    """Who stands behind a token of the API: an organisation, through the person who made it."""

    token_id: int
    token_name: str
    organisation_id: int
    person_id: int | None
    expires_at: datetime | None


@dataclass(frozen=True)
class Loaded:
    """What a load did, in numbers of records."""

    added: int
    changed: int
    unchanged: int
