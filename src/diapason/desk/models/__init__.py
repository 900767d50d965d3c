"""The front desk's tables."""

from diapason.desk.models.assignments import Assignment
from diapason.desk.models.cases import Case, CaseNote, CaseStage, Outcome, Referral
from diapason.desk.models.contacts import DeskContact
from diapason.desk.models.letters import LetterChoice
from diapason.desk.models.messages import CaseMessage, Satisfaction
from diapason.desk.models.support import Absence, FrontDoor, Offer

__all__ = [
    "Absence",
    "Assignment",
    "Case",
    "CaseMessage",
    "CaseNote",
    "CaseStage",
    "DeskContact",
    "FrontDoor",
    "LetterChoice",
    "Offer",
    "Outcome",
    "Referral",
    "Satisfaction",
]
