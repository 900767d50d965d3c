"""Invented visits to the invented enterprises, over three years."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from diapason.desk import actions
from diapason.desk.contracts import Difficulty, Need, Sector
from diapason.desk.demonstration.cases import _cast, _chance
from diapason.desk.models import Visit
from diapason.desk.queries.visits import proposed

# How many visits were made in each of the last years, the oldest first, and how many are to come.
MADE = (9, 11, 7)
TO_COME = 2
# More than the directory of a demonstration holds.
EVERYBODY = 200
SECTORS = (Sector.MUSIC, Sector.IMAGE, Sector.GAMES, Sector.STAGE_ARTS, Sector.DIGITAL)


@transaction.atomic
def make_visits(day: date) -> None:
    """Propose, plan and write down visits up to `day`; where there is one already, none is made.

    Side effects: those of the actions.
    """
    cast = _cast()
    if cast is None or Visit.objects.filter(invented=True).exists():
        return
    with override(settings.LANGUAGE_CODE):
        for back, count in zip((2, 1, 0), MADE, strict=True):
            first = date(day.year - back, 1, 10)
            last = min(day, date(day.year - back, 12, 15))
            for number in range(count):
                on = first + timedelta(days=(last - first).days * number // count)
                _visit(cast, on, number, made=True)
        for number in range(TO_COME):
            _visit(cast, day + timedelta(days=4 + 9 * number), number, made=False)


def _visit(cast: object, on: date, number: int, *, made: bool) -> None:
    by = cast.advisor  # type: ignore[attr-defined]
    found = [one for one in proposed(on.year, on, EVERYBODY) if one.organisation.invented]
    if not found:
        return
    best = found[0]
    added = actions.add_visits(
        by=by,
        year=on.year,
        why={best.organisation.pk: " · ".join(best.reasons)},
        invented=True,
    )
    for visit in added:
        planned = actions.plan_visit(
            by=by, visit=visit, version=visit.version, planned_on=on, visitor=by
        )
        if not made:
            return
        dice = _chance("visit", on, number)
        actions.write_visit(
            by=by,
            visit=planned,
            version=planned.version,
            done_on=on,
            sector=SECTORS[best.organisation.pk % len(SECTORS)],
            needs=dice.sample(list(Need), k=dice.randint(0, 2)),
            difficulties=dice.sample(list(Difficulty), k=dice.randint(1, 3)),
            notes=_("Invented notes: the team grows and looks for a second room."),
        )
