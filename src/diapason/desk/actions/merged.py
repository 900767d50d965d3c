"""What the front desk does when two structures turn out to be one."""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction
from django.utils.translation import gettext as _

from diapason.desk.contracts import ReferralState
from diapason.desk.models import Case, Referral
from diapason.desk.models.cases import OPEN_REFERRALS
from diapason.directory.api import survivors
from diapason.kernel import clock


@transaction.atomic
def close_proposals_made_twice(*, organisation_id: int) -> int:
    """Leave one open proposal of each case to the organisation and its merged duplicates.

    The one that went further stays: what is accepted before what waits for an answer, then what
    was proposed first. The others are closed today: a proposal is declined with this reason, a
    support ends and its seat is free again. Taking the duplicate apart again opens none of them.
    Gives how many were closed.

    Side effects: those said; runs in the caller's transaction, which merged the organisations.
    """
    open_ = Referral.objects.filter(state__in=OPEN_REFERRALS)
    # Cases are always held before their proposals.
    cases = open_.filter(structure__in=_same(organisation_id)).values("case")
    held = list(Case.objects.select_for_update(no_key=True).order_by("pk").filter(pk__in=cases))
    found = open_.select_for_update().filter(case__in=held, structure__in=_same(organisation_id))
    by_case = defaultdict(list)
    for referral in found.order_by("proposed_on", "pk"):
        by_case[referral.case_id].append(referral)
    closed = 0
    for proposals in by_case.values():
        stands = min(proposals, key=lambda one: one.state != ReferralState.ACCEPTED)
        for referral in proposals:
            if referral is not stands:
                _close(referral)
                closed += 1
    return closed


def _same(organisation_id: int) -> list[int]:
    """The ids under which an open proposal may name the organisation."""
    named = Referral.objects.filter(state__in=OPEN_REFERRALS).order_by()
    ends = survivors(set(named.values_list("structure_id", flat=True)) | {organisation_id})
    end = ends.get(organisation_id)
    return [asked for asked, last in ends.items() if last == end]


def _close(referral: Referral) -> None:
    day = clock.today()
    if referral.state == ReferralState.ACCEPTED:
        referral.state, referral.ended_on = ReferralState.ENDED, day
    else:
        referral.state, referral.answered_on = ReferralState.DECLINED, day
        referral.reason = _("The same structure has this project under its other name.")
    referral.save(update_fields=["state", "reason", "answered_on", "ended_on"])
