"""What is late for a person, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from diapason.desk.contracts import ReferralState, Rhythm
from diapason.desk.models import LetterChoice, Referral
from diapason.desk.queries.cases import in_charge_of, own_organisations
from diapason.desk.queries.conversations import unanswered
from diapason.kernel.permissions import allowed
from diapason.kernel.wording import date_long

SHOWN = 15


def rhythm_of(person: Any) -> Rhythm:
    """How often the person is told what is late."""
    chosen = LetterChoice.objects.filter(person=person.pk).values_list("digest", flat=True).first()
    return Rhythm(chosen or Rhythm.WEEKLY)


@dataclass(frozen=True)
class Late:
    """What is late, the oldest first; `more` lines are left out."""

    lines: Sequence[str]
    more: int


def late_for(person: Any, at: date) -> Late:
    """Proposals past their day, messages that nobody answered, next steps that are over: of the
    cases that the person is in charge of, or their organisation where nobody is."""
    if not allowed(person, "desk.follow_cases"):
        return Late([], 0)
    proposals = (
        Referral.objects.filter(
            structure__in=own_organisations(person),
            state=ReferralState.PROPOSED,
            answer_by__lt=at,
            case__closed_on__isnull=True,
        )
        .select_related("case")
        .order_by("answer_by", "pk")
    )
    lines = [
        _("“%(project)s”: an answer was expected by %(day)s")
        % {"project": one.case.title, "day": date_long(one.answer_by)}
        for one in proposals
    ]
    lines += [
        _("“%(project)s”: its owner wrote and awaits an answer") % {"project": case.title}
        for case in unanswered(in_charge_of(person))
    ]
    lines += [
        _("“%(project)s”: next step on %(day)s, %(step)s")
        % {
            "project": case.title,
            "day": date_long(case.next_on),
            "step": case.next_step or _("to be written down"),
        }
        for case in in_charge_of(person).filter(closed_on__isnull=True, next_on__lt=at)
    ]
    return Late(lines[:SHOWN], max(len(lines) - SHOWN, 0))
