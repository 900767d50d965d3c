"""What the directory writes."""

from diapason.directory.actions.activities import load_activities
from diapason.directory.actions.communes import load_communes
from diapason.directory.actions.contacts import (
    add_contact,
    change_contact,
    erase_contact,
    export_contacts,
    forget_contacts,
)
from diapason.directory.actions.demonstration import make_demonstration_accounts
from diapason.directory.actions.importing import import_organisations
from diapason.directory.actions.invitations import (
    Acceptance,
    accept_invitation,
    invite_by_code,
    invite_person,
    withdraw_invitation,
)
from diapason.directory.actions.merging import merge_organisations, unmerge_organisation
from diapason.directory.actions.organisations import (
    EditConflict,
    change_organisation,
    create_organisation,
    register_organisations,
    verify_number,
)
from diapason.directory.actions.profile import change_profile, erase_account, forget_person
from diapason.directory.actions.roles import (
    deactivate_account,
    end_role,
    give_role,
    reactivate_account,
)
from diapason.directory.actions.sirene import load_sirene, stock_file
from diapason.directory.actions.tokens import create_token, revoke_token, token_holder

__all__ = [
    "Acceptance",
    "EditConflict",
    "accept_invitation",
    "add_contact",
    "change_contact",
    "change_organisation",
    "change_profile",
    "create_organisation",
    "create_token",
    "deactivate_account",
    "end_role",
    "erase_account",
    "erase_contact",
    "export_contacts",
    "forget_contacts",
    "forget_person",
    "give_role",
    "import_organisations",
    "invite_by_code",
    "invite_person",
    "load_activities",
    "load_communes",
    "load_sirene",
    "make_demonstration_accounts",
    "merge_organisations",
    "reactivate_account",
    "register_organisations",
    "revoke_token",
    "stock_file",
    "token_holder",
    "unmerge_organisation",
    "verify_number",
    "withdraw_invitation",
]
