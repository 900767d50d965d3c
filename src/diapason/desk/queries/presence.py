"""Who else has a case open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from diapason.desk.models import Case, CasePresence

# The page says every half minute that it is open; without a script, when it is opened.
LASTS = timedelta(minutes=5)


def told_on(case: Case, user: Any, *, seen: str = "") -> dict[str, Any]:
    """What the page of a case says of the others: who they are, and whether the case changed since
    the version that was `seen`; `told` names that state."""
    others = others_on(case, user)
    changed = seen not in ("", str(case.version))
    people = "-".join(str(one.person_id) for one in sorted(others, key=lambda one: one.person_id))
    return {
        "others": others,
        "changed": changed,
        "seen": seen or str(case.version),
        "told": f"{people}:{int(changed)}",
    }


def others_on(case: Case, user: Any) -> list[CasePresence]:
    """Who else had the case open within `LASTS`, the latest first."""
    since = timezone.now() - LASTS
    found = CasePresence.objects.filter(case=case, seen_at__gte=since, person__is_active=True)
    return list(found.exclude(person=user.pk).select_related("person").order_by("-seen_at")[:5])
