"""The directory's door."""

from __future__ import annotations

from diapason.directory.actions import (
    create_organisation,
    invite_by_code,
    load_activities,
    load_communes,
    make_demonstration_accounts,
    register_organisations,
    token_holder,
)
from diapason.directory.actions.demonstration import DemonstrationAccount, demonstration_password
from diapason.directory.contracts import (
    ActivityRevision,
    EnterpriseCard,
    Loaded,
    OrganisationCard,
    OrganisationEntry,
    OrganisationFacts,
    OrganisationKind,
    PersonCard,
    Role,
    TokenHolder,
)
from diapason.directory.queries import (
    card,
    cards,
    commune_choices,
    find_by_siret,
    known_organisation_codes,
    organisation_choices,
    organisations_by_id,
    organisations_of,
    people_by_id,
    people_holding,
    staff_choices,
    survivors,
)
from diapason.directory.rules import holding, is_manager, is_operator, is_staff

__all__ = [
    "ActivityRevision",
    "DemonstrationAccount",
    "EnterpriseCard",
    "Loaded",
    "OrganisationCard",
    "OrganisationEntry",
    "OrganisationFacts",
    "OrganisationKind",
    "PersonCard",
    "Role",
    "TokenHolder",
    "card",
    "cards",
    "commune_choices",
    "create_organisation",
    "demonstration_password",
    "find_by_siret",
    "holding",
    "invite_by_code",
    "is_manager",
    "is_operator",
    "is_staff",
    "known_organisation_codes",
    "load_activities",
    "load_communes",
    "make_demonstration_accounts",
    "organisation_choices",
    "organisations_by_id",
    "organisations_of",
    "people_by_id",
    "people_holding",
    "register_organisations",
    "staff_choices",
    "survivors",
    "token_holder",
]
