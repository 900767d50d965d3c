"""Figures that people declare: declared, then approved or returned by somebody else.

Any programme manager may decide on any action's figures: an authority leads the whole plan, and a
small team must be able to stand in for one another. Nobody decides on their own.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from diapason.kernel import audit, clock
from diapason.kernel.models import StoredFile
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal
from diapason.kernel.wording import moment
from diapason.plan.actions.plausible import refuse_implausible
from diapason.plan.actions.refusing import in_words, named, once, refuse_unsound
from diapason.plan.contracts import ReadingState
from diapason.plan.contracts.values import DeclaredValue
from diapason.plan.models import Indicator, Plan, Reading

STANDING = (ReadingState.DECLARED, ReadingState.RETURNED, ReadingState.APPROVED)


def declare_reading(
    *,
    by: Any,
    indicator: Indicator,
    value: DeclaredValue,
    document: StoredFile | None = None,
    request_key: UUID | None = None,
    invented: bool = False,
) -> Reading:
    """Declare a figure, to be approved by somebody else.

    The same `request_key` again gives the reading that it made before. `invented` marks for ever
    what a demonstration made up.

    Side effects: adds a reading that waits for approval.
    Raises Refusal for a figure that cannot be true, that a measure counts already, or that was
    declared before; PermissionDenied unless `by` may declare.
    """
    demand(by, "plan.declare_reading")

    def make() -> Reading:
        refuse_implausible(indicator, plan_of(indicator), value)
        # One at a time, so that of two people who declare the same, one is told.
        Indicator.objects.select_for_update(no_key=True).values_list("pk").get(pk=indicator.pk)
        refuse_repeated(indicator, value, by)
        reading = Reading(
            indicator=indicator,
            document=document,
            declared_by=by,
            request_key=request_key,
            invented=invented,
            **fields_of(value),
        )
        return _saved(reading, by)

    return once(
        Reading,
        request_key,
        make,
        lambda found: (
            found.declared_by_id == by.pk
            and found.indicator_id == indicator.pk
            and fields_of(value_of(found)) == fields_of(value)
        ),
    )


@transaction.atomic
def approve_reading(*, by: Any, reading: Reading) -> Reading:
    """Approve a declared figure: from now on it is evidence and is never edited.

    `reading` is the figure as the person read it.

    Side effects: the figure counts; where it corrects another one, that one stops counting.
    Raises Refusal where it was decided already, was mended since it was read, is one's own, or
    corrects a figure that was corrected otherwise; PermissionDenied unless `by` may approve.
    """
    demand(by, "plan.approve_reading")
    locked, original = _locked(reading)
    _refuse_decided(locked)
    _refuse_own(locked, by)
    _refuse_mended(locked, reading)
    if original is not None and original.state != ReadingState.APPROVED:
        raise Refusal(_("The figure that this one corrects was itself corrected otherwise."))
    with audit.done_by(by), in_words(Reading):
        if original is not None:
            original.state = ReadingState.CORRECTED
            original.save(update_fields=["state"])
        locked.state = ReadingState.APPROVED
        locked.decided_by, locked.decided_at = by, clock.now()
        locked.save(update_fields=["state", "decided_by", "decided_at"])
    return locked


@transaction.atomic
def return_reading(*, by: Any, reading: Reading, reason: str) -> Reading:
    """Return a declared figure to the person who declared it, saying what has to be mended.

    `reading` is the figure as the person read it.

    Side effects: the figure waits for its author.
    Raises Refusal without a reason, where it was decided already, was mended since it was read or
    is one's own; PermissionDenied unless `by` may approve.
    """
    demand(by, "plan.approve_reading")
    if not reason.strip():
        raise Refusal(_("Say what has to be mended."), field="reason")
    locked, _original = _locked(reading)
    _refuse_decided(locked)
    _refuse_own(locked, by)
    _refuse_mended(locked, reading)
    locked.state, locked.return_reason = ReadingState.RETURNED, reason.strip()
    locked.decided_by, locked.decided_at = by, clock.now()
    with audit.done_by(by, why=reason.strip()):
        locked.save(update_fields=["state", "return_reason", "decided_by", "decided_at"])
    return locked


@transaction.atomic
def resubmit_reading(
    *, by: Any, reading: Reading, value: DeclaredValue, document: StoredFile | None = None
) -> Reading:
    """Mend a returned figure and hand it in again; without `document`, the one it has stays.

    Side effects: the figure waits for approval; its former version stays in its history, and the
    reason of its return stays beside it for whoever approves.
    Raises Refusal where it was not returned, is somebody else's, or cannot be true;
    PermissionDenied unless `by` may declare.
    """
    demand(by, "plan.declare_reading")
    locked, _original = _locked(reading)
    if locked.declared_by_id != by.pk:
        raise Refusal(
            _("Only %(person)s, who declared this figure, can mend it.")
            % {"person": named(locked.declared_by)}
        )
    if locked.state != ReadingState.RETURNED:
        raise Refusal(_("This figure does not wait to be mended."))
    refuse_implausible(locked.indicator, plan_of(locked.indicator), value)
    refuse_repeated(locked.indicator, value, by, but=locked)
    for name, given in fields_of(value).items():
        setattr(locked, name, given)
    locked.document = document or locked.document
    locked.state, locked.decided_by, locked.decided_at = ReadingState.DECLARED, None, None
    locked.declared_at = clock.now()
    with in_words(Reading):
        return _saved(locked, by)


def correct_reading(
    *,
    by: Any,
    reading: Reading,
    value: DeclaredValue,
    document: StoredFile | None = None,
    request_key: UUID | None = None,
) -> Reading:
    """Declare a figure that is to take the place of an approved one.

    The approved one counts until the correction is approved.

    Side effects: adds a reading that waits for approval.
    Raises Refusal where the figure is not approved or is being corrected already, or where the new
    one cannot be true; PermissionDenied unless `by` may declare.
    """
    demand(by, "plan.declare_reading")

    def make() -> Reading:
        original, _its_own = _locked(reading)
        _refuse_uncorrectable(original)
        refuse_implausible(original.indicator, plan_of(original.indicator), value)
        if fields_of(value) == fields_of(value_of(original)) and document is None:
            raise Refusal(_("This is the figure as it is: there is nothing to correct."))
        correction = Reading(
            indicator=original.indicator,
            corrects=original,
            document=document,
            declared_by=by,
            request_key=request_key,
            invented=original.invented,
            **fields_of(value),
        )
        return _saved(correction, by)

    return once(
        Reading,
        request_key,
        make,
        lambda found: (
            found.declared_by_id == by.pk
            and found.corrects_id == reading.pk
            and fields_of(value_of(found)) == fields_of(value)
        ),
    )


@transaction.atomic
def withdraw_reading(*, by: Any, reading: Reading) -> Reading:
    """Take back a figure of one's own that nobody has approved.

    Side effects: the figure waits for nobody any more; its row stays.
    Raises Refusal where it is somebody else's or was approved; PermissionDenied unless `by` may
    declare.
    """
    demand(by, "plan.declare_reading")
    locked, _original = _locked(reading)
    if locked.declared_by_id != by.pk:
        raise Refusal(
            _("Only %(person)s, who declared this figure, can take it back.")
            % {"person": named(locked.declared_by)}
        )
    if locked.state not in {ReadingState.DECLARED, ReadingState.RETURNED}:
        _refuse_decided(locked)
    locked.state, locked.decided_by = ReadingState.WITHDRAWN, None
    locked.decided_at = clock.now()
    with audit.done_by(by):
        locked.save(update_fields=["state", "decided_by", "decided_at"])
    return locked


def plan_of(indicator: Indicator) -> Plan:
    return indicator.action.plan


def fields_of(value: DeclaredValue) -> dict[str, Any]:
    """The fields of a reading that a declared value fills in."""
    return {
        "on": value.on,
        "value": value.value,
        "denominator": value.denominator,
        "source": value.source.strip(),
        "link": value.link.strip(),
        "note": value.note.strip(),
    }


def value_of(reading: Reading) -> DeclaredValue:
    """What a reading declares."""
    return DeclaredValue(
        value=reading.value,
        on=reading.on,
        source=reading.source,
        denominator=reading.denominator,
        link=reading.link,
        note=reading.note,
    )


def refuse_repeated(
    indicator: Indicator, value: DeclaredValue, by: Any, but: Reading | None = None
) -> None:
    """Refuse a figure that somebody has declared in the same words: it would count twice."""
    same = Reading.objects.filter(
        indicator=indicator,
        on=value.on,
        value=value.value,
        denominator=value.denominator,
        source=value.source.strip(),
        state__in=STANDING,
    )
    if but is not None:
        same = same.exclude(pk=but.pk)
    if not same.exists():
        return
    if (found := same.select_related("declared_by").first()) is not None:
        if found.declared_by_id == by.pk:
            raise Refusal(
                _(
                    "You already declared this figure, of that day and from that source. If this "
                    "is another one, say so in its source."
                ),
                field="source",
            )
        raise Refusal(
            _(
                "%(person)s already declared this figure, of that day and from that source. If "
                "yours is another one, say so in its source."
            )
            % {"person": _declarer(found)},
            field="source",
        )


def _declarer(reading: Reading) -> str:
    return _("The plan itself") if reading.from_plan else named(reading.declared_by)


def _saved(reading: Reading, by: Any) -> Reading:
    refuse_unsound(reading)
    with audit.done_by(by):
        reading.save()
    return reading


def _locked(reading: Reading) -> tuple[Reading, Reading | None]:
    """The reading and the one that it corrects, as they are now; nobody else decides on either
    until the end of the transaction. The older is locked first, always."""
    keys = [key for key in (reading.corrects_id, reading.pk) if key is not None]
    rows = Reading.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
    found = {row.pk: row for row in rows}
    locked = found[reading.pk]
    return locked, found.get(locked.corrects_id) if locked.corrects_id else None


def _refuse_decided(reading: Reading) -> None:
    if reading.state == ReadingState.DECLARED:
        return
    told = {
        "person": named(reading.decided_by),
        "moment": moment(reading.decided_at),
    }
    match reading.state:
        case ReadingState.APPROVED:
            raise Refusal(_("%(person)s already approved this figure, on %(moment)s.") % told)
        case ReadingState.RETURNED:
            raise Refusal(_("%(person)s already returned this figure, on %(moment)s.") % told)
        case ReadingState.WITHDRAWN:
            raise Refusal(_("This figure was taken back on %(moment)s.") % told)
    raise Refusal(_("This figure was corrected since."))


def _refuse_own(reading: Reading, by: Any) -> None:
    if reading.declared_by_id == by.pk:
        raise Refusal(_("Somebody else than the person who declared a figure approves it."))


def _refuse_mended(reading: Reading, seen: Reading) -> None:
    """Nobody decides on a figure that they have not read: another person may have returned it,
    and its author mended it, since the page was opened."""
    if reading.declared_at != seen.declared_at:
        raise Refusal(
            _("%(person)s mended this figure since you opened it. Read it again, then decide.")
            % {"person": named(reading.declared_by)}
        )


def _refuse_uncorrectable(reading: Reading) -> None:
    if reading.state == ReadingState.CORRECTED:
        raise Refusal(_("This figure was corrected since."))
    if reading.state != ReadingState.APPROVED:
        raise Refusal(_("Only an approved figure is corrected."))
    waiting = Reading.objects.filter(corrects=reading, state=ReadingState.DECLARED)
    if (found := waiting.select_related("declared_by").first()) is not None:
        raise Refusal(
            _("%(person)s already declared a correction of this figure, which waits for approval.")
            % {"person": named(found.declared_by)}
        )
