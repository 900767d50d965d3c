"""The directory's door."""

from __future__ import annotations

from diapason.directory.actions import (
    invite_by_code,
    load_communes,
    make_demonstration_accounts,
    register_organisations,
    token_holder,
)
from diapason.directory.actions.demonstration import DemonstrationAccount, demonstration_password
from diapason.directory.contracts import (
    Loaded,
    OrganisationCard,
    OrganisationEntry,
    OrganisationKind,
    PersonCard,
    Role,
    TokenHolder,
)
from diapason.directory.queries import (
    known_organisation_codes,
    organisation_choices,
    organisations_by_id,
    people_by_id,
    people_holding,
    staff_choices,
)
from diapason.directory.rules import holding, is_manager, is_operator

__all__ = [
    "DemonstrationAccount",
    "Loaded",
    "OrganisationCard",
    "OrganisationEntry",
    "OrganisationKind",
    "PersonCard",
    "Role",
    "TokenHolder",
    "demonstration_password",
    "holding",
    "invite_by_code",
    "is_manager",
    "is_operator",
    "known_organisation_codes",
    "load_communes",
    "make_demonstration_accounts",
    "organisation_choices",
    "organisations_by_id",
    "people_by_id",
    "people_holding",
    "register_organisations",
    "staff_choices",
    "token_holder",
]
