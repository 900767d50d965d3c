"""The directory's door."""

from __future__ import annotations

from diapason.directory.actions import register_organisations
from diapason.directory.contracts import OrganisationEntry, Role
from diapason.directory.rules import holding, is_manager, is_operator

__all__ = [
    "OrganisationEntry",
    "Role",
    "holding",
    "is_manager",
    "is_operator",
    "register_organisations",
]
