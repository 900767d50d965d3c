"""What an organisation takes from the register: all that nobody declared otherwise."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from diapason.directory.contracts import OrganisationKind
from diapason.directory.models import Organisation, RegisterEntry
from diapason.kernel.texts import Text

_FIELDS = ("activity_id", "new_activity_id", "address", "postcode", "commune_id")
# Associations, and public bodies, by the beginning of their legal category; others are companies.
_KINDS = {"92": OrganisationKind.ASSOCIATION, "7": OrganisationKind.AUTHORITY}


def follow(there: Organisation, before: RegisterEntry | None, entry: RegisterEntry) -> bool:
    """Put on the organisation what the register says anew; whether anything changed.

    A field follows the register while it says what the register said before; what nobody said
    before the register did is filled in. What the register no longer tells, because its owner
    asked so, is taken away.
    """
    changed = False
    for name in _FIELDS:
        mine, theirs = getattr(there, name), getattr(entry, name)
        said = getattr(before, name) if before is not None else None
        follows = (mine or None) == (said or None)
        if follows and mine != theirs and (theirs or entry.hidden):
            setattr(there, name, theirs)
            changed = True
    if before is not None and set(there.name.values()) == {before.shown_name}:
        if before.shown_name != entry.shown_name:
            there.name = Text({settings.LANGUAGE_CODE: entry.shown_name})
            changed = True
        kind = kind_of(entry.legal_category)
        if entry.brought and there.kind == kind_of(before.legal_category) != kind:
            there.kind = kind
            changed = True
    if changed:
        there.version += 1
    return changed


def kind_of(legal_category: str) -> OrganisationKind:
    """What an enterprise of that legal category is, as far as the category tells."""
    for start, kind in _KINDS.items():
        if legal_category.startswith(start):
            return kind
    return OrganisationKind.COMPANY


def told(entry: RegisterEntry | None) -> Any:
    """All that an entry says, to be compared with another."""
    if entry is None:
        return None
    return tuple(getattr(entry, field.attname) for field in entry._meta.concrete_fields)
