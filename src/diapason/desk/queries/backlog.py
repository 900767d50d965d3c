"""The projects that wait for a structure, and what an assignment of all of them would do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diapason.desk.contracts import Need, ReferralState
from diapason.desk.models import Case, Referral
from diapason.desk.queries import assignment
from diapason.desk.queries.assignment import Asking, Assigned, Giving, Why
from diapason.desk.queries.cases import is_unreachable, led_by, unplaced
from diapason.desk.queries.support import known_sector, proposal, running, under_their_names
from diapason.directory.api import survivors

# Assigned at once, the longest waiting first; a page holds no more lines that somebody could read.
MOST = 200


@dataclass(frozen=True)
class Line:
    """A project and the offer that it would go to; `fault`: why it cannot any more."""

    case: Any
    offer: Any
    reasons: Sequence[str]
    kept: bool = True
    fault: str = ""

    @property
    def key(self) -> str:
        return f"{self.case.pk}:{self.offer.pk}"


@dataclass(frozen=True)
class Lacking:
    """A need that projects are left with: the seats that answer it, before and after."""

    need: Need
    projects: int
    seats: int
    free: int
    remaining: int


@dataclass(frozen=True)
class Plan:
    """What an assignment would do, and what it cannot."""

    lines: Sequence[Line]
    left: Sequence[tuple[Any, str]]
    lacking: Sequence[Lacking]


def waiting(user: Any) -> QuerySet[Case]:
    """The projects in the person's charge that no structure helps or was asked to, with the day
    `since` when they wait; the longest waiting first."""
    return led_by(user).filter(unplaced()).annotate(since=_since()).order_by("since", "pk")


def _since() -> Any:
    """The day when a case began to wait: it was asked for, or the last support ended."""
    ended = (
        Referral.objects.filter(case=OuterRef("pk"), state=ReferralState.ENDED)
        .order_by()
        .values("case")
        .annotate(day=Max("ended_on"))
        .values("day")
    )
    return Greatest(F("opened_on"), Subquery(ended))


def plan(user: Any, at: date) -> Plan:
    """What assigning the person's backlog on that day would do. Nothing is changed."""
    found_waiting = list(waiting(user)[:MOST])
    gone = [one for one in found_waiting if is_unreachable(one)]
    cases = [one for one in found_waiting if not is_unreachable(one)]
    offers = under_their_names(running(at))
    # A structure that was merged is the one that took its place.
    declined = _declined(cases)
    ends = survivors({one.structure_id for one in offers} | {one for _case, one in declined})
    refused: dict[int, set[int]] = defaultdict(set)
    for key, structure in declined:
        refused[key].add(ends[structure])
    askings = [_asking(one, at, frozenset(refused[one.pk])) for one in cases]
    givings = _givings(offers, ends)
    found = assignment.assign(askings, givings)
    by_key = {one.pk: one for one in cases}
    given = {one.pk: one for one in offers}
    lines = [
        _line(case, given[found.placed[case.pk]], at) for case in cases if case.pk in found.placed
    ]
    left = [(by_key[key], _in_words(why)) for key, why in found.left.items()]
    left += [(one, _("Its owner’s data were erased: nobody can write to them.")) for one in gone]
    return Plan(lines, left, _lacking(askings, givings, found))


def lines_of(
    user: Any, at: date, seen: Iterable[tuple[int, int]], kept: set[tuple[int, int]]
) -> list[Line]:
    """The lines that a person saw before, as things stand now; what is gone is left out."""
    pairs = list(dict.fromkeys(seen))
    cases = led_by(user).annotate(since=_since()).in_bulk([case for case, _offer in pairs])
    asked = running(at).filter(pk__in=[offer for _case, offer in pairs])
    offers = {one.pk: one for one in under_their_names(asked)}
    return [
        _line(cases[case], offers[offer], at, kept=(case, offer) in kept)
        for case, offer in pairs
        if case in cases and offer in offers
    ]


def _line(case: Any, offer: Any, at: date, *, kept: bool = True) -> Line:
    days = (at - case.since).days
    why = proposal(case, offer)
    reasons = [
        *why.reasons[:2],
        _("Asked today")
        if days <= 0
        else ngettext("Has waited for %(count)s day", "Has waited for %(count)s days", days)
        % {"count": days},
        why.reasons[2],
    ]
    return Line(case, offer, reasons, kept=kept)


def _declined(cases: Sequence[Any]) -> list[tuple[int, int]]:
    """(case, structure) of what was declined."""
    rows = Referral.objects.filter(case__in=cases, state=ReferralState.DECLINED)
    return list(rows.values_list("case", "structure"))


def _asking(case: Any, at: date, refused: frozenset[int]) -> Asking:
    return Asking(
        key=case.pk,
        stage=case.stage,
        needs=frozenset(case.needs),
        days=max((at - case.since).days, 0),
        refused=refused,
        sector=known_sector(case),
        commune=case.commune_id or "",
        language=case.language,
    )


def _givings(offers: Sequence[Any], ends: dict[int, int]) -> list[Giving]:
    """Who is away gives no seat that day, and neither does an offer without any."""
    return [
        Giving(
            key=offer.pk,
            structure=ends[offer.structure_id],
            stages=frozenset(offer.stages),
            needs=frozenset(offer.needs),
            seats=offer.seats,
            free=0 if offer.away else max(offer.free, 0),
            awaited=offer.held,
            sectors=frozenset(offer.sectors),
            communes=frozenset(offer.communes),
            languages=frozenset(offer.languages),
        )
        for offer in offers
        if offer.seats
    ]


def _in_words(why: Why) -> str:
    return {
        Why.NOBODY: _("No structure answers any of these needs."),
        Why.ELSEWHERE: _("Whoever answers these needs is for other sectors or communes."),
        Why.REFUSED: _("Every structure that answers these needs has declined it."),
        Why.FULL: _("Every structure that answers these needs is full or away."),
        Why.OTHERS: _("The free seats go to projects that have waited longer or fit better."),
    }[why]


def _lacking(
    askings: Sequence[Asking], givings: Sequence[Giving], found: Assigned
) -> list[Lacking]:
    """For each need of a project that is left out: who asks for it, and the seats that answer."""
    by_key = {one.key: one for one in askings}
    left = [by_key[key] for key in found.left]
    gone: dict[int, int] = defaultdict(int)
    for offer in found.placed.values():
        gone[offer] += 1
    lacking = []
    for need in Need:
        asked = sum(need in one.needs for one in left)
        if asked:
            answering = [one for one in givings if need in one.needs]
            free = sum(one.free for one in answering)
            lacking.append(
                Lacking(
                    need=need,
                    projects=asked,
                    seats=sum(one.seats for one in answering),
                    free=free,
                    remaining=free - sum(gone[one.key] for one in answering),
                )
            )
    return sorted(lacking, key=lambda one: -one.projects)
