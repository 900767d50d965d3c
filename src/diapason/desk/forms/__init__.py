"""Forms of the front desk."""

from diapason.desk.forms.desk import (
    CaseFilter,
    CloseForm,
    ContactFilter,
    ContactForm,
    DeclineForm,
    DeskContactForm,
    DetailForm,
    DoorForm,
    MoveForm,
    NextForm,
    NoteForm,
    OutcomeForm,
    ProjectForm,
    WithdrawForm,
)
from diapason.desk.forms.editing import CorrectForm
from diapason.desk.forms.messages import (
    ForgetForm,
    LettersForm,
    MessageForm,
    SatisfactionForm,
)
from diapason.desk.forms.support import (
    AbsenceForm,
    OfferForm,
    SupportFilter,
    structures_for,
)
from diapason.desk.forms.visits import (
    NeedCaseForm,
    VisitFilter,
    VisitNotesForm,
    VisitPlanForm,
)

__all__ = [
    "AbsenceForm",
    "CaseFilter",
    "CloseForm",
    "ContactFilter",
    "ContactForm",
    "CorrectForm",
    "DeclineForm",
    "DeskContactForm",
    "DetailForm",
    "DoorForm",
    "ForgetForm",
    "LettersForm",
    "MessageForm",
    "MoveForm",
    "NeedCaseForm",
    "NextForm",
    "NoteForm",
    "OfferForm",
    "OutcomeForm",
    "ProjectForm",
    "SatisfactionForm",
    "SupportFilter",
    "VisitFilter",
    "VisitNotesForm",
    "VisitPlanForm",
    "WithdrawForm",
    "structures_for",
]
