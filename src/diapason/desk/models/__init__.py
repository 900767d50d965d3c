"""The front desk's tables."""

from diapason.desk.models.assignments import Assignment
from diapason.desk.models.cases import Case, CaseNote, CaseStage, Outcome, Referral
from diapason.desk.models.contacts import DeskContact
from diapason.desk.models.letters import LetterChoice
from diapason.desk.models.loans import HoursUsed, Loan
from diapason.desk.models.messages import CaseMessage, Satisfaction
from diapason.desk.models.presence import CasePresence
from diapason.desk.models.support import Absence, FrontDoor, Offer
from diapason.desk.models.visits import Visit, VisitFinding

__all__ = [
    "Absence",
    "Assignment",
    "Case",
    "CaseMessage",
    "CaseNote",
    "CasePresence",
    "CaseStage",
    "DeskContact",
    "FrontDoor",
    "HoursUsed",
    "LetterChoice",
    "Loan",
    "Offer",
    "Outcome",
    "Referral",
    "Satisfaction",
    "Visit",
    "VisitFinding",
]
