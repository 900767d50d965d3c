"""Writes of the front desk."""

from diapason.desk.actions.asking import ask, personal_secret
from diapason.desk.actions.assigning import Outdated, assign
from diapason.desk.actions.contacts import record_contact
from diapason.desk.actions.following import close, move, note, plan_next, record_outcome
from diapason.desk.actions.leaving import forget_contact, forget_old_contacts, forget_person
from diapason.desk.actions.referring import accept, decline, end_support, propose
from diapason.desk.actions.support import choose_front_door, declare_absence, offer_support

__all__ = [
    "Outdated",
    "accept",
    "ask",
    "assign",
    "choose_front_door",
    "close",
    "declare_absence",
    "decline",
    "end_support",
    "forget_contact",
    "forget_old_contacts",
    "forget_person",
    "move",
    "note",
    "offer_support",
    "personal_secret",
    "plan_next",
    "propose",
    "record_contact",
    "record_outcome",
]
