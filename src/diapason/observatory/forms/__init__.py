"""Forms of the observatory."""

from diapason.observatory.forms.answers import AnswerForm, RecordForm, VerifyForm
from diapason.observatory.forms.sheets import columns, facts_of
from diapason.observatory.forms.surveys import (
    AskedFilter,
    ChangeForm,
    CloseForm,
    ImportForm,
    InviteForm,
    SurveyForm,
)

__all__ = [
    "AnswerForm",
    "AskedFilter",
    "ChangeForm",
    "CloseForm",
    "ImportForm",
    "InviteForm",
    "RecordForm",
    "SurveyForm",
    "VerifyForm",
    "columns",
    "facts_of",
]
