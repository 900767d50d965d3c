"""Correcting what a case says, and telling who has it open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diapason.desk.actions.following import locked
from diapason.desk.contracts import Need, Sector
from diapason.desk.models import Case, CasePresence
from diapason.kernel import audit
from diapason.kernel.refusals import Refusal, in_words, refuse_unsound

FORGOTTEN_AFTER = timedelta(days=1)


class Changed(Refusal):
    """Somebody else wrote meanwhile: `current` is what they left."""

    def __init__(self, current: Case) -> None:
        super().__init__(
            _(
                "Somebody changed this case meanwhile: nothing was overwritten. Compare what "
                "differs, then save again to keep yours."
            )
        )
        self.current = current


@transaction.atomic
def correct_case(
    *,
    by: Any,
    case: Case,
    version: int,
    title: str,
    summary: str,
    needs: Sequence[Need],
    sector: Sector,
    student: bool,
    commune_id: str | None,
) -> Case:
    """Correct what a case says of the project; `version` is the one that `by` saw.

    Side effects: the case's next version. Raises `Changed` where somebody wrote meanwhile,
    `Refusal` for what cannot be.
    """
    current = locked(case, by)
    if current.version != version:
        raise Changed(current)
    if not needs:
        raise Refusal(_("Choose at least one need."), field="needs")
    current.title, current.summary = title.strip(), summary.strip()
    current.needs = [Need(each).value for each in needs]
    current.sector, current.student = Sector(sector), student
    current.commune_id = commune_id
    current.version += 1
    refuse_unsound(current)
    with audit.done_by(by), in_words(Case):
        current.save()
    return current


def be_present(*, by: Any, case: Case) -> None:
    """Tell that a person has the case open. Side effects: one row for the person and the case."""
    CasePresence.objects.bulk_create(
        [CasePresence(case=case, person=by, seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["case", "person"],
        update_fields=["seen_at"],
    )


def forget_presence() -> int:
    """Forget who had which case open more than a day ago; gives how many rows went."""
    old = CasePresence.objects.filter(seen_at__lt=timezone.now() - FORGOTTEN_AFTER)
    return old.delete()[0]
