"""Which enterprises a structure began to support, and when."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Min

from diapason.desk.contracts import ReferralState
from diapason.desk.models import Referral
from diapason.kernel.periods import Window
from diapason.kernel.registries import CohortEntry

TABLES = ("desk_referral", "desk_case")


def supported(window: Window) -> Iterator[CohortEntry]:
    """The enterprises whose support began in the window, by the day on which a structure accepted
    their project: once each, the first day in it. Projects without an enterprise are not in it."""
    rows = (
        Referral.objects.filter(
            state__in=(ReferralState.ACCEPTED, ReferralState.ENDED),
            answered_on__gte=window.start,
            answered_on__lt=window.end,
            case__organisation__isnull=False,
        )
        .order_by()
        .values("case__organisation", "case__organisation__code")
        .annotate(first=Min("answered_on"))
    )
    for row in rows:
        yield CohortEntry(
            entity=row["case__organisation"],
            label=row["case__organisation__code"],
            entered_on=row["first"],
        )
