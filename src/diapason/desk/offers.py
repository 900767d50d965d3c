"""What the front desk offers to the common pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from diapason.desk.actions import forget_person
from diapason.desk.contracts import Stage, VisitState
from diapason.desk.demonstration import (
    make_backlog,
    make_cases,
    make_contacts,
    make_loans,
    make_messages,
    make_visits,
)
from diapason.desk.models.visits import COMING
from diapason.desk.queries import cases, conversations, sharing, visits
from diapason.desk.queries.cohorts import TABLES as SUPPORTED_TABLES
from diapason.desk.queries.cohorts import supported
from diapason.desk.queries.personal import personal_export
from diapason.kernel.clock import today
from diapason.kernel.permissions import allowed
from diapason.kernel.registries import (
    Cohort,
    CohortKind,
    Concerned,
    DayItem,
    Hit,
    LegalBasis,
    NavigationItem,
    Panel,
    PersonalData,
    PersonalRecords,
    SearchSource,
    Shell,
    Tone,
    cohorts,
    day_items,
    demonstrations,
    file_readers,
    navigation,
    panels,
    personal_data,
    personal_records,
    search_sources,
)
from diapason.kernel.wording import date_long

navigation.add(
    "desk.support",
    NavigationItem(label=_lazy("Find support"), url_name="desk:support", shell=Shell.PORTAL),
    order=20,
)
navigation.add(
    "desk.start",
    NavigationItem(
        label=_lazy("Get help with my project"), url_name="desk:start", shell=Shell.HOME
    ),
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
    "desk.visits",
    NavigationItem(label=_lazy("Visits"), url_name="desk:visits", permission="desk.visit"),
    order=125,
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
    for case in waiting.due:
        yield DayItem(
            title=case.title,
            detail=case.next_step or _("Its next step is due"),
            url=reverse("desk:case", args=[case.pk]),
            act=_("Open the case"),
            due=case.next_on,
            tone=Tone.BAD if case.next_on < at else Tone.PLAIN,
        )


@day_items.offer("desk.to_orient", order=35)
def to_orient(user: Any) -> Iterator[DayItem]:
    """The requests that the person's front door has yet to orient, as one thing to do."""
    found = cases.to_orient(user)
    if found is not None:
        yield DayItem(
            title=ngettext("Orient %(count)s project", "Orient %(count)s projects", found.count)
            % {"count": found.count},
            detail=_("No structure has them yet; the oldest request came on %(day)s")
            % {"day": date_long(found.since)},
            url=reverse("desk:backlog"),
            act=_("See who could help"),
            due=found.due,
            tone=Tone.BAD if found.due < today() else Tone.WARNING,
        )


