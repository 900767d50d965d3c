"""Assigning a backlog: many projects proposed at once, as somebody confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diapason.desk.actions.referring import put_forward
from diapason.desk.contracts import ReferralState
from diapason.desk.models import Assignment, Case, Offer, Referral
from diapason.desk.models.cases import OPEN_REFERRALS
from diapason.desk.queries.cases import led_by
from diapason.desk.queries.support import reaches, running
from diapason.directory.api import survivors
from diapason.kernel import audit, clock
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal, once

Pair = tuple[int, int]


class Outdated(Refusal):
    """Lines of an assignment that things have overtaken: `faults` says why, for each."""

    def __init__(self, faults: dict[Pair, str]) -> None:
        super().__init__(
            ngettext(
                "Nothing was proposed: %(count)s line cannot be kept as things stand now.",
                "Nothing was proposed: %(count)s lines cannot be kept as things stand now.",
                len(faults),
            )
            % {"count": len(faults)}
        )
        self.faults = faults


@transaction.atomic
def assign(
    *, by: Any, pairs: Sequence[Pair], request_key: UUID | None, on: date | None = None
) -> Assignment:
    """Propose each case to the structure of its offer: all of them, or none.

    `pairs` are (case, offer), as the person saw and kept them. The same form again gives what it
    made before. Side effects: the assignment and a proposal for each pair, with what a proposal
    brings. Raises `Outdated` where capacity, absences or cases have changed meanwhile,
    PermissionDenied for a case on which the person does not decide.
    """
    demand(by, "desk.follow_cases")
    if not pairs:
        raise Refusal(_("Keep at least one line."))
    if len({case for case, _offer in pairs}) < len(pairs):
        raise Refusal(_("A project goes to one structure at a time."))
    day = on or clock.today()

    def make() -> Assignment:
        cases, offers = _locked(by, pairs, day)
        if faults := _faults(pairs, cases, offers):
            raise Outdated(faults)
        with audit.done_by(by):
            made = Assignment.objects.create(on=day, made_by=by, request_key=request_key)
        for case, offer in pairs:
            put_forward(by=by, case=cases[case], offer=offers[offer], on=day, assignment=made)
        return made

    def same(found: Assignment) -> bool:
        proposals = Referral.objects.filter(assignment=found).values_list("case", "offer")
        return found.made_by_id == by.pk and set(proposals) == set(pairs)

    return once(Assignment, request_key, make, same)


def _locked(by: Any, pairs: Sequence[Pair], day: date) -> tuple[dict[int, Case], dict[int, Any]]:
    """The cases, then the offers that run, each locked in the order of their keys: whoever waits
    for one holds nothing that this waits for."""
    keys = {case for case, _offer in pairs}
    if led_by(by).filter(pk__in=keys).count() < len(keys):
        raise PermissionDenied("desk.follow_cases")
    cases = Case.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    locked = {case.pk: case for case in cases}
    wanted = {offer for _case, offer in pairs}
    list(Offer.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    return locked, {offer.pk: offer for offer in running(day).filter(pk__in=wanted)}


def _faults(
    pairs: Sequence[Pair], cases: dict[int, Case], offers: dict[int, Any]
) -> dict[Pair, str]:
    """Why lines cannot be kept; nothing where all can."""
    past = Referral.objects.filter(
        case__in=cases, state__in=[*OPEN_REFERRALS, ReferralState.DECLINED]
    ).values_list("case", "structure", "state")
    taken = {case for case, _structure, state in past if state in OPEN_REFERRALS}
    # A structure that was merged is the one that took its place.
    ends = survivors(
        {offer.structure_id for offer in offers.values()} | {one for _case, one, _state in past}
    )
    declined = {(case, ends[structure]) for case, structure, _state in past}
    asked = Counter(offer for _case, offer in pairs)
    reached = {
        key: {one for one, offer in offers.items() if reaches(case, offer)}
        for key, case in cases.items()
    }
    faults: dict[Pair, str] = {}
    for case, key in pairs:
        offer = offers.get(key)
        if cases[case].closed_on is not None:
            faults[case, key] = _("This case was closed meanwhile.")
        elif case in taken:
            faults[case, key] = _("This project was proposed to a structure meanwhile.")
        elif offer is None or offer.away:
            faults[case, key] = _(
                "This structure takes no project on that day: strike the line out."
            )
        elif (case, ends[offer.structure_id]) in declined:
            faults[case, key] = _("This structure has declined this project.")
        elif not set(offer.needs) & set(cases[case].needs):
            faults[case, key] = _("This offer answers none of the project’s needs any more.")
        elif key not in reached[case]:
            faults[case, key] = _("This offer is not for the project’s sector or commune any more.")
        elif asked[key] > max(offer.free, 0):
            faults[case, key] = ngettext(
                "%(count)s seat is left here and %(asked)s lines ask for one: strike some out.",
                "%(count)s seats are left here and %(asked)s lines ask for one: strike some out.",
                max(offer.free, 0),
            ) % {"count": max(offer.free, 0), "asked": asked[key]}
    return faults
