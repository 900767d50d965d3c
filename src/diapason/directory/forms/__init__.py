"""Forms of the directory."""

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
    "EraseForm",
    "InvitationForm",
    "PeopleFilter",
    "ProfileForm",
    "RoleForm",
    "SignUpForm",
    "TokenForm",
    "language_field",
    "name_field",
]
