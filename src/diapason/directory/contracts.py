"""What crosses the directory's door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from diapason.kernel.events import Event
from diapason.kernel.texts import Text
from diapason.kernel.worded import Worded


class Role(Worded):
    """What a person does for an organisation. Visitors have no account, hence no role."""

    MEMBER = "member", _("Member")
    ADVISOR = "advisor", _("Advisor")
    PROGRAMME_MANAGER = "programme_manager", _("Programme manager")
    JUROR = "juror", _("Juror")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    OPERATOR = "operator", _("Operator")


# Who works for a structure or an authority, or runs the instance: the workspace is theirs.
STAFF = (Role.ADVISOR, Role.PROGRAMME_MANAGER, Role.OPERATOR)


class OrganisationKind(Worded):
    """What an organisation is; `plans/schema.json` offers the same list."""

    AGENCY = "agency", _("Agency")
    ACCELERATOR = "accelerator", _("Accelerator")
    ASSOCIATION = "association", _("Association")
    AUTHORITY = "authority", _("Public authority")
    BODY = "body", _("Other body")
    CHAMBER = "chamber", _("Chamber")
    CLUSTER = "cluster", _("Cluster")
    COMPANY = "company", _("Company")
    FESTIVAL = "festival", _("Festival")
    FUND = "fund", _("Fund")
    INCUBATOR = "incubator", _("Incubator")
    NETWORK = "network", _("Network")
    SCHOOL = "school", _("School")
    UNIVERSITY = "university", _("University")


class ActivityRevision(Worded):
    """The revisions of the official list of activities, by the name that their authors gave."""

    SECOND = "2", _("NAF, revision 2")
    THIRD = "2025", _("NAF 2025")


class PublishedField(Worded):
    """What an organisation may show to everybody, field by field."""

    DESCRIPTION = "description", _("What it does")
    NUMBER = "siren", _("SIREN and SIRET")
    ACTIVITY = "activity", _("Activity")
    ADDRESS = "address", _("Address")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail address")
    URL = "url", _("Website")


@dataclass(frozen=True)
class OrganisationEntry:
    """An organisation as another room gives it; `name` by language."""

    code: str
    name: Mapping[str, str]
    kind: OrganisationKind
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class OrganisationFacts:
    """What is written of an organisation; `name` and `description` by language, activities by id,
    the commune by its official code, the group by its head's id."""

    name: Mapping[str, str]
    kind: OrganisationKind = OrganisationKind.COMPANY
    description: Mapping[str, str] = field(default_factory=dict)
    siren: str = ""
    siret: str = ""
    activity_id: int | None = None
    new_activity_id: int | None = None
    address: str = ""
    postcode: str = ""
    commune_id: str | None = None
    phone: str = ""
    email: str = ""
    url: str = ""
    group_id: int | None = None
    checked_on: date | None = None
    listed: bool = False
    published: tuple[str, ...] = (PublishedField.DESCRIPTION.value, PublishedField.URL.value)
    invented: bool = False


@dataclass(frozen=True, kw_only=True)
class OrganisationRow:
    """A line of a spreadsheet of organisations; `number` is its number there. What the line does
    not say is empty, or None; the name and the description are in the first language."""

    number: int
    name: str
    kind: OrganisationKind | None = None
    description: str = ""
    siren: str = ""
    siret: str = ""
    activity_id: int | None = None
    new_activity_id: int | None = None
    address: str = ""
    postcode: str = ""
    commune_id: str | None = None
    phone: str = ""
    email: str = ""
    url: str = ""
    checked_on: date | None = None


class RowFate(StrEnum):
    """What an import does with a line."""

    NEW = "new"
    FILLED = "filled"
    SAME = "same"
    ASKED = "asked"
    LEFT = "left"


# What a person says of a line that looks like an organisation that is there: a new one, nothing,
# or the id of the organisation that it is.
ADD, LEAVE = "new", "leave"


@dataclass(frozen=True)
class RowLikeness:
    """An organisation that a line may be, with the reasons to think so."""

    pk: int
    name: str
    commune: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class ImportedRow:
    """What became of a line. `pk` and `found` are the organisation that is there, `likely` those
    that it may be; `filled` are the fields that the line adds to it, `kept` those of which the
    directory says something else and keeps it."""

    number: int
    name: str
    fate: RowFate
    pk: int | None = None
    found: str = ""
    filled: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    likely: tuple[RowLikeness, ...] = ()


# What a person may agree to show of themselves, the name before the rest.
CONSENTED = ("name", "function", "email", "phone")


@dataclass(frozen=True, kw_only=True)
class ContactFacts:
    """What is written of a person to reach; `public` are the fields that they agreed to show."""

    name: str
    function: str = ""
    email: str = ""
    phone: str = ""
    starts: date | None = None
    ends: date | None = None
    public: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PublicContact:
    """A person as everybody may read them: what they did not agree to show is empty."""

    name: str
    function: str
    email: str
    phone: str


@dataclass(frozen=True)
class OrganisationCard:
    """An organisation as other rooms show it."""

    id: int
    code: str
    name: Text
    kind: OrganisationKind
    url: str


@dataclass(frozen=True)
class EnterpriseCard:
    """One organisation as a record of another room shows it; `sector` is what it does in the
    official lists. Of a merged organisation, the one that took its place."""

    pk: int
    code: str
    name: str
    kind: str
    commune: str
    sector: str
    siren: str
    siret: str
    verified: bool
    invented: bool


@dataclass(frozen=True)
class PersonCard:
    """A person as other rooms name them: never the e-mail address of somebody who gave a name."""

    id: int
    name: str
    language: str


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


@dataclass(frozen=True)
class RegisterLoaded:
    """What a load of the register did: rows read, organisations added, changed and as they were,
    and how many of those that were there are newly closed."""

    read: int
    added: int
    changed: int
    unchanged: int
    closed: int


@dataclass(frozen=True)
class OrganisationsMerged(Event):
    """A duplicate was merged into the organisation that takes its place."""

    kept_id: int
    duplicate_id: int
