"""Writes of the front desk."""

from diapason.desk.actions.asking import ask
from diapason.desk.actions.assigning import Outdated, assign
from diapason.desk.actions.attaching import attach
from diapason.desk.actions.contacts import record_contact
from diapason.desk.actions.editing import Changed, be_present, correct_case, forget_presence
from diapason.desk.actions.following import (
    close,
    move,
    note,
    plan_next,
    record_outcome,
    withdraw_outcome,
)
from diapason.desk.actions.leaving import forget_contact, forget_old_contacts, forget_person
from diapason.desk.actions.lending import (
    agree_loan,
    ask_loan,
    end_loan,
    record_hours,
    refuse_loan,
)
from diapason.desk.actions.letters import (
    choose_letters,
    choose_reminders,
    remind_of_proposals,
    send_digests,
    write_letter,
)
from diapason.desk.actions.messages import answer_satisfaction, write_message
from diapason.desk.actions.referring import accept, decline, end_support, propose
from diapason.desk.actions.support import (
    choose_front_door,
    declare_absence,
    end_absence,
    offer_support,
)
from diapason.desk.actions.visits import (
    add_visits,
    cancel_visit,
    open_case,
    plan_visit,
    write_visit,
)
from diapason.desk.queries.links import personal_secret

__all__ = [
    "Changed",
    "Outdated",
    "accept",
    "add_visits",
    "agree_loan",
    "answer_satisfaction",
    "ask",
    "ask_loan",
    "assign",
    "attach",
    "be_present",
    "cancel_visit",
    "choose_front_door",
    "choose_letters",
    "choose_reminders",
    "close",
    "correct_case",
    "declare_absence",
    "decline",
    "end_absence",
    "end_loan",
    "end_support",
    "forget_contact",
    "forget_old_contacts",
    "forget_person",
    "forget_presence",
    "move",
    "note",
    "offer_support",
    "open_case",
    "personal_secret",
    "plan_next",
    "plan_visit",
    "propose",
    "record_contact",
    "record_hours",
    "record_outcome",
    "refuse_loan",
    "remind_of_proposals",
    "send_digests",
    "withdraw_outcome",
    "write_letter",
    "write_message",
    "write_visit",
]
