"""The front desk's tables."""

from diapason.desk.models.assignments import Assignment
from diapason.desk.models.cases import Case, CaseNote, CaseStage, Outcome, Referral
from diapason.desk.models.contacts import DeskContact
from diapason.desk.models.support import Absence, FrontDoor, Offer

__all__ = [
    "Absence",
    "Assignment",
    "Case",
    "CaseNote",
    "CaseStage",
    "DeskContact",
    "FrontDoor",
    "Offer",
    "Outcome",
    "Referral",
]
