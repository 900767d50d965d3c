"""Answers: by the enterprise itself, by staff, verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from diapason.kernel import audit, clock, drafts
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import (
    Refusal,
    SentOtherwise,
    constraint_of,
    in_words,
    once,
    refuse_future,
    refuse_unsound,
    says,
)
from diapason.observatory.contracts import Facts, Origin, Question, Status
from diapason.observatory.models import Answer, Campaign, Invitation
from diapason.observatory.models.answers import MOST_CENTS

DRAFT = "observatory.answer"


class Conflict(Refusal):
    """Somebody wrote meanwhile; `version` is what stands now."""

    def __init__(self, version: int) -> None:
        super().__init__(
            _(
                "Somebody changed this answer meanwhile. Nothing was overwritten; look at it, then "
                "save again to keep yours."
            )
        )
        self.version = version


def draft_owner(invitation: Invitation) -> str:
    """Whose draft it is: the link's, so that it is found again on any device."""
    return f"survey:{invitation.pk}"


def keep_for_later(*, invitation: Invitation, typed: Mapping[str, Any]) -> None:
    """Keep what was typed in the survey and not sent yet, for thirty days. Side effects: that."""
    drafts.save(draft_owner(invitation), DRAFT, typed)


def _refuse_impossible(facts: Facts) -> None:
    """Raise a Refusal for figures that cannot be."""
    amounts = ("turnover", "abroad", "training")
    for name in (*amounts, "headcount", "fte", "clients", "markets"):
        value = getattr(facts, name)
        if value is not None and value < 0:
            raise Refusal(_("Zero or more."), field=name)
        if value is not None and value > (MOST_CENTS if name in amounts else 1_000_000):
            raise Refusal(_("This is beyond belief: look at the zeros."), field=name)
    if facts.abroad is not None:
        if facts.turnover is None:
            raise Refusal(_("Give the turnover that this is a part of."), field="turnover")
        if facts.abroad > facts.turnover:
            raise Refusal(
                _("What was made abroad is a part of the turnover: it cannot be more."),
                field="abroad",
            )
    if not facts.active:
        if facts.ceased_on is None:
            raise Refusal(_("Say on which day the enterprise stopped."), field="ceased_on")
        refuse_future(facts.ceased_on, field="ceased_on")
    elif facts.ceased_on is not None:
        raise Refusal(
            _("An enterprise that is still active has no day on which it stopped."),
            field="ceased_on",
        )


def _only_asked(facts: Facts, survey: Campaign) -> Facts:
    unasked: dict[str, Any] = {
        one.value: None for one in Question if one.value not in survey.questions
    }
    return replace(facts, **unasked)


def _write(
    survey: Campaign, organisation_id: int, facts: Facts, **about: Any
) -> tuple[Answer, Facts | None]:
    """The answer with these facts, locked and not saved yet, and what it said before."""
    found = (
        Answer.objects.select_for_update(no_key=True)
        .filter(campaign=survey, organisation=organisation_id)
        .first()
    )
    was = found.facts() if found is not None else None
    record = found or Answer(campaign=survey, organisation_id=organisation_id, version=0)
    for name, value in {**asdict(facts), **about}.items():
        setattr(record, name, value)
    return record, was


def _closed() -> str:
    return _("This survey is closed: write to whoever sent it to you.")


def _verified() -> str:
    return _("These figures were verified: write to whoever sent you the survey to change them.")


