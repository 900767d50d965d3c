"""What the forms on the page of a case do; each gives the sentence that says it was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from diapason.desk import actions
from diapason.desk.contracts import Closing, OutcomeKind, Stage, Verified
from diapason.desk.models import Case, Outcome, Referral
from diapason.desk.views.pages import number_of
from diapason.kernel.forms import key_of


def plan(request: HttpRequest, case: Case, given: dict[str, Any]) -> str:
    people = get_user_model()._default_manager
    chosen = given["responsible"]
    actions.plan_next(
        by=request.user,
        case=case,
        version=given["version"],
        next_on=given["next_on"],
        next_step=given["next_step"],
        responsible=people.filter(pk=chosen).first() if chosen else None,
    )
    return _("Saved.")


def move(request: HttpRequest, case: Case, given: dict[str, Any]) -> str:
    actions.move(by=request.user, case=case, stage=Stage(given["stage"]), on=given["on"])
    return _("The project is at its next stage.")


def note(request: HttpRequest, case: Case, given: dict[str, Any]) -> str:
    actions.note(by=request.user, case=case, text=given["text"], request_key=key_of(request))
    return _("Your note is kept.")


def outcome(request: HttpRequest, case: Case, given: dict[str, Any]) -> str:
    actions.record_outcome(
        by=request.user,
        case=case,
        kind=OutcomeKind(given["kind"]),
        on=given["on"],
        count=given["count"],
        fte=given["fte"],
        evidence=given["evidence"],
        link=given["link"],
        verified=Verified(given["verified"]),
        request_key=key_of(request),
    )
    return _("The outcome is recorded, and counts.")


def withdraw(request: HttpRequest, case: Case, given: dict[str, Any]) -> str:
    outcome = Outcome.objects.filter(case=case, pk=number_of(request, "outcome")).first()
    if outcome is None:
        raise Http404
    actions.withdraw_outcome(by=request.user, outcome=outcome, reason=given["why"])
    return _("The outcome is withdrawn, and counts no more.")


def close(request: HttpRequest, case: Case, given: dict[str, Any]) -> str:
    actions.close(by=request.user, case=case, closing=Closing(given["closing"]), on=given["on"])
    return _("The case is closed.")


def propose(request: HttpRequest, case: Case, given: dict[str, Any]) -> str:
    made = actions.propose(by=request.user, case=case, offer_id=number_of(request, "offer"))
    return _("Proposed to %(structure)s.") % {"structure": made.structure}


def answer(request: HttpRequest, case: Case, given: dict[str, Any]) -> str:
    referral = Referral.objects.filter(case=case, pk=number_of(request, "referral")).first()
    if referral is None:
        raise Http404
    if request.POST["act"] == "accept":
        actions.accept(by=request.user, referral=referral)
        return _("Accepted: the project is now in your charge.")
    if request.POST["act"] == "end":
        actions.end_support(by=request.user, referral=referral)
        return _("This support is over; its seat is free again.")
    actions.decline(by=request.user, referral=referral, reason=given["reason"])
    return _("Declined: the front desk looks for another structure.")


DEEDS: dict[str, Callable[[HttpRequest, Case, dict[str, Any]], str]] = {
    "next": plan,
    "move": move,
    "note": note,
    "outcome": outcome,
    "withdraw": withdraw,
    "close": close,
    "propose": propose,
    "accept": answer,
    "decline": answer,
    "end": answer,
}
