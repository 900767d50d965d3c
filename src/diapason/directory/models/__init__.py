"""Organisations, people, their roles, and the communes of the territory."""

from diapason.directory.models.contacts import Contact
from diapason.directory.models.entrance import ApiToken, Invitation
from diapason.directory.models.organisations import Organisation
from diapason.directory.models.people import (
    DateRange,
    Membership,
    MembershipQuerySet,
    User,
    UserManager,
    default_language,
)
from diapason.directory.models.places import Activity, Commune
from diapason.directory.models.register import RegisterEntry

__all__ = [
    "Activity",
    "ApiToken",
    "Commune",
    "Contact",
    "DateRange",
    "Invitation",
    "Membership",
    "MembershipQuerySet",
    "Organisation",
    "RegisterEntry",
    "User",
    "UserManager",
    "default_language",
]
