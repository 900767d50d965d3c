"""Who reads and writes what is said on a case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from diapason.desk.contracts import ReferralState
from diapason.desk.models import Case, CaseMessage, FrontDoor, Referral, Satisfaction
from diapason.desk.queries.cases import own_name, own_organisations, visible_to
from diapason.kernel.permissions import allowed

# A structure reads what is said from the day it accepts; one that was only asked, or declined,
# reads nothing of it.
HELPING = (ReferralState.ACCEPTED.value, ReferralState.ENDED.value)
# For so long after the end, the owner may answer and change their answer.
ANSWERABLE = timedelta(days=60)


def conversations_of(user: Any) -> QuerySet[Case]:
    """The cases whose messages a person of a structure reads: those that they lead, those that
    their structure helps or helped."""
    if not allowed(user, "desk.follow_cases"):
        return Case.objects.none()
    if allowed(user, "desk.see_every_case"):
        return Case.objects.all()
    mine = own_organisations(user)
    helps = Referral.objects.filter(case=OuterRef("pk"), structure__in=mine, state__in=HELPING)
    return visible_to(user).filter(
        Q(owner__in=mine)
        | Q(responsible=user.pk)
        | Exists(helps)
        | Exists(FrontDoor.objects.filter(organisation__in=mine))
    )


def projects_of(user: Any) -> QuerySet[Case]:
    """The cases that a person asked for themselves, by the address that they proved to own."""
    if not getattr(user, "is_authenticated", False) or not user.is_active or not user.email:
        return Case.objects.none()
    return Case.objects.filter(contact_email=user.email.lower()).select_related("owner")


def speaks_for(user: Any, case: Case) -> int | None:
    """The organisation in whose name a person writes on a case: the one in charge where it is
    theirs, else their structure that helps, else another of theirs."""
    mine = own_organisations(user)
    if case.owner_id in mine:
        return case.owner_id
    helping = Referral.objects.filter(case=case, structure__in=mine, state__in=HELPING)
    first = helping.order_by("-proposed_on", "pk").values_list("structure_id", flat=True).first()
    return first or own_name(user)


def messages_of(case: Case) -> list[CaseMessage]:
    """What was said, the latest first, with who said it and the document."""
    found = CaseMessage.objects.filter(case=case).select_related("author", "structure", "document")
    return list(found.order_by("-sent_at", "-pk"))


def document_on(case: Case, pk: int) -> CaseMessage | None:
    """The message of a case that carries a document."""
    found = CaseMessage.objects.filter(case=case, pk=pk, document__isnull=False)
    return found.select_related("document").first()


def reads_document(key: UUID, user: Any) -> bool:
    """Whether a person with an account may open the document of a message."""
    case = CaseMessage.objects.filter(document=key).values("case")
    return (
        conversations_of(user).filter(pk__in=case).exists()
        or projects_of(user).filter(pk__in=case).exists()
    )


def unanswered(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The open ones of these cases whose last message is the project owner's, with its moment in
    `asked_at`."""
    last = CaseMessage.objects.filter(case=OuterRef("pk"), erased=False).order_by("-sent_at", "-pk")
    return (
        cases.filter(closed_on__isnull=True)
        .annotate(
            from_project=Subquery(last.values("from_project")[:1]),
            asked_at=Subquery(last.values("sent_at")[:1]),
        )
        .filter(from_project=True)
    )


def satisfaction_of(case: Case) -> Satisfaction | None:
    return Satisfaction.objects.filter(case=case).first()


def may_answer(case: Case, at: date) -> bool:
    """Whether the owner may still say what they think of the help."""
    return case.closed_on is not None and at <= case.closed_on + ANSWERABLE
