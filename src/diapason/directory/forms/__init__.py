"""Forms of the directory."""

from diapason.directory.forms.contacts import ContactForm, contact_as_typed, new_contact
from diapason.directory.forms.organisations import (
    OrganisationFilter,
    OrganisationForm,
    PublicFilter,
    VerifyForm,
    as_typed,
)
from diapason.directory.forms.people import (
    AcceptanceForm,
    EraseForm,
    InvitationForm,
    PeopleFilter,
    ProfileForm,
    RoleForm,
    SignUpForm,
    TokenForm,
    language_field,
    name_field,
)

__all__ = [
    "AcceptanceForm",
    "ContactForm",
    "EraseForm",
    "InvitationForm",
    "OrganisationFilter",
    "OrganisationForm",
    "PeopleFilter",
    "ProfileForm",
    "PublicFilter",
    "RoleForm",
    "SignUpForm",
    "TokenForm",
    "VerifyForm",
    "as_typed",
    "contact_as_typed",
    "language_field",
    "name_field",
    "new_contact",
]
