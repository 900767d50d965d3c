"""The directory's door."""

from __future__ import annotations

from diapason.directory.actions import register_organisations
from diapason.directory.contracts import OrganisationEntry, OrganisationKind, Role
from diapason.directory.queries import known_organisation_codes
from diapason.directory.rules import holding, is_manager, is_operator

__all__ = [
    "OrganisationEntry",
    "OrganisationKind",
    "Role",
    "holding",
    "is_manager",
    "is_operator",
    "known_organisation_codes",
    "register_organisations",
]
