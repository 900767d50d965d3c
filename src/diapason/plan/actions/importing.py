"""Figures from a spreadsheet: all of them, or none with a reason for each line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from diapason.kernel import audit
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import ImportRefused, RowRefusal
from diapason.plan.actions.plausible import refuse_implausible
from diapason.plan.actions.readings import STANDING, fields_of
from diapason.plan.actions.refusing import refuse_unsound, sent_for_something_else
from diapason.plan.contracts.values import ReadingRow
from diapason.plan.models import Indicator, Plan, Reading


@transaction.atomic
def import_readings(
    *,
    by: Any,
    plan: Plan,
    rows: Sequence[ReadingRow],
    dry_run: bool = False,
    request_key: UUID | None = None,
) -> list[Reading]:
    """Declare every figure of a spreadsheet, to be approved by somebody else.

    With `dry_run` the lines are only checked; the readings given back are not saved. The same
    `request_key` again gives the readings that it made before.

    Side effects: adds a reading that waits for approval for each line.
    Raises ImportRefused, with a reason for each line in question, and then adds none;
    PermissionDenied unless `by` may declare.
    """
    demand(by, "plan.declare_reading")
    keys = [uuid5(request_key, str(row.number)) if request_key else None for row in rows]
    if made := _made_before(by, keys):
        return made
    try:
        readings = _checked(by, plan, rows, keys)
        if dry_run:
            return readings
        with transaction.atomic(), audit.done_by(by):
            return Reading.objects.bulk_create(readings, batch_size=500)
    except (IntegrityError, ImportRefused) as error:
        # The same form may have been sent in the same moment, and have been first.
        if made := _made_before(by, keys):
            return made
        if Reading.objects.filter(request_key__in=keys).exists():
            raise Refusal(sent_for_something_else()) from error
        raise


def _made_before(by: Any, keys: Sequence[UUID | None]) -> list[Reading]:
    wanted = [key for key in keys if key is not None]
    return list(Reading.objects.filter(declared_by=by, request_key__in=wanted).order_by("pk"))


def _checked(
    by: Any, plan: Plan, rows: Sequence[ReadingRow], keys: Sequence[UUID | None]
) -> list[Reading]:
    indicators = {
        indicator.code: indicator
        for indicator in Indicator.objects.filter(
            action__plan=plan, code__in={row.indicator for row in rows}
        )
    }
    seen: dict[tuple[Any, ...], int] = {
        _identity(reading): 0
        for reading in Reading.objects.filter(
            indicator__in=indicators.values(), state__in=STANDING, on__in={r.value.on for r in rows}
        )
    }
    readings, refusals = [], []
    for row, key in zip(rows, keys, strict=True):
        try:
            reading = _reading(by, plan, indicators, row, key)
            _refuse_seen(reading, row.number, seen)
        except Refusal as refusal:
            refusals.append(RowRefusal(row.number, refusal.field, str(refusal)))
        else:
            readings.append(reading)
    if refusals:
        raise ImportRefused(refusals)
    return readings


def _reading(
    by: Any, plan: Plan, indicators: dict[str, Indicator], row: ReadingRow, key: UUID | None
) -> Reading:
    indicator = indicators.get(row.indicator)
    if indicator is None:
        raise Refusal(
            _("The plan has no indicator “%(code)s”.") % {"code": row.indicator}, field="indicator"
        )
    refuse_implausible(indicator, plan, row.value)
    reading = Reading(indicator=indicator, declared_by=by, request_key=key, **fields_of(row.value))
    refuse_unsound(reading)
    return reading


def _refuse_seen(reading: Reading, number: int, seen: dict[tuple[Any, ...], int]) -> None:
    identity = _identity(reading)
    if identity not in seen:
        seen[identity] = number
        return
    if earlier := seen[identity]:
        message = _("Line %(number)s says the same.") % {"number": earlier}
    else:
        message = _("This figure, of that day and from that source, is already declared.")
    raise Refusal(message, field="source")


def _identity(reading: Reading) -> tuple[Any, ...]:
    return (
        reading.indicator_id,
        reading.on,
        reading.value,
        reading.denominator,
        reading.source,
    )
