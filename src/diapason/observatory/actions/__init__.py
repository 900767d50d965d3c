"""Writes of the observatory."""

from diapason.observatory.actions.answering import (
    DRAFT,
    Conflict,
    answer,
    draft_owner,
    keep_for_later,
    record,
    refuse_letters,
    verify,
)
from diapason.observatory.actions.importing import Importing
from diapason.observatory.actions.leaving import forget_old_contacts, forget_person
from diapason.observatory.actions.letters import link_of, send_reminders
from diapason.observatory.actions.surveys import change_survey, close_survey, invite, open_survey

__all__ = [
    "DRAFT",
    "Conflict",
    "Importing",
    "answer",
    "change_survey",
    "close_survey",
    "draft_owner",
    "forget_old_contacts",
    "forget_person",
    "invite",
    "keep_for_later",
    "link_of",
    "open_survey",
    "record",
    "refuse_letters",
    "send_reminders",
    "verify",
]
