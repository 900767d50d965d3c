"""Invented records of the front desk, made by the room's own actions."""

from diapason.desk.demonstration.cases import make_cases, make_contacts
from diapason.desk.demonstration.sharing import make_backlog, make_loans
from diapason.desk.demonstration.talking import make_messages
from diapason.desk.demonstration.visiting import make_visits

__all__ = [
    "make_backlog",
    "make_cases",
    "make_contacts",
    "make_loans",
    "make_messages",
    "make_visits",
]
