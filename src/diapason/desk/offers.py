"""What the front desk offers to the common pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diapason.desk.actions import forget_person
from diapason.desk.demonstration import make_cases, make_contacts, make_messages
from diapason.desk.queries import cases, conversations
from diapason.desk.queries.cohorts import TABLES as SUPPORTED_TABLES
from diapason.desk.queries.cohorts import supported
from diapason.desk.queries.personal import personal_export
from diapason.kernel.clock import today
from diapason.kernel.registries import (
    Cohort,
    CohortKind,
    DayItem,
    LegalBasis,
    NavigationItem,
    PersonalData,
    PersonalRecords,
    Shell,
    Tone,
    cohorts,
    day_items,
    demonstrations,
    file_readers,
    navigation,
    personal_data,
    personal_records,
)

navigation.add(
    "desk.support",
    NavigationItem(label=_lazy("Find support"), url_name="desk:support", shell=Shell.PORTAL),
    order=20,
)
navigation.add(
    "desk.cases",
    NavigationItem(
        label=_lazy("Cases"),
        url_name="desk:cases",
        permission="desk.follow_cases",
    ),
    order=110,
)
navigation.add(
    "desk.contacts",
    NavigationItem(
        label=_lazy("Contacts"), url_name="desk:contacts", permission="desk.record_contact"
    ),
    order=120,
)
navigation.add(
    "desk.capacity",
    NavigationItem(
        label=_lazy("Capacity"), url_name="desk:capacity", permission="desk.offer_support"
    ),
    order=130,
)


@day_items.offer("desk.cases", order=50)
def cases_waiting(user: Any) -> Iterator[DayItem]:
    """Proposals that the person's structure has to answer, and cases whose next step is due."""
    at = today()
    waiting = cases.waiting(user, at)
    for referral in waiting.to_answer:
        yield DayItem(
            title=_("Answer “%(project)s”") % {"project": referral.case.title},
            detail=_("Proposed to %(structure)s") % {"structure": referral.structure},
            url=reverse("desk:case", args=[referral.case_id]),
            act=_("Accept or decline"),
            due=referral.answer_by,
            tone=Tone.BAD if referral.answer_by < at else Tone.PLAIN,
        )
    for case in waiting.late:
        yield DayItem(
            title=case.title,
            detail=case.next_step or _("Its next step is due"),
            url=reverse("desk:case", args=[case.pk]),
            act=_("Open the case"),
            due=case.next_on,
            tone=Tone.BAD if case.next_on < at else Tone.PLAIN,
        )


@day_items.offer("desk.unanswered", order=40)
def unanswered(user: Any) -> Iterator[DayItem]:
    """Messages of project owners that nobody answered."""
    for case in cases.in_charge_of(user, conversations.unanswered)[:8]:
        yield DayItem(
            title=_("Answer the owner of “%(project)s”") % {"project": case.title},
            detail=_("A message awaits an answer"),
            url=reverse("desk:case_messages", args=[case.pk]),
            act=_("Read and answer"),
            due=localdate(case.asked_at),
            tone=Tone.WARNING,
        )


@day_items.offer("desk.own_projects", order=60)
def own_projects(user: Any) -> Iterator[DayItem]:
    """The projects that a person asked help for, while they are open."""
    for case in conversations.projects_of(user).filter(closed_on__isnull=True)[:4]:
        yield DayItem(
            title=_("Your project “%(project)s”") % {"project": case.title},
            detail=case.next_step or str(case.owner),
            url=reverse("desk:project", args=[case.pk]),
            act=_("See where it stands"),
            due=case.next_on,
        )


@file_readers.offer("desk.documents")
def may_read_document(key: UUID, user: Any) -> bool:
    """The document of a message opens to those who read the message."""
    return conversations.reads_document(key, user)


cohorts.add(
    "desk.supported",
    Cohort(
        label=_lazy("Enterprises supported by a structure"),
        entries=supported,
        kind=CohortKind.SUPPORT,
        tables=SUPPORTED_TABLES,
    ),
)

_WHILE_ACCOUNT = _lazy("Until the person’s account is erased; the record stays, without a name.")

personal_data.add(
    "desk.request",
    PersonalData(
        model="desk.Case",
        fields=("contact_name", "contact_email", "contact_phone", "summary"),
        purpose=_lazy("Answer whoever asks for help with a project, and follow it with them."),
        legal_basis=LegalBasis.PUBLIC_TASK,
        retention=_lazy("Until two years after the case is closed, or as soon as the person asks."),
    ),
)
personal_data.add(
    "desk.casemessage",
    PersonalData(
        model="desk.CaseMessage",
        fields=("author", "text", "document"),
        purpose=_lazy("Exchange with the project’s owner, documents included."),
        legal_basis=LegalBasis.PUBLIC_TASK,
        retention=_lazy("Until two years after the case is closed, or as soon as the person asks."),
    ),
)
personal_data.add(
    "desk.satisfaction",
    PersonalData(
        model="desk.Satisfaction",
        fields=("words",),
        purpose=_lazy("Know whether the help was of use, and mend it."),
        legal_basis=LegalBasis.PUBLIC_TASK,
        retention=_lazy("Until two years after the case is closed, or as soon as the person asks."),
    ),
)
for _model, _fields, _purpose in (
    ("desk.Case", ("responsible", "owner"), _lazy("Know who is in charge of a case.")),
    (
        "desk.Referral",
        ("proposed_by", "answered_by"),
        _lazy("Know who proposed a project to a structure, and who answered."),
    ),
    ("desk.Assignment", ("made_by",), _lazy("Know who assigned projects to structures.")),
    (
        "desk.LetterChoice",
        ("person",),
        _lazy("Know how often a person wants to be told what is late."),
    ),
    ("desk.Outcome", ("recorded_by",), _lazy("Know who answers for an outcome.")),
    ("desk.CaseNote", ("author", "text"), _lazy("Follow a case together.")),
    ("desk.DeskContact", ("recorded_by",), _lazy("Know who received a contact.")),
):
    personal_data.add(
        f"desk.{_model.partition('.')[2].lower()}",
        PersonalData(
            model=_model,
            fields=_fields,
            purpose=_purpose,
            legal_basis=LegalBasis.PUBLIC_TASK,
            retention=_WHILE_ACCOUNT,
        ),
    )

personal_records.add("desk.records", PersonalRecords(export=personal_export, erase=forget_person))

demonstrations.add("desk.cases", make_cases, order=40)
demonstrations.add("desk.messages", make_messages, order=45)
demonstrations.add("desk.contacts", make_contacts, order=50)