@contextmanager
def _in_time() -> Iterator[None]:
    """What the database alone can see: the survey closed, or the answer verified, in the same
    moment."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = constraint_of(error)
        if name == "observatory_answer_while_open":
            raise Refusal(_closed()) from error
        if name == "observatory_answer_verified_stays":
            raise Refusal(_verified()) from error
        raise


@transaction.atomic
def answer(
    *, invitation: Invitation, facts: Facts, language: str = "", on: date | None = None
) -> Answer:
    """Answer for the enterprise whose personal link it is; again, to mend it, while the survey is
    open. The same answer twice changes nothing.

    Side effects: the answer, declared; its draft goes; letters to come are in `language`.
    Raises `Refusal` for figures that cannot be, once the survey is closed, and for figures that
    were verified.
    """
    asked = (
        Invitation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign")
        .get(pk=invitation.pk)
    )
    survey = asked.campaign
    if not survey.is_open:
        raise Refusal(_closed())
    facts = _only_asked(facts, survey)
    _refuse_impossible(facts)
    record, was = _write(survey, asked.organisation_id, facts)
    if record.status == Status.VERIFIED:
        raise Refusal(_verified())
    same = was == facts and record.status == Status.DECLARED and record.origin == Origin.LINK
    if not same:
        record.status, record.origin, record.source = Status.DECLARED, Origin.LINK, ""
        record.answered_on, record.answered_by = on or clock.today(), None
        record.version += 1
        refuse_unsound(record)
        with _in_time(), in_words(Answer):
            record.save()
    if language and asked.language != language:
        asked.language = language
        asked.save(update_fields=["language"])
    drafts.forget(draft_owner(asked))
    return record


@transaction.atomic
def refuse_letters(*, invitation: Invitation) -> None:
    """Write no more to an enterprise that asks so; its link still works. Side effects: the day."""
    Invitation.objects.filter(
        organisation=invitation.organisation_id, refused_on__isnull=True
    ).update(refused_on=clock.today())


@transaction.atomic
def record(
    *,
    by: Any,
    survey: Campaign,
    organisation_id: int,
    facts: Facts,
    status: Status = Status.DECLARED,
    source: str = "",
    version: int = 0,
    origin: Origin = Origin.STAFF,
    on: date | None = None,
    request_key: UUID | None = None,
) -> Answer:
    """Write down what an enterprise said otherwise (declared) or what staff work out (estimated);
    `version` is the one that `by` saw, 0 where there was no answer.

    Side effects: the answer; one that was verified is so no longer.
    Raises `Refusal` for figures that cannot be, an estimate that rests on nothing, an enterprise's
    first answer once the survey is closed, and where somebody wrote meanwhile; PermissionDenied
    unless `by` may record answers.
    """
    demand(by, "observatory.record_answers")
    if status == Status.VERIFIED:
        raise Refusal(_("Write the figures down first, then verify them."), field="status")
    source = source.strip()
    if status == Status.ESTIMATED and not source:
        raise Refusal(_("Say what the estimate rests on."), field="source")
    facts = _only_asked(facts, survey)
    _refuse_impossible(facts)

    def same(found: Answer) -> bool:
        told = says(found, organisation_id=organisation_id, campaign_id=survey.pk)
        return told and says(found, status=status, source=source) and found.facts() == facts

    def make() -> Answer:
        locked = Campaign.objects.select_for_update(no_key=True).get(pk=survey.pk)
        sent = Answer.objects.filter(campaign=locked, organisation=organisation_id)
        before = sent.filter(request_key=request_key).first() if request_key else None
        if before is not None and same(before):
            return before
        written, was = _write(locked, organisation_id, facts)
        if was is None and not locked.is_open:
            raise Refusal(
                _("This survey is closed: its totals would tell who answered after the others.")
            )
        if was is not None and written.version != version:
            raise Conflict(written.version)
        written.status, written.origin, written.source = status, origin, source
        written.answered_on, written.answered_by = on or clock.today(), by
        written.verified_on, written.verified_by, written.verified_with = None, None, ""
        written.version += 1
        written.request_key = request_key
        refuse_unsound(written)
        with audit.done_by(by), in_words(Answer):
            written.save()
        return written

    try:
        return once(Answer, request_key, make, same)
    except SentOtherwise:
        # The same form with other figures: they are held against those that it left.
        stands = Answer.objects.filter(campaign=survey, organisation=organisation_id).first()
        if stands is None:
            raise
        raise Conflict(stands.version) from None


@transaction.atomic
def verify(
    *, by: Any, answer: Answer, version: int, verified_with: str, on: date | None = None
) -> Answer:
    """Say that an answer was held against a document; the enterprise cannot change it any more.

    Side effects: the answer is verified. Raises `Refusal` without a document, and where somebody
    wrote meanwhile; PermissionDenied unless `by` may record answers.
    """
    demand(by, "observatory.record_answers")
    current = Answer.objects.select_for_update(no_key=True).get(pk=answer.pk)
    if current.version != version:
        raise Conflict(current.version)
    if not verified_with.strip():
        raise Refusal(_("Say what it was verified with."), field="verified_with")
    current.status, current.verified_with = Status.VERIFIED, verified_with.strip()
    current.verified_on, current.verified_by = on or clock.today(), by
    current.version += 1
    refuse_unsound(current)
    with audit.done_by(by), in_words(Answer):
        current.save()
    return current