@day_items.offer("desk.loans", order=45)
def loans_asked(user: Any) -> Iterator[DayItem]:
    """Hours that another structure asks the person's to lend."""
    for loan in sharing.to_answer(user):
        yield DayItem(
            title=_("Lend hours to “%(project)s”?") % {"project": loan.case.title},
            detail=_("%(structure)s asks") % {"structure": loan.borrower},
            url=reverse("desk:lending", args=[loan.case_id]),
            act=_("Agree or refuse"),
            due=loan.asked_on,
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


@day_items.offer("desk.visits", order=70)
def visits_planned(user: Any) -> Iterator[DayItem]:
    """The visits that the person makes within the week, and those not written down yet."""
    at = today()
    coming = visits.visible_to(user).filter(
        visitor=user.pk, state=VisitState.PLANNED, planned_on__lte=at + timedelta(days=7)
    )
    for visit in coming.order_by("planned_on", "pk")[:5]:
        over = visit.planned_on is not None and visit.planned_on < at
        yield DayItem(
            title=_("Visit to %(enterprise)s") % {"enterprise": visit.organisation},
            detail=_("To be written down") if over else _("Planned visit"),
            url=reverse("desk:visit_notes", args=[visit.pk]),
            act=_("Write down the visit"),
            due=visit.planned_on,
            tone=Tone.BAD if over else Tone.PLAIN,
        )


def _visits_panel(record: Any, user: Any) -> dict[str, Any] | None:
    # What was visited under the name of a duplicate stands with what took its place.
    if not allowed(user, "desk.visit") or record.merged_into_id is not None:
        return None
    made = visits.visits_of(record.pk, user)
    coming = any(one.state in COMING for one in made)
    return {
        "visits": made,
        "add_url": "" if coming else reverse("desk:visit_add", args=[record.pk]),
    }


panels.add(
    "desk.visits",
    Panel(
        model="directory.Organisation",
        title=_lazy("Visits"),
        template="desk/workspace/visits_panel.html",
        context=_visits_panel,
    ),
)


def _cases_panel(record: Any, user: Any) -> dict[str, Any] | None:
    # A structure's own cases and those it helps stand apart: the panel is about the enterprise.
    if record.merged_into_id is not None:
        return None
    found = cases.of_organisation(user, record.pk)
    if not found:
        return None
    return {"cases": [(one, Stage(one.stage).label) for one in found]}


panels.add(
    "desk.cases",
    Panel(
        model="directory.Organisation",
        title=_lazy("Its projects"),
        template="desk/workspace/cases_panel.html",
        context=_cases_panel,
    ),
    order=40,
)


def _search(user: Any, words: str, limit: int) -> Iterator[Hit]:
    """Staff find the cases that they may see, by the project's title; what somebody wrote of
    themselves is not searched."""
    for case in cases.titled(user, words)[:limit]:
        yield Hit(
            title=case.title,
            detail=_("Case, %(who)s in charge") % {"who": case.owner},
            url=reverse("desk:case", args=[case.pk]),
            rank=0.65,
        )


search_sources.add("desk.cases", SearchSource(label=_lazy("Cases"), search=_search), order=30)


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
        concerned=Concerned.PROJECT,
    ),
)
personal_data.add(
    "desk.gender",
    PersonalData(
        model="desk.Case",
        fields=("gender",),
        purpose=_lazy(
            "Count whether support reaches women and men alike: only who chose to say is counted, "
            "in figures of five at least, and no page shows it of one person."
        ),
        legal_basis=LegalBasis.CONSENT,
        retention=_lazy("Until two years after the case is closed, or as soon as the person asks."),
        concerned=Concerned.PROJECT,
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
        concerned=Concerned.PROJECT,
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
        concerned=Concerned.PROJECT,
    ),
)
for _model, _fields, _purpose in (
    ("desk.Case", ("responsible", "owner"), _lazy("Know who is in charge of a case.")),
    (
        "desk.Referral",
        ("proposed_by", "answered_by"),
        _lazy("Know who proposed a project to a structure, and who answered."),
    ),
    ("desk.HoursUsed", ("recorded_by",), _lazy("Know who answers for hours that were given.")),
    (
        "desk.Loan",
        ("asked_by", "answered_by"),
        _lazy("Know who asked a structure for hours, and who answered."),
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
    (
        "desk.Visit",
        ("visitor", "added_by", "notes"),
        _lazy("Know who visits an enterprise, and what was said there."),
    ),
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

personal_data.add(
    "desk.casepresence",
    PersonalData(
        model="desk.CasePresence",
        fields=("person",),
        purpose=_lazy("Tell colleagues who have the same case open at the same time."),
        legal_basis=LegalBasis.PUBLIC_TASK,
        retention=_lazy("One day at most."),
    ),
)

personal_records.add("desk.records", PersonalRecords(export=personal_export, erase=forget_person))

demonstrations.add("desk.cases", make_cases, order=40)
demonstrations.add("desk.messages", make_messages, order=45)
demonstrations.add("desk.backlog", make_backlog, order=42)
demonstrations.add("desk.loans", make_loans, order=43)
demonstrations.add("desk.contacts", make_contacts, order=50)
demonstrations.add("desk.visits", make_visits, order=60)
