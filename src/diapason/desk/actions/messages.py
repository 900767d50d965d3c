"""Writing on a case, and answering the question at its end."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from diapason.desk.actions import letters
from diapason.desk.contracts import Satisfied
from diapason.desk.models import Case, CaseMessage, Satisfaction
from diapason.desk.queries.conversations import (
    ANSWERABLE,
    conversations_of,
    may_answer,
    speaks_for,
)
from diapason.kernel import clock, files
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal, in_words, once, says

LONGEST = 5000
# The same words again within so long are the same message, sent twice.
AGAIN_WITHIN = timedelta(minutes=10)


@transaction.atomic
def write_message(
    *,
    case: Case,
    by: Any = None,
    text: str = "",
    document: Any = None,
    request_key: UUID | None = None,
    at: datetime | None = None,
    invented: bool = False,
) -> CaseMessage:
    """Write on an open case: in the name of `by`'s structure, or (without `by`) as the project's
    owner, whom the page knows by their personal link or their account.

    The same form sent twice, or the same words again at once, make one message. `document` is a
    file that was checked, or an upload.

    Side effects: one message; its document is stored; letters to the others are asked for. Raises
    `Refusal` for an empty message, one that is too long, a document that cannot be taken, or a
    closed case.
    """
    if by is not None:
        demand(by, "desk.follow_cases")
        if not conversations_of(by).filter(pk=case.pk).exists():
            raise PermissionDenied("desk.follow_cases")
    current = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    if current.closed_on is not None:
        raise Refusal(_("This case is closed: nothing more can be written on it."))
    words = text.strip()
    if not words and document is None:
        raise Refusal(_("Write a few words, or attach a document."), field="text")
    if len(words) > LONGEST:
        raise Refusal(
            _("This message has %(length)s characters: %(limit)s at most.")
            % {"length": len(words), "limit": LONGEST},
            field="text",
        )
    checked = None
    if document is not None:
        known = isinstance(document, files.Checked)
        checked = document if known else files.check(document, field="document")
    moment = at or clock.now()

    def make() -> CaseMessage:
        if (before := _said_just_now(current, by, words, checked, moment)) is not None:
            return before
        with in_words(CaseMessage):
            message = CaseMessage.objects.create(
                case=current,
                from_project=by is None,
                author=by,
                structure_id=None if by is None else speaks_for(by, current),
                text=words,
                document=None if checked is None else files.store(checked),
                sent_at=moment,
                request_key=request_key,
                invented=invented,
            )
            letters.tell_message(message)
            return message

    return once(
        CaseMessage,
        request_key,
        make,
        lambda found: found.case_id == current.pk and _is_same(found, by, words, checked),
    )


def _said_just_now(
    case: Case, by: Any, words: str, checked: files.Checked | None, moment: datetime
) -> CaseMessage | None:
    """The last message of the case, where it is this very one; the case is locked."""
    last = (
        CaseMessage.objects.filter(case=case)
        .select_related("document")
        .order_by("-sent_at", "-pk")
        .first()
    )
    if last is None or last.erased or moment - last.sent_at > AGAIN_WITHIN:
        return None
    return last if _is_same(last, by, words, checked) else None


def _is_same(said: CaseMessage, by: Any, words: str, checked: files.Checked | None) -> bool:
    """Whether that message is of the same author, with the same words and document."""
    document = None if said.document is None else said.document.sha256
    given = None if checked is None else hashlib.sha256(checked.content).hexdigest()
    author = None if by is None else by.pk
    told = says(said, from_project=by is None, author_id=author, text=words)
    return told and document == given


@transaction.atomic
def answer_satisfaction(
    *,
    case: Case,
    answer: Satisfied,
    words: str = "",
    invented: bool = False,
    on: date | None = None,
) -> Satisfaction:
    """Say, as the project's owner, whether the help was of use; said again, it replaces.

    Side effects: the one answer of the case. Raises `Refusal` before the case is closed, and once
    the time to answer is over.
    """
    current = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    day = on or clock.today()
    if current.closed_on is None:
        raise Refusal(_("Your case is still open: this question comes at its end."))
    if not may_answer(current, day):
        raise Refusal(_("The time to answer is over."))
    if len(words.strip()) > LONGEST:
        raise Refusal(
            _("This message has %(length)s characters: %(limit)s at most.")
            % {"length": len(words.strip()), "limit": LONGEST},
            field="words",
        )
    with in_words(Satisfaction):
        record, _made = Satisfaction.objects.update_or_create(
            case=current,
            defaults={
                "answer": Satisfied(answer),
                "words": words.strip(),
                "answered_on": day,
                "final_on": current.closed_on + ANSWERABLE,
                "invented": invented,
            },
        )
    return record
