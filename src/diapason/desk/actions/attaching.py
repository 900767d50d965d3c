"""Saying which enterprise of the directory a project is, or became."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from diapason.desk.actions.following import held
from diapason.desk.models import Case
from diapason.directory.api import survivors
from diapason.kernel import audit
from diapason.kernel.refusals import Refusal, in_words


@transaction.atomic
def attach(*, by: Any, case: Case, organisation_id: int | None) -> Case:
    """Say which enterprise a project is, once somebody is sure of it; None for none. A closed case
    too: the enterprise may come later.

    Side effects: the case's enterprise; its results are followed from then on. Raises `Refusal` for
    what is no organisation, PermissionDenied for whoever does not decide on the case.
    """
    current = held(case.pk, by, to_lead=True)
    if organisation_id is not None:
        alive = survivors([organisation_id])
        if organisation_id not in alive:
            raise Refusal(_("Choose an organisation of the directory."), field="organisation")
        organisation_id = alive[organisation_id]
    if current.organisation_id != organisation_id:
        current.organisation_id = organisation_id
        current.version += 1
        with audit.done_by(by), in_words(Case):
            current.save(update_fields=["organisation", "version"])
    return current
