"""What the directory offers to the common pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from diapason.directory.actions import export_contacts, forget_contacts, forget_person
from diapason.directory.actions.profile import OWN_RECORDS
from diapason.directory.demonstration import make_enterprises
from diapason.directory.queries import named, personal_export
from diapason.kernel.permissions import allowed
from diapason.kernel.registries import (
    Concerned,
    Hit,
    LegalBasis,
    NavigationItem,
    PersonalData,
    PersonalRecords,
    SearchSource,
    Shell,
    demonstrations,
    navigation,
    personal_data,
    personal_records,
    search_sources,
)

navigation.add(
    "directory.public",
    NavigationItem(label=_("Directory"), url_name="directory:public_list", shell=Shell.PORTAL),
    order=60,
)
navigation.add(
    "directory.organisations",
    NavigationItem(
        label=_("Organisations"),
        url_name="directory:organisations",
        permission="directory.see_organisation",
        icon="place",
    ),
    order=60,
)
navigation.add(
    "directory.accounts",
    NavigationItem(
        label=_("Accounts and roles"),
        url_name="directory:accounts",
        permission="directory.manage_accounts",
        icon="people",
    ),
    order=800,
)
navigation.add(
    "directory.tokens",
    NavigationItem(
        label=_("API tokens"),
        url_name="directory:tokens",
        permission="directory.manage_tokens",
        icon="key",
    ),
    order=810,
)


def _search(user: Any, words: str, limit: int) -> Iterator[Hit]:
    """Staff find every organisation, everybody those of the public directory."""
    staff = allowed(user, "directory.see_organisation")
    for found in named(words, published_only=not staff)[:limit]:
        yield Hit(
            title=str(found),
            detail=str(found.kind_label),
            url=reverse("directory:organisation", args=[found.pk])
            if staff
            else reverse("directory:public", args=[found.code]),
            rank=0.7,
        )


search_sources.add(
    "directory.organisations", SearchSource(label=_("Organisations"), search=_search), order=20
)

personal_records.add(
    OWN_RECORDS, PersonalRecords(export=personal_export, erase=forget_person), order=1000
)

# What is kept about people, by table: the fields, what for, and how long.
_TABLES: tuple[tuple[str, str, tuple[str, ...], Any, Any], ...] = (
    (
        "directory.account",
        "directory.User",
        ("email", "name", "language", "password", "joined_at", "last_login"),
        _("Sign in, be written to, and be named as the author of what one did."),
        _("While the account lives; erased, history included, when the person asks."),
    ),
    (
        "directory.session",
        "sessions.Session",
        ("session_data",),
        _("Know, from one page to the next, who signed in."),
        _("Two weeks, or until the person signs out."),
    ),
    (
        "directory.organisation",
        "directory.Organisation",
        ("name", "description", "address", "phone", "email", "verified_by"),
        _("Know the structures of the territory and reach them; some are one person alone."),
        _("While the organisation is followed; shown to everybody only field by field."),
    ),
    (
        "directory.register",
        "directory.RegisterEntry",
        ("name", "unit_name", "address", "postcode"),
        _(
            "Tell what the public register says from what people declare; some enterprises are one "
            "person alone."
        ),
        _("While the register tells it: what its owner has hidden there goes here too."),
    ),
    (
        "directory.contact",
        "directory.Contact",
        ("name", "function", "email", "phone"),
        _("Reach an organisation; shown to everybody only as the person agreed."),
        _("Until the person, or the organisation, no longer wants it."),
    ),
    (
        "directory.membership",
        "directory.Membership",
        ("user", "role", "starts", "ends"),
        _("Know who may do what, and who could at the time."),
        _("While the account lives."),
    ),
    (
        "directory.invitation",
        "directory.Invitation",
        ("email", "language", "invited_by", "accepted_by"),
        _("Give access to the person whom an organisation named."),
        _("Until the account that accepted it is erased."),
    ),
    (
        "directory.token",
        "directory.ApiToken",
        ("created_by",),
        _("Know who answers for a key of the API."),
        _("While the account lives."),
    ),
    (
        "directory.address",
        "account.EmailAddress",
        ("user", "email"),
        _("Each address that leads to the account."),
        _("While the account lives."),
    ),
    (
        "directory.sign_in_key",
        "mfa.Authenticator",
        ("user", "data", "created_at", "last_used_at"),
        _("Recognise the device, the app or the code that signs in."),
        _("While the account lives."),
    ),
)
_OF_ORGANISATIONS = {"directory.organisation", "directory.register", "directory.contact"}
for _key, _model, _fields, _purpose, _retention in _TABLES:
    personal_data.add(
        _key,
        PersonalData(
            model=_model,
            fields=_fields,
            purpose=_purpose,
            legal_basis=LegalBasis.PUBLIC_TASK,
            retention=_retention,
            concerned=(Concerned.ORGANISATION if _key in _OF_ORGANISATIONS else Concerned.ACCOUNT),
        ),
    )
personal_data.add(
    "directory.consent",
    PersonalData(
        model="directory.Contact",
        fields=("name_public_on", "function_public_on", "email_public_on", "phone_public_on"),
        purpose=_("Know since when the person agrees to show each field."),
        legal_basis=LegalBasis.CONSENT,
        retention=_("Until the person takes the consent back."),
        concerned=Concerned.ORGANISATION,
    ),
)
personal_records.add(
    "directory.contacts", PersonalRecords(export=export_contacts, erase=forget_contacts)
)

demonstrations.add("directory.enterprises", make_enterprises, order=5)
