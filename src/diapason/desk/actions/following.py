"""Following a case: its next step, its stages, its notes, what came of it, its end."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from diapason.desk.actions import letters
from diapason.desk.contracts import (
    Closing,
    LoanState,
    OutcomeKind,
    ReferralState,
    Stage,
    Verified,
)
from diapason.desk.models import Case, CaseNote, CaseStage, Loan, Outcome, Referral
from diapason.desk.queries.cases import leads, may_withdraw, visible_to
from diapason.desk.queries.conversations import conversations_of
from diapason.kernel import audit, clock
from diapason.kernel.permissions import allowed, demand
from diapason.kernel.refusals import Refusal, in_words, once, refuse_future, refuse_unsound, says
from diapason.kernel.wording import date_long

LONGEST_NOTE = 5000
# A next step is within a year: further on, a project is as good as lost.
FURTHEST = timedelta(days=366)


def held(key: int, by: Any, *, to_lead: bool) -> Case:
    """The case of that key, open or closed, locked. Raises PermissionDenied for whoever may not see
    it or (`to_lead`) does not decide on it."""
    demand(by, "desk.follow_cases")
    if not visible_to(by).filter(pk=key).exists():
        raise PermissionDenied("desk.follow_cases")
    current = Case.objects.select_for_update(no_key=True).get(pk=key)
    if to_lead and not leads(by, current):
        raise PermissionDenied("desk.follow_cases")
    return current


def _refuse_unanswered(by: Any, case: Case) -> None:
    """Raise a Refusal for whoever's structure was proposed the case and has not accepted it."""
    if not conversations_of(by).filter(pk=case.pk).exists():
        raise Refusal(_("Accept this project first: your structure has not answered yet."))


def locked(case: Case, by: Any, *, to_lead: bool = True) -> Case:
    """The same of an open case. Raises `Refusal` too, where it is closed."""
    current = held(case.pk, by, to_lead=to_lead)
    if current.closed_on is not None:
        raise Refusal(_("This case is closed."))
    return current


@transaction.atomic
def plan_next(
    *,
    by: Any,
    case: Case,
    version: int,
    next_on: date,
    next_step: str = "",
    responsible: Any = None,
) -> Case:
    """Say what comes next, when, and who sees to it; `version` is the one that `by` saw.

    Side effects: the case's next version. Raises `Refusal` for a day that is over or further than a
    year, for somebody who may not follow cases, and where somebody wrote meanwhile.
    """
    current = locked(case, by)
    if current.version != version:
        raise Refusal(
            _(
                "Somebody changed this case meanwhile: next step on %(day)s, “%(step)s”. Nothing "
                "was overwritten; save again to keep yours."
            )
            % {
                "day": date_long(current.next_on or clock.today()),
                "step": current.next_step or "–",
            }
        )
    if next_on < clock.today():
        raise Refusal(_("This day is over: choose one to come."), field="next_on")
    if next_on > clock.today() + FURTHEST:
        raise Refusal(
            _("Choose a day within a year: nobody must be forgotten until then."), field="next_on"
        )
    if responsible is not None and not allowed(responsible, "desk.follow_cases"):
        raise Refusal(
            _("%(person)s cannot follow cases: give them a role first.") % {"person": responsible},
            field="responsible",
        )
    current.next_on, current.next_step = next_on, next_step.strip()
    current.responsible = responsible
    current.version += 1
    refuse_unsound(current)
    with audit.done_by(by), in_words(Case):
        current.save(update_fields=["next_on", "next_step", "responsible", "version"])
    return current


@transaction.atomic
def move(*, by: Any, case: Case, stage: Stage, on: date | None = None) -> Case:
    """Move a case to another stage on a day: the one before is completed that day.

    Side effects: ends the running stage, begins the new one. Raises `Refusal` for a day to come or
    before the running stage began, and to a structure that has not accepted the project.
    """
    current = locked(case, by, to_lead=False)
    _refuse_unanswered(by, current)
    day = on or clock.today()
    refuse_future(day, field="on")
    before = CaseStage.objects.select_for_update().get(case=current, ended_on__isnull=True)
    if before.stage == stage:
        raise Refusal(_("The project is already at this stage."), field="stage")
    if day < before.began_on:
        raise Refusal(
            _("The stage before began on %(day)s: choose that day or a later one.")
            % {"day": date_long(before.began_on)},
            field="on",
        )
    with audit.done_by(by), in_words(CaseStage):
        before.ended_on, before.completed = day, True
        before.save(update_fields=["ended_on", "completed"])
        CaseStage.objects.create(case=current, stage=Stage(stage), began_on=day)
        current.stage = Stage(stage)
        current.version += 1
        current.save(update_fields=["stage", "version"])
    return current


