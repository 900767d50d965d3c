"""Hours and seats that structures lend to a project that another one leads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from diapason.desk.actions.following import locked
from diapason.desk.contracts import LoanState, Need
from diapason.desk.models import Case, HoursUsed, Loan, Offer
from diapason.desk.queries.cases import answers_for, leads
from diapason.desk.queries.support import running
from diapason.kernel import audit, clock
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal, in_words, once, refuse_future, refuse_unsound, says
from diapason.kernel.wording import date_long, number


@transaction.atomic
def ask_loan(
    *,
    by: Any,
    case: Case,
    lender_id: int,
    need: Need,
    hours: Decimal,
    offer_id: int | None = None,
    request_key: UUID | None = None,
    on: date | None = None,
) -> Loan:
    """Ask a structure for hours of its people, for one need of a project that another one leads.

    Side effects: one loan that awaits the lender's answer; with an offer, one of its seats is taken
    once the lender agrees. Raises `Refusal` for what cannot be.
    """
    current = locked(case, by)
    day = on or clock.today()
    if lender_id == current.owner_id:
        raise Refusal(_("This structure leads the project: ask another one."), field="lender")
    offer = Offer.objects.filter(pk=offer_id).first() if offer_id else None
    if offer_id and (offer is None or offer.structure_id != lender_id):
        raise Refusal(_("This seat belongs to another structure."), field="offer")

    def make() -> Loan:
        loan = Loan(
            case=current,
            lender_id=lender_id,
            borrower_id=current.owner_id,
            need=Need(need),
            hours=hours,
            offer=offer,
            asked_on=day,
            asked_by=by,
            request_key=request_key,
        )
        refuse_unsound(loan)
        with audit.done_by(by), in_words(Loan):
            loan.save()
        return loan

    told = {
        "asked_by_id": by.pk,
        "case_id": current.pk,
        "lender_id": lender_id,
        "need": need,
        "hours": hours,
        "offer_id": offer_id,
    }
    return once(Loan, request_key, make, lambda found: says(found, **told))


def _held(loan: Loan, by: Any, *states: LoanState, borrower_too: bool = False) -> Loan:
    """The loan, locked with its case, for the lender's people or managers, and where
    `borrower_too` for those who lead the case."""
    demand(by, "desk.follow_cases")
    case = Case.objects.select_for_update(no_key=True).get(pk=loan.case_id)
    found = Loan.objects.select_for_update().get(pk=loan.pk)
    if not answers_for(by, found.lender_id) and not (borrower_too and leads(by, case)):
        raise PermissionDenied("desk.follow_cases")
    if found.state not in states:
        raise Refusal(_("Somebody answered or ended this loan meanwhile."))
    return found


@transaction.atomic
def agree_loan(*, by: Any, loan: Loan, on: date | None = None) -> Loan:
    """Agree to lend the hours.

    Side effects: hours may be recorded; the seat, where one is asked for, is taken. Raises
    `Refusal` where no seat is free any more.
    """
    found = _held(loan, by, LoanState.ASKED)
    day = on or clock.today()
    if found.offer_id is not None:
        Offer.objects.select_for_update().filter(pk=found.offer_id).first()
        offer: Any = running(day).filter(pk=found.offer_id).first()
        if offer is None or offer.free <= 0:
            raise Refusal(
                _("No seat is free any more: end a support first, or give the offer more seats.")
            )
    with audit.done_by(by), in_words(Loan):
        found.state, found.answered_on, found.answered_by = LoanState.AGREED, day, by
        found.save(update_fields=["state", "answered_on", "answered_by"])
    return found


@transaction.atomic
def refuse_loan(*, by: Any, loan: Loan, reason: str, on: date | None = None) -> Loan:
    """Refuse to lend, with the reason. Side effects: the project may ask somebody else."""
    found = _held(loan, by, LoanState.ASKED)
    words = reason.strip()
    if not words:
        raise Refusal(_("Say why, so that another structure can be asked."), field="reason")
    if len(words) > 400:
        raise Refusal(_("Say it in 400 characters at most."), field="reason")
    with audit.done_by(by), in_words(Loan):
        found.state, found.reason = LoanState.REFUSED, words
        found.answered_on, found.answered_by = on or clock.today(), by
        found.save(update_fields=["state", "reason", "answered_on", "answered_by"])
    return found


@transaction.atomic
def end_loan(*, by: Any, loan: Loan, on: date | None = None) -> Loan:
    """End a loan; what was used stays. Side effects: its seat is free again."""
    found = _held(loan, by, LoanState.AGREED, borrower_too=True)
    day = on or clock.today()
    with audit.done_by(by), in_words(Loan):
        found.state, found.ended_on = LoanState.ENDED, day
        found.save(update_fields=["state", "ended_on"])
    return found


@transaction.atomic
def record_hours(
    *,
    by: Any,
    loan: Loan,
    hours: Decimal,
    what: str,
    on: date,
    request_key: UUID | None = None,
) -> HoursUsed:
    """Record hours of a loan that were given to the project on a day.

    Side effects: they count in the balance between the two structures. Raises `Refusal` for more
    than what is left, or a day to come or before the loan was agreed.
    """
    found = _held(loan, by, LoanState.AGREED, LoanState.ENDED, borrower_too=True)
    refuse_future(on, field="on")
    if found.answered_on is not None and on < found.answered_on:
        raise Refusal(
            _("These hours were lent on %(day)s: choose that day or a later one.")
            % {"day": date_long(found.answered_on)},
            field="on",
        )

    def make() -> HoursUsed:
        if found.state != LoanState.AGREED:
            raise Refusal(_("This loan has ended."))
        used = HoursUsed.objects.filter(loan=found).aggregate(all=Sum("hours"))["all"] or 0
        left = found.hours - used
        if hours > left:
            raise Refusal(
                _("%(left)s hours are left of the %(lent)s that were lent: ask for more first.")
                % {"left": number(left), "lent": number(found.hours)},
                field="hours",
            )
        record = HoursUsed(
            loan=found,
            on=on,
            hours=hours,
            what=what.strip(),
            recorded_by=by,
            request_key=request_key,
        )
        refuse_unsound(record)
        with audit.done_by(by), in_words(HoursUsed):
            record.save()
        return record

    told = {
        "loan_id": found.pk,
        "recorded_by_id": by.pk,
        "on": on,
        "hours": hours,
        "what": what.strip(),
    }
    return once(HoursUsed, request_key, make, lambda other: says(other, **told))
