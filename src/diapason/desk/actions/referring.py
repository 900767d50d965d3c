"""Proposing a case to a structure, and what the structure answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from diapason.desk.actions import letters
from diapason.desk.actions.following import locked
from diapason.desk.contracts import LoanState, ReferralState
from diapason.desk.models import Assignment, Case, Loan, Offer, Referral
from diapason.desk.models.cases import OPEN_REFERRALS
from diapason.desk.queries.cases import answers_for, leads
from diapason.desk.queries.support import running
from diapason.directory.api import survivors
from diapason.kernel import audit, clock
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal, in_words, refuse_future

# A structure answers within so many days.
ANSWER_WITHIN = timedelta(days=7)


@transaction.atomic
def propose(*, by: Any, case: Case, offer_id: int, on: date | None = None) -> Referral:
    """Propose a case to the structure of an offer.

    Side effects: one proposal, to be answered within `ANSWER_WITHIN`; the case's next step moves to
    that day. Raises `Refusal` where the offer is full, over or its structure away, or where the
    structure already has the case.
    """
    current = locked(case, by)
    day = on or clock.today()
    refuse_future(day, field="on")
    # Locked before its seats are counted: of two who ask for the last, the second sees the first.
    Offer.objects.select_for_update().filter(pk=offer_id).first()
    offer: Any = running(day).filter(pk=offer_id).first()
    if offer is None or offer.away:
        raise Refusal(_("This structure takes no project on that day: choose another one."))
    if offer.free <= 0:
        raise Refusal(_("This structure has no free seat any more: choose another one."))
    open_ = Referral.objects.filter(case=current, state__in=OPEN_REFERRALS)
    has_it = list(open_.values_list("structure_id", flat=True))
    # A structure that was merged is the one that took its place.
    ends = survivors([offer.structure_id, *has_it])
    if ends[offer.structure_id] in {ends[structure] for structure in has_it}:
        raise Refusal(_("This structure already has this project."))
    return put_forward(by=by, case=current, offer=offer, on=day)


def put_forward(
    *, by: Any, case: Case, offer: Offer, on: date, assignment: Assignment | None = None
) -> Referral:
    """Make a proposal whose case and offer are locked and were looked at.

    Side effects: one proposal; the case's next step moves to the day of the answer.
    """
    with audit.done_by(by), in_words(Referral):
        made = Referral.objects.create(
            case=case,
            structure_id=offer.structure_id,
            offer=offer,
            proposed_on=on,
            proposed_by=by,
            answer_by=on + ANSWER_WITHIN,
            assignment=assignment,
        )
        case.next_on = made.answer_by
        case.version += 1
        case.save(update_fields=["next_on", "version"])
        letters.tell_proposed(made)
    return made


def _held(referral: Referral, by: Any, *states: ReferralState) -> Referral:
    """The proposal, locked with its case and offer, for its structure's own people or managers."""
    demand(by, "desk.follow_cases")
    case = Case.objects.select_for_update(no_key=True).get(pk=referral.case_id)
    found = Referral.objects.select_for_update().get(pk=referral.pk)
    # Only the structure answers for itself; those who lead the case may end what runs.
    ends = ReferralState.ACCEPTED in states and leads(by, case)
    if not answers_for(by, found.structure_id) and not ends:
        raise PermissionDenied("desk.follow_cases")
    if found.state not in states:
        raise Refusal(_("This proposal was answered meanwhile."))
    found.case = case
    return found


@transaction.atomic
def accept(*, by: Any, referral: Referral, on: date | None = None) -> Referral:
    """Accept a project for its structure.

    Side effects: takes one seat of the offer; the structure is in charge of the case from then on,
    with a next step within `ANSWER_WITHIN`. Raises `Refusal` where no seat is free any more.
    """
    found = _held(referral, by, ReferralState.PROPOSED)
    day = on or clock.today()
    offer = Offer.objects.select_for_update().get(pk=found.offer_id)
    taken = Referral.objects.filter(offer=offer, state=ReferralState.ACCEPTED).count()
    lent = Loan.objects.filter(offer=offer, state=LoanState.AGREED).count()
    if taken + lent >= offer.seats:
        raise Refusal(
            _("No seat is free any more: end a support first, or give the offer more seats.")
        )
    with audit.done_by(by), in_words(Referral):
        found.state, found.answered_on, found.answered_by = ReferralState.ACCEPTED, day, by
        found.save(update_fields=["state", "answered_on", "answered_by"])
        case = found.case
        case.owner_id, case.responsible = found.structure_id, None
        case.next_on = day + ANSWER_WITHIN
        case.version += 1
        case.save(update_fields=["owner", "responsible", "next_on", "version"])
        letters.tell_accepted(found)
    return found


@transaction.atomic
def decline(*, by: Any, referral: Referral, reason: str, on: date | None = None) -> Referral:
    """Decline a project, with the reason.

    Side effects: the case asks for its next step today. Raises `Refusal` without a reason.
    """
    found = _held(referral, by, ReferralState.PROPOSED)
    words = reason.strip()
    if not words:
        raise Refusal(_("Say why: the front desk looks for another structure."), field="reason")
    if len(words) > 400:
        raise Refusal(_("Say it in 400 characters at most."), field="reason")
    day = on or clock.today()
    with audit.done_by(by), in_words(Referral):
        found.state, found.reason = ReferralState.DECLINED, words
        found.answered_on, found.answered_by = day, by
        found.save(update_fields=["state", "reason", "answered_on", "answered_by"])
        case = found.case
        case.next_on = day
        case.version += 1
        case.save(update_fields=["next_on", "version"])
    return found


@transaction.atomic
def end_support(*, by: Any, referral: Referral, on: date | None = None) -> Referral:
    """End the support of a structure. Side effects: its seat is free again."""
    found = _held(referral, by, ReferralState.ACCEPTED)
    day = on or clock.today()
    with audit.done_by(by), in_words(Referral):
        found.state, found.ended_on = ReferralState.ENDED, day
        found.save(update_fields=["state", "ended_on"])
    return found