@transaction.atomic
def note(*, by: Any, case: Case, text: str, request_key: UUID | None = None) -> CaseNote:
    """Write a note on a case. Side effects: adds the note. Raises `Refusal` for an empty note, or
    one that is too long."""
    locked(case, by, to_lead=False)
    words = text.strip()
    if not words:
        raise Refusal(_("Write a few words."), field="text")
    if len(words) > LONGEST_NOTE:
        raise Refusal(
            _("This note has %(length)s characters: %(limit)s at most.")
            % {"length": len(words), "limit": LONGEST_NOTE},
            field="text",
        )

    def make() -> CaseNote:
        return CaseNote.objects.create(case=case, author=by, text=words, request_key=request_key)

    return once(
        CaseNote,
        request_key,
        make,
        lambda found: says(found, author_id=by.pk, case_id=case.pk, text=words),
    )


@transaction.atomic
def record_outcome(
    *,
    by: Any,
    case: Case,
    kind: OutcomeKind,
    on: date,
    evidence: str,
    verified: Verified,
    count: int = 1,
    fte: Decimal | None = None,
    link: str = "",
    request_key: UUID | None = None,
) -> Outcome:
    """Record what came of a project, once for the case however many structures helped.

    Side effects: one outcome. Raises `Refusal` for a day to come or before the request, for an
    outcome that is recorded already, and to a structure that has not accepted the project.
    """
    current = held(case.pk, by, to_lead=False)
    _refuse_unanswered(by, current)
    refuse_future(on, field="on")
    if on < current.opened_on:
        raise Refusal(
            _("This project asked for help on %(day)s: what came before does not count.")
            % {"day": date_long(current.opened_on)},
            field="on",
        )
    if kind == OutcomeKind.BUSINESS_CREATED and count != 1:
        raise Refusal(_("One business at a time."), field="count")
    if count < 1:
        raise Refusal(_("At least one."), field="count")
    if fte is not None and not 0 < fte <= count:
        raise Refusal(
            _("Full-time equivalents are above zero, and at most the number of jobs."), field="fte"
        )

    def make() -> Outcome:
        outcome = Outcome(
            case=current,
            kind=OutcomeKind(kind),
            on=on,
            count=count,
            fte=fte,
            evidence=evidence.strip(),
            link=link.strip(),
            verified=Verified(verified),
            recorded_by=by,
            request_key=request_key,
        )
        refuse_unsound(outcome)
        with audit.done_by(by), in_words(Outcome):
            outcome.save()
        return outcome

    told = {
        "recorded_by_id": by.pk,
        "case_id": case.pk,
        "kind": kind,
        "on": on,
        "count": count,
        "fte": fte,
        "evidence": evidence.strip(),
        "link": link.strip(),
        "verified": verified,
    }
    return once(Outcome, request_key, make, lambda found: says(found, **told))


@transaction.atomic
def withdraw_outcome(*, by: Any, outcome: Outcome, reason: str) -> Outcome:
    """Withdraw an outcome that was recorded by mistake; whoever recorded it may, and those in
    charge of the case, open or closed.

    Side effects: it counts no more, stays on the case with the reason, and the same may be
    recorded again. Again, it changes nothing. Raises `Refusal` without a reason; PermissionDenied.
    """
    current = held(outcome.case_id, by, to_lead=False)
    found = Outcome.objects.select_for_update(no_key=True).get(pk=outcome.pk)
    if not may_withdraw(by, found, leads=leads(by, current)):
        raise PermissionDenied("desk.follow_cases")
    if found.withdrawn_on is not None:
        return found
    if not reason.strip():
        raise Refusal(_("Say why this outcome is withdrawn."), field="why")
    found.withdrawn_on, found.withdrawal_reason = clock.today(), reason.strip()
    refuse_unsound(found)
    with audit.done_by(by, reason.strip()):
        found.save(update_fields=["withdrawn_on", "withdrawal_reason"])
    return found


@transaction.atomic
def close(*, by: Any, case: Case, closing: Closing, on: date | None = None) -> Case:
    """Close a case: support ended well (its stage is then completed), or the project stopped.

    Side effects: ends the running stage, every support and loan; withdraws what awaits an answer.
    """
    current = locked(case, by)
    day = on or clock.today()
    refuse_future(day, field="on")
    running = CaseStage.objects.select_for_update().get(case=current, ended_on__isnull=True)
    if day < running.began_on:
        raise Refusal(
            _("The running stage began on %(day)s: choose that day or a later one.")
            % {"day": date_long(running.began_on)},
            field="on",
        )
    with audit.done_by(by), in_words(Case):
        running.ended_on = day
        running.completed = closing == Closing.DONE
        running.save(update_fields=["ended_on", "completed"])
        Referral.objects.filter(case=current, state=ReferralState.ACCEPTED).update(
            state=ReferralState.ENDED, ended_on=day
        )
        Referral.objects.filter(case=current, state=ReferralState.PROPOSED).update(
            state=ReferralState.DECLINED,
            answered_on=day,
            reason=_("The case was closed before an answer."),
        )
        Loan.objects.filter(case=current, state=LoanState.AGREED).update(
            state=LoanState.ENDED, ended_on=day
        )
        Loan.objects.filter(case=current, state=LoanState.ASKED).update(
            state=LoanState.REFUSED,
            answered_on=day,
            reason=_("The case was closed before an answer."),
        )
        current.closed_on, current.closing = day, Closing(closing)
        current.next_on, current.next_step = None, ""
        current.version += 1
        current.save()
        letters.tell_closed(current)
    return current
