"""Writes of visits: the year's programme, the plan of each, what was found, what comes of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from diapason.desk.actions.asking import FIRST_LOOK
from diapason.desk.contracts import (
    Difficulty,
    FindingKind,
    Need,
    Sector,
    Stage,
    VisitState,
)
from diapason.desk.models import Case, CaseStage, Visit, VisitFinding
from diapason.desk.models.visits import COMING
from diapason.desk.queries.cases import own_name
from diapason.desk.queries.links import personal_secret
from diapason.desk.queries.visits import sector_of
from diapason.kernel import audit, clock
from diapason.kernel.links import digest
from diapason.kernel.permissions import allowed, demand
from diapason.kernel.refusals import Refusal, in_words, refuse_future, refuse_unsound, says
from diapason.kernel.wording import date_long

LONGEST_NOTES = 10_000
FIRST_YEAR, LAST_YEAR = 1990, 2100


@transaction.atomic
def add_visits(
    *, by: Any, year: int, why: Mapping[int, str], invented: bool = False
) -> list[Visit]:
    """Take enterprises into a year's programme: `why` gives the reasons by enterprise.

    One that has a visit to come keeps it and gets no second one, so that the form sent twice, or by
    two people at once, changes nothing more. Side effects: one visit for each of the others.
    """
    demand(by, "desk.visit")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(_("Give a year in four figures."), field="year")
    made = []
    for organisation, words in why.items():
        visit = Visit(
            organisation_id=organisation,
            year=year,
            sector=sector_of(organisation),
            why=words[:400],
            added_by=by,
            invented=invented,
        )
        refuse_unsound(visit)
        with audit.done_by(by):
            try:
                with in_words(Visit):
                    visit.save()
            except Refusal:
                continue
        made.append(visit)
    return made


def _locked(by: Any, visit: Visit, version: int | None) -> Visit:
    demand(by, "desk.visit")
    current = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if version is not None:
        _refuse_changed(current, version)
    return current


def _refuse_changed(current: Visit, version: int) -> None:
    if current.version != version:
        raise Refusal(
            _(
                "Somebody changed this visit meanwhile: nothing was overwritten. Look at what they "
                "wrote, then save again to keep yours."
            )
        )


@transaction.atomic
def plan_visit(
    *, by: Any, visit: Visit, version: int, planned_on: date, visitor: Any = None
) -> Visit:
    """Say when the visit takes place and who goes.

    Side effects: the visit's next version. Raises `Refusal` for a visit that is over, for somebody
    who may not visit, and where somebody wrote meanwhile.
    """
    current = _locked(by, visit, version)
    if current.state not in COMING:
        raise Refusal(_("This visit is over."))
    # One that a year left over is made in a later one.
    last = max(current.year, clock.today().year) + 1
    if not current.year <= planned_on.year <= last:
        raise Refusal(
            _("This visit is of the programme of %(year)s: choose a day from %(year)s to %(last)s.")
            % {"year": current.year, "last": last},
            field="planned_on",
        )
    if visitor is not None and not allowed(visitor, "desk.visit"):
        raise Refusal(
            _("%(person)s cannot make visits: give them a role first.") % {"person": visitor},
            field="visitor",
        )
    current.state = VisitState.PLANNED
    current.planned_on, current.visitor = planned_on, visitor
    current.version += 1
    with audit.done_by(by), in_words(Visit):
        current.save(update_fields=["state", "planned_on", "visitor", "version"])
    return current


@transaction.atomic
def cancel_visit(*, by: Any, visit: Visit) -> Visit:
    """Take a visit out of the programme. Side effects: its enterprise is proposed again."""
    current = _locked(by, visit, None)
    if current.state not in COMING:
        raise Refusal(_("This visit is over."))
    current.state = VisitState.CANCELLED
    current.version += 1
    with audit.done_by(by):
        current.save(update_fields=["state", "version"])
    return current


@transaction.atomic
def write_visit(
    *,
    by: Any,
    visit: Visit,
    version: int,
    done_on: date,
    sector: Sector,
    needs: Sequence[Need],
    difficulties: Sequence[Difficulty],
    notes: str = "",
    notes_key: UUID | None = None,
) -> Visit:
    """Write down a visit that was made, or complete what was written.

    The same form sent again (`notes_key`) changes nothing more; with other words, from a draft
    that was open twice, it is one that `version` tells apart. A need that became a case stays.

    Side effects: the visit is done, with its findings. Raises `Refusal` for a day to come, and
    where somebody wrote meanwhile.
    """
    words = notes.strip()
    current = _locked(by, visit, None)
    if notes_key is not None and current.notes_key == notes_key:
        told = says(current, done_on=done_on, sector=sector, notes=words)
        if told and _is_noted(current, needs, difficulties):
            return current
    _refuse_changed(current, version)
    if current.state == VisitState.CANCELLED:
        raise Refusal(_("This visit was cancelled: take the enterprise into the programme again."))
    refuse_future(done_on, field="done_on")
    if done_on.year < current.year - 1:
        raise Refusal(
            _("This visit is of the programme of %(year)s: it cannot be that old.")
            % {"year": current.year},
            field="done_on",
        )
    if len(words) > LONGEST_NOTES:
        raise Refusal(
            _("These notes have %(length)s characters: %(limit)s at most.")
            % {"length": len(words), "limit": LONGEST_NOTES},
            field="notes",
        )
    current.state, current.done_on, current.sector = VisitState.DONE, done_on, Sector(sector)
    current.notes, current.notes_key = words, notes_key
    current.visitor = current.visitor or by
    current.version += 1
    with audit.done_by(by), in_words(Visit):
        current.save()
        _note(current, FindingKind.NEED, [Need(each).value for each in needs])
        _note(current, FindingKind.DIFFICULTY, [Difficulty(each).value for each in difficulties])
    return current


def _is_noted(visit: Visit, needs: Sequence[Need], difficulties: Sequence[Difficulty]) -> bool:
    """Whether that is what the visit found, needs that became cases apart: they stay."""
    told = {(FindingKind.NEED.value, Need(each).value) for each in needs}
    told |= {(FindingKind.DIFFICULTY.value, Difficulty(each).value) for each in difficulties}
    found = VisitFinding.objects.filter(visit=visit)
    bound = set(found.filter(case__isnull=False).values_list("kind", "topic"))
    return set(found.values_list("kind", "topic")) == told | bound


def _note(visit: Visit, kind: FindingKind, topics: Sequence[str]) -> None:
    noted = VisitFinding.objects.filter(visit=visit, kind=kind)
    noted.filter(case__isnull=True).exclude(topic__in=topics).delete()
    known = set(noted.values_list("topic", flat=True))
    for topic in dict.fromkeys(topics):
        if topic not in known:
            VisitFinding.objects.create(visit=visit, kind=kind, topic=topic)


@transaction.atomic
def open_case(*, by: Any, finding: VisitFinding, stage: Stage) -> Case:
    """Open the case of a need that a visit found, for the visited enterprise.

    Asked twice, it gives the case that is there. Side effects: one case, in charge of the person's
    organisation, and its first stage.
    """
    demand(by, "desk.visit")
    found = VisitFinding.objects.select_for_update().get(pk=finding.pk)
    if found.case is not None:
        return found.case
    if found.kind != FindingKind.NEED:
        raise Refusal(_("Only a need becomes a case."))
    visit = Visit.objects.select_related("organisation").get(pk=found.visit_id)
    mine = own_name(by)
    if mine is None:
        raise Refusal(_("You hold no role today in whose name to open a case."))
    day, key = clock.today(), uuid.uuid4()
    enterprise = str(visit.organisation)
    title = _("%(need)s: %(enterprise)s") % {
        "need": Need(found.topic).label,
        "enterprise": enterprise,
    }
    with audit.done_by(by), in_words(Case):
        case = Case.objects.create(
            title=title[:120],
            summary=_("Need found on a visit on %(day)s.")
            % {"day": date_long(visit.done_on or day)},
            stage=Stage(stage),
            needs=[found.topic],
            sector=visit.sector,
            organisation=visit.organisation,
            commune_id=visit.organisation.commune_id,
            owner_id=mine,
            responsible=by,
            next_on=day + FIRST_LOOK,
            opened_on=day,
            token_hash=digest(personal_secret(key)),
            request_key=key,
            invented=visit.invented,
        )
        CaseStage.objects.create(case=case, stage=case.stage, began_on=day)
        found.case = case
        found.save(update_fields=["case"])
    return case
