"""The directory over HTTP, for programs: what the pages show to the same reader, no more."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Field, Path, Query, Router, Schema

from diapason.directory import queries
from diapason.directory.contracts import OrganisationKind, PublicContact
from diapason.directory.models import Activity, Organisation
from diapason.kernel.permissions import allowed
from diapason.kernel.registries import ApiRouter, api_routers

router = Router(tags=["directory"])
api_routers.add("directory.rest", ApiRouter(prefix="", router=router))

LARGEST_PAGE = 1000
Text = dict[str, str]


class CommuneOut(Schema):
    code: str
    name: str


class ActivityOut(Schema):
    code: str
    label: Text


class ContactOut(Schema):
    """A person who agreed to be shown, with what they agreed to show."""

    name: str
    function: str
    email: str
    phone: str


class EntryOut(Schema):
    """An organisation; null is what nobody wrote or what it does not show to the caller."""

    code: str
    name: Text
    kind: OrganisationKind
    commune: CommuneOut | None
    description: Text | None
    siren: str | None
    siret: str | None
    verified: bool = Field(description="Whether somebody verified the number.")
    activity: ActivityOut | None
    new_activity: ActivityOut | None = Field(description="In NAF 2025.")
    address: str | None
    postcode: str | None
    phone: str | None
    email: str | None
    url: str | None
    checked_on: date | None
    listed: bool = Field(description="Whether the public directory shows it.")
    invented: bool = Field(description="Made up for a demonstration.")


class EntryDetailOut(EntryOut):
    contacts: list[ContactOut]


class EntriesOut(Schema):
    count: int
    offset: int
    rows: list[EntryOut]


@router.get("/organisations", response=EntriesOut, summary="The organisations of the directory")
def organisations(
    request: HttpRequest,
    words: Annotated[str, Query(max_length=200, description="Words of the name.")] = "",
    kind: OrganisationKind | None = None,
    commune: Annotated[
        str, Query(pattern=r"^[0-9A-Za-z]{0,5}$", description="Code of the commune.")
    ] = "",
    offset: Annotated[int, Query(ge=0, le=100_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 100,
) -> Any:
    """By code. Everybody reads those of the public directory, with the fields that each chose to
    show; staff read all of them, whole."""
    staff = _reads_all(request)
    if "\x00" in words:  # no text of the database holds this sign
        return EntriesOut(count=0, offset=offset, rows=[])
    found = queries.organisations() if staff else queries.published_organisations()
    if words:
        found = queries.named(words, published_only=not staff)
    if kind is not None:
        found = found.filter(kind=kind)
    if commune:
        found = found.filter(commune=commune)
    page = found.order_by("code")[offset : offset + limit]
    return EntriesOut(
        count=found.count(), offset=offset, rows=[EntryOut(**_shown(one, staff)) for one in page]
    )


@router.get("/organisations/{code}", response=EntryDetailOut, summary="One organisation")
def organisation(
    request: HttpRequest,
    code: Annotated[str, Path(max_length=80, pattern=r"^[-\w]+$", description="Its code.")],
) -> Any:
    """With the people who agreed to be shown. A merged duplicate gives the organisation that took
    its place."""
    staff = _reads_all(request)
    found = queries.organisation_of_code(code, published_only=not staff)
    if found is None:
        raise Http404
    contacts = queries.public_contacts(queries.family(found))
    return EntryDetailOut(**_shown(found, staff), contacts=[_contact(one) for one in contacts])


def _reads_all(request: HttpRequest) -> bool:
    return allowed(request.user, "directory.see_organisation")


def _shown(found: Organisation, staff: bool) -> dict[str, Any]:
    checked_on = found.checked_on
    record = found if staff else queries.as_published(found)
    words = ("siren", "siret", "address", "postcode", "phone", "email", "url")
    return {
        "code": record.code,
        "name": record.name,
        "kind": record.kind,
        "commune": CommuneOut(code=record.commune.code, name=record.commune.name)
        if record.commune
        else None,
        "description": record.description or None,
        "verified": bool(record.siren) and record.is_verified,
        "activity": _activity(record.activity),
        "new_activity": _activity(record.new_activity),
        "checked_on": checked_on if staff else None,
        "listed": record.listed,
        "invented": record.invented,
        **{name: getattr(record, name) or None for name in words},
    }


def _activity(found: Activity | None) -> ActivityOut | None:
    return ActivityOut(code=found.code, label=found.label) if found is not None else None


def _contact(one: PublicContact) -> ContactOut:
    return ContactOut(name=one.name, function=one.function, email=one.email, phone=one.phone)
