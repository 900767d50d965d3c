"""What structures offer, when they are away, and who keeps the front door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from diapason.desk.contracts import Need, Sector, Stage, Tongue
from diapason.desk.models import Absence, FrontDoor, Offer
from diapason.desk.queries import places
from diapason.desk.queries.cases import answers_for
from diapason.kernel import audit, clock
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import (
    Refusal,
    in_words,
    once,
    refuse_ancient,
    refuse_unsound,
    says,
)

LONGEST_ABSENCE = timedelta(days=366)


@transaction.atomic
def choose_front_door(*, by: Any, organisation_id: int) -> FrontDoor:
    """Choose who receives every new request. Side effects: those already open stay where they
    are."""
    demand(by, "desk.choose_front_door")
    with audit.done_by(by):
        door, _made = FrontDoor.objects.update_or_create(
            only=True, defaults={"organisation_id": organisation_id}
        )
    return door


def _for_structure(by: Any, structure_id: int) -> None:
    demand(by, "desk.offer_support")
    if not answers_for(by, structure_id):
        raise PermissionDenied("desk.offer_support")


def offer_support(
    *,
    by: Any,
    structure_id: int,
    title: str,
    stages: Sequence[Stage],
    needs: Sequence[Need],
    seats: int,
    starts: date,
    ends: date | None = None,
    description: str = "",
    conditions: str = "",
    cost: str = "",
    sectors: Sequence[Sector] = (),
    communes: Sequence[str] = (),
    languages: Sequence[Tongue] = (),
    hours: int | None = None,
    offer: Offer | None = None,
    request_key: UUID | None = None,
    invented: bool = False,
) -> Offer:
    """Add an offer of a structure, or change one. Without sectors, communes (official codes) or
    languages it is for all of them; `hours` are those of experts, a month.

    Side effects: one offer. Raises `Refusal` for what cannot be, PermissionDenied for another
    organisation's offer.
    """
    _for_structure(by, structure_id)
    if offer is not None:
        _for_structure(by, offer.structure_id)
    for words, field in ((stages, "stages"), (needs, "needs")):
        if not words:
            raise Refusal(_("Choose at least one."), field=field)
    wanted = set(communes)
    if places.known(wanted) != wanted:
        raise Refusal(_("We do not know one of these communes."), field="communes")
    refuse_ancient(starts, field="starts")
    if ends is not None and ends < starts:
        raise Refusal(_("An offer cannot end before it starts."), field="ends")

    def make() -> Offer:
        record = (
            Offer(request_key=request_key, invented=invented)
            if offer is None
            else Offer.objects.select_for_update().get(pk=offer.pk)
        )
        record.structure_id = structure_id
        record.title, record.description = title.strip(), description.strip()
        record.stages = [Stage(each).value for each in stages]
        record.needs = [Need(each).value for each in needs]
        record.seats, record.starts, record.ends = seats, starts, ends
        record.sectors = sorted(Sector(each).value for each in set(sectors))
        record.languages = sorted(Tongue(each).value for each in set(languages))
        record.communes, record.hours = sorted(wanted), hours
        record.conditions, record.cost = conditions.strip(), cost.strip()
        refuse_unsound(record)
        with audit.done_by(by), in_words(Offer):
            record.save()
        return record

    if offer is not None:
        return make()
    told = {"structure_id": structure_id, "title": title.strip(), "seats": seats, "starts": starts}
    return once(Offer, request_key, make, lambda found: says(found, **told))


@transaction.atomic
def end_absence(*, by: Any, absence: Absence) -> None:
    """Say that a structure takes projects again, from today on. Side effects: the absence ends
    yesterday; one that has not begun by then is gone. Again, it changes nothing."""
    _for_structure(by, absence.structure_id)
    found = Absence.objects.select_for_update().filter(pk=absence.pk).first()
    yesterday = clock.today() - timedelta(days=1)
    if found is None or found.ends <= yesterday:
        return
    with audit.done_by(by):
        if found.starts > yesterday:
            found.delete()
        else:
            found.ends = yesterday
            found.save(update_fields=["ends"])


def declare_absence(
    *, by: Any, structure_id: int, starts: date, ends: date, request_key: UUID | None = None
) -> Absence:
    """Say on which days a structure takes no new project. Side effects: one absence. Raises
    `Refusal` for one that is over, or so long that it can only be a slip."""
    _for_structure(by, structure_id)
    if ends < starts:
        raise Refusal(_("An absence cannot end before it starts."), field="ends")
    if ends < clock.today():
        raise Refusal(_("This absence is over already."), field="ends")
    if ends - starts > LONGEST_ABSENCE:
        raise Refusal(_("A year at most: announce the rest when it comes."), field="ends")

    def make() -> Absence:
        with audit.done_by(by), in_words(Absence):
            return Absence.objects.create(
                structure_id=structure_id, starts=starts, ends=ends, request_key=request_key
            )

    told = {"structure_id": structure_id, "starts": starts, "ends": ends}
    return once(Absence, request_key, make, lambda found: says(found, **told))
