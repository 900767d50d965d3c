"""A request at the front door becomes a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from diapason.desk.actions import letters
from diapason.desk.contracts import Gender, Need, Sector, Stage
from diapason.desk.models import Case, CaseStage
from diapason.desk.queries.cases import front_door
from diapason.desk.queries.links import personal_secret
from diapason.kernel import clock
from diapason.kernel.links import digest
from diapason.kernel.refusals import Refusal, in_words, once, refuse_future, refuse_unsound

# The front door looks at a new request within so many days.
FIRST_LOOK = timedelta(days=3)


def ask(
    *,
    request_key: UUID,
    title: str,
    stage: Stage,
    needs: Sequence[Need],
    contact_name: str,
    contact_email: str,
    summary: str = "",
    sector: Sector = Sector.OTHER,
    student: bool = False,
    commune_id: str | None = None,
    siret: str = "",
    contact_phone: str = "",
    gender: str = "",
    language: str = "fr",
    on: date | None = None,
    invented: bool = False,
) -> Case:
    """Open the case of a project that asks for help; anybody may.

    The same request from the same address on the same day is refused, without telling anything of
    the one that is there: only its own letter leads to it.

    The same `request_key` again gives the case that it opened before. The SIRET number stays what
    the person wrote: no organisation is attached because of it.

    Side effects: one case, in charge of the front door, to be looked at within `FIRST_LOOK`, and
    its first stage; the letter with the personal link is asked for. Raises `Refusal` where there is
    no front door, or for what cannot be.
    """
    door = front_door()
    if door is None:
        raise Refusal(_("The front door is not open yet: come back in a few days."))
    if not needs:
        raise Refusal(_("Choose at least one need."), field="needs")
    day = on or clock.today()
    refuse_future(day, field="on")

    def make() -> Case:
        case = Case(
            title=title.strip(),
            summary=summary.strip(),
            stage=Stage(stage),
            needs=[Need(each).value for each in needs],
            sector=Sector(sector),
            student=student,
            commune_id=commune_id,
            siret=siret.strip(),
            contact_name=contact_name.strip(),
            contact_email=contact_email.strip().lower(),
            contact_phone=contact_phone.strip(),
            gender=Gender(gender) if gender else "",
            language=language,
            owner=door.organisation,
            next_on=day + FIRST_LOOK,
            opened_on=day,
            token_hash=digest(personal_secret(request_key)),
            request_key=request_key,
            invented=invented,
        )
        refuse_unsound(case)
        with in_words(Case):
            case.save()
        CaseStage.objects.create(case=case, stage=case.stage, began_on=day)
        letters.tell_asked(case)
        return case

    with transaction.atomic():
        return once(Case, request_key, make, lambda found: found.title == title.strip())
