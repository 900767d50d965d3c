"""Answers from a spreadsheet: all of them, or none with a reason for each line."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from diapason.directory.api import known_as
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal
from diapason.observatory.actions.answering import record
from diapason.observatory.contracts import Facts, Origin, Status
from diapason.observatory.models import Answer, Campaign


class Importing:
    """One spreadsheet of answers to one survey, line after line; `line` is the callback of
    `kernel.spreadsheets.apply`, which keeps all of the lines or none."""

    def __init__(self, *, by: Any, survey: Campaign, request_key: UUID | None = None) -> None:
        demand(by, "observatory.record_answers")
        self.by, self.survey, self.request_key = by, survey, request_key
        self.seen: set[int] = set()

    @transaction.atomic
    def line(self, *, named: str, facts: Facts, status: Status, source: str) -> Answer:
        """Record one line.

        Side effects: those of `record`. Raises `Refusal` for an enterprise that is unknown, named
        by several, twice in the file, or whose answer was verified; for figures that cannot be.
        """
        organisation = self._organisation(named)
        found = (
            Answer.objects.select_for_update(no_key=True)
            .filter(campaign=self.survey, organisation=organisation)
            .first()
        )
        key = uuid5(self.request_key, str(organisation)) if self.request_key else None
        again = found is not None and key is not None and found.request_key == key
        if found is not None and found.status == Status.VERIFIED and not again:
            raise Refusal(
                _("The figures of this enterprise were verified: change them on its page."),
                field="organisation",
            )
        return record(
            by=self.by,
            survey=self.survey,
            organisation_id=organisation,
            facts=facts,
            status=status,
            source=source,
            version=found.version if found is not None else 0,
            origin=Origin.SHEET,
            request_key=key,
        )

    def _organisation(self, named: str) -> int:
        ids = known_as(named)
        if not ids:
            raise Refusal(
                _("The directory knows no “%(name)s”. Write its SIRET or its exact name.")
                % {"name": named},
                field="organisation",
            )
        if len(ids) > 1:
            raise Refusal(
                _("Several organisations are called “%(name)s”. Write the SIRET.")
                % {"name": named},
                field="organisation",
            )
        if ids[0] in self.seen:
            raise Refusal(_("This enterprise stands twice in the file."), field="organisation")
        self.seen.add(ids[0])
        return ids[0]
