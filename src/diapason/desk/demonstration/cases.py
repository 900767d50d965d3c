"""Invented offers, cases and contacts of the demonstration, made by the room's own actions."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, override

from diapason.desk import actions
from diapason.desk.contracts import (
    Channel,
    Closing,
    Gender,
    Need,
    OutcomeKind,
    Sector,
    Stage,
    Tongue,
    Verified,
)
from diapason.desk.models import Case, DeskContact
from diapason.desk.queries.cases import front_door
from diapason.desk.queries.support import proposals
from diapason.directory.api import (
    OrganisationKind,
    Role,
    cards,
    organisation_choices,
    organisations_by_id,
    people_holding,
)

_NAMESPACE = uuid.UUID("5d3f0a4e-2b7d-4f53-9a0c-7a3be0f1d6a8")
HELPING = (OrganisationKind.INCUBATOR, OrganisationKind.ACCELERATOR, OrganisationKind.CLUSTER)
MOST_STRUCTURES = 7
PROJECTS, CONTACTS = 40, 130
# How many days ago the latest projects asked: some wait to be oriented, one for too long.
FRESH = (17, 12, 9, 6, 4, 2, 1)
YEARS = timedelta(days=3 * 365)

TITLES = (
    _lazy("Songs for long nights"),
    _lazy("A studio on wheels"),
    _lazy("The paper orchestra"),
    _lazy("Concerts in the lava fields"),
    _lazy("Drawn by ear"),
    _lazy("A festival of small sounds"),
    _lazy("The puppet camera"),
    _lazy("Remote rehearsals"),
    _lazy("A game of echoes"),
    _lazy("Pictures from the plateau"),
    _lazy("Subtitles for all"),
    _lazy("The travelling screen"),
    _lazy("Instruments to borrow"),
    _lazy("Light for the stage"),
    _lazy("An archive of local tunes"),
    _lazy("Animation in wool"),
)
SUBJECTS = (
    _lazy("Looks for a place to rehearse"),
    _lazy("Asks which grants exist"),
    _lazy("Wants to meet other producers"),
    _lazy("Asks how to hire a first employee"),
    _lazy("Moves to the area and looks for housing"),
    _lazy("Asks who knows about rights and contracts"),
    _lazy("Looks for a sound engineer"),
    _lazy("Wants to show a prototype"),
)
# What one structure after the other offers: stages, needs, seats.
OFFERS: tuple[tuple[Any, tuple[Stage, ...], tuple[Need, ...], int], ...] = (
    (
        _lazy("First advice on a project"),
        (Stage.IDEA, Stage.DEFINITION, Stage.STRUCTURING),
        (Need.ADVICE, Need.NETWORK, Need.LEGAL),
        8,
    ),
    (
        _lazy("Incubation of creative enterprises"),
        (Stage.STRUCTURING, Stage.PROTOTYPING, Stage.INCUBATION),
        (Need.ADVICE, Need.FUNDING, Need.MARKET),
        5,
    ),
    (
        _lazy("A desk in the shared studio"),
        (Stage.PROTOTYPING, Stage.INCUBATION),
        (Need.PLACE, Need.TECHNOLOGY),
        4,
    ),
    (
        _lazy("Growth programme"),
        (Stage.INCUBATION, Stage.ACCELERATION),
        (Need.MARKET, Need.FUNDING, Need.RECRUITING),
        3,
    ),
    (
        _lazy("Workshops for project owners"),
        (Stage.IDEA, Stage.DEFINITION),
        (Need.SKILLS, Need.NETWORK, Need.ADVICE),
        6,
    ),
    (
        _lazy("Meeting partners and customers"),
        (Stage.PROTOTYPING, Stage.INCUBATION, Stage.ACCELERATION),
        (Need.NETWORK, Need.MARKET),
        4,
    ),
    (
        _lazy("Equipment and technical advice"),
        (Stage.DEFINITION, Stage.PROTOTYPING),
        (Need.TECHNOLOGY, Need.SKILLS),
        3,
    ),
)
# What some of them add: expert hours a month, the sectors that they are for, their languages.
HOURS = (40, 24, None, 30)
SECTORS: dict[int, tuple[Sector, ...]] = {
    2: (Sector.MUSIC, Sector.IMAGE, Sector.STAGE_ARTS),
    6: (Sector.GAMES, Sector.DIGITAL, Sector.IMAGE),
}
LANGUAGES: tuple[tuple[Tongue, ...], ...] = (
    (Tongue.FRENCH, Tongue.ENGLISH),
    (Tongue.FRENCH, Tongue.ENGLISH, Tongue.SPANISH),
    (),
)


@dataclass(frozen=True)
class _Cast:
    manager: Any
    advisor: Any
    door: int
    structures: list[int]
    enterprises: list[int]


def _cast() -> _Cast | None:
    """Who acts: a manager in everybody's name, the advisor whose organisation keeps the door."""
    managers, advisors = people_holding(Role.PROGRAMME_MANAGER), people_holding(Role.ADVISOR)
    if not managers or not advisors:
        return None
    people = get_user_model()._default_manager.in_bulk([managers[0].id, advisors[0].id])
    advisor = people[advisors[0].id]
    door = next((where for role, where in advisor.roles() if role == Role.ADVISOR), None)
    if door is None:
        return None
    known = organisations_by_id([key for key, _name in organisation_choices()])
    helping = [card for card in known.values() if card.kind in HELPING and card.id != door]
    helping.sort(key=lambda card: (HELPING.index(card.kind), card.code))
    structures = [door, *(card.id for card in helping)][:MOST_STRUCTURES]
    invented = [one for one in cards(known).values() if one.invented]
    enterprises = [one.pk for one in sorted(invented, key=lambda one: one.code)]
    return _Cast(people[managers[0].id], advisor, door, structures, enterprises)


def _key(*about: Any) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, ":".join(map(str, about)))


def _chance(*about: Any) -> random.Random:
    return random.Random(":".join(map(str, about)))  # noqa: S311 - invents records, hides nothing


@transaction.atomic
def make_cases(day: date) -> None:
    """Open, orient and follow invented projects over three years, up to `day`.

    Side effects: those of the actions; cases that are there already stay as they are.
    """
    cast = _cast()
    if cast is None:
        return
    with override(settings.LANGUAGE_CODE):
        if front_door() is None:
            actions.choose_front_door(by=cast.manager, organisation_id=cast.door)
        _offers(cast, day)
        regular = [
            day - YEARS + (YEARS * number) // PROJECTS + timedelta(days=7)
            for number in range(PROJECTS - 1)
        ]
        fresh = [day - timedelta(days=days) for days in FRESH]
        for number, opened in enumerate([*regular, *fresh]):
            if not Case.objects.filter(request_key=_key("case", number)).exists():
                _project(cast, number, opened, day)


def _offers(cast: _Cast, day: date) -> None:
    for place, structure in enumerate(cast.structures):
        title, stages, needs, seats = OFFERS[place % len(OFFERS)]
        actions.offer_support(
            by=cast.manager,
            structure_id=structure,
            title=str(title),
            description=_("Invented for the demonstration."),
            stages=stages,
            needs=needs,
            seats=seats,
            hours=HOURS[place % len(HOURS)],
            sectors=SECTORS.get(place, ()),
            languages=LANGUAGES[place % len(LANGUAGES)],
            starts=day - YEARS,
            request_key=_key("offer", place),
            invented=True,
        )


def _project(cast: _Cast, number: int, opened: date, day: date) -> None:
    dice = _chance("project", number)
    offer = OFFERS[dice.randrange(len(OFFERS))]
    stage = dice.choice(offer[1])
    needs = dice.sample(offer[2], k=min(2, len(offer[2])))
    case = actions.ask(
        request_key=_key("case", number),
        title=_("%(title)s (invented, no. %(number)s)")
        % {"title": TITLES[number % len(TITLES)], "number": number + 1},
        summary=_("This project is invented for the demonstration."),
        stage=stage,
        needs=needs,
        sector=dice.choice(list(Sector)),
        student=dice.random() < 0.2,
        gender=_chance("gender", number).choice(("", "", *Gender)),
        contact_name=_("Invented person %(number)s") % {"number": number + 1},
        contact_email=f"project{number + 1}@demo.invalid",
        on=opened,
        invented=True,
    )
    if day - opened < timedelta(days=20):
        # The latest: one in two awaits the answer of a structure, the others be oriented.
        found = proposals(case, opened + timedelta(days=1))
        if number % 2 and found:
            actions.propose(
                by=cast.manager,
                case=case,
                offer_id=found[0].offer.pk,
                on=opened + timedelta(days=1),
            )
        return
    looked = opened + timedelta(days=dice.randint(1, 6))
    found = proposals(case, looked)
    if not found:
        return
    referral = actions.propose(by=cast.manager, case=case, offer_id=found[0].offer.pk, on=looked)
    answered = looked + timedelta(days=dice.randint(1, 12))
    if dice.random() < 0.15 and len(found) > 1:
        actions.decline(
            by=cast.manager,
            referral=referral,
            reason=_("Another structure knows this field better."),
            on=answered,
        )
        referral = actions.propose(
            by=cast.manager, case=case, offer_id=found[1].offer.pk, on=answered
        )
        answered += timedelta(days=5)
    if answered >= day:
        return
    actions.accept(by=cast.manager, referral=referral, on=answered)
    if cast.enterprises:
        # One project in four is of an enterprise that was helped before.
        place = number % (len(cast.enterprises) * 3 // 4 or 1)
        actions.attach(by=cast.manager, case=case, organisation_id=cast.enterprises[place])
    _grow(cast, case, stage, answered, day, dice)


def _grow(
    cast: _Cast, case: Case, stage: Stage, since: date, day: date, dice: random.Random
) -> None:
    """From stage to stage, with what comes of it, until the case ends or the day is reached."""
    stages = list(Stage)
    at = since
    place = stages.index(stage)
    while place + 1 < len(stages):
        at += timedelta(days=dice.randint(40, 130))
        if at >= day or dice.random() < 0.42:
            break
        place += 1
        actions.move(by=cast.manager, case=case, stage=stages[place], on=at)
        if stages[place] is Stage.INCUBATION and dice.random() < 0.7:
            _outcomes(cast, case, at, day, dice)
    lasts = at + timedelta(days=dice.randint(60, 160))
    if lasts < day:
        closing = Closing.DONE if dice.random() < 0.75 else Closing.STOPPED
        actions.close(by=cast.manager, case=case, closing=closing, on=lasts)
    else:
        case.refresh_from_db()
        actions.plan_next(
            by=cast.manager,
            case=case,
            version=case.version,
            next_on=day + timedelta(days=dice.randint(0, 25)),
            next_step=_("Meet again and go through the budget"),
        )


def _outcomes(cast: _Cast, case: Case, at: date, day: date, dice: random.Random) -> None:
    created = at + timedelta(days=dice.randint(20, 90))
    if created >= day:
        return
    actions.record_outcome(
        by=cast.manager,
        case=case,
        kind=OutcomeKind.BUSINESS_CREATED,
        on=created,
        evidence=_("Extract of the register, invented for the demonstration"),
        verified=Verified.REGISTER,
        request_key=_key("business", case.request_key),
    )
    hired = created + timedelta(days=dice.randint(10, 150))
    if hired < day:
        jobs = dice.randint(1, 3)
        actions.record_outcome(
            by=cast.manager,
            case=case,
            kind=OutcomeKind.JOBS_CREATED,
            on=hired,
            count=jobs,
            evidence=ngettext(
                "%(count)s declaration of hiring, invented for the demonstration",
                "%(count)s declarations of hiring, invented for the demonstration",
                jobs,
            )
            % {"count": jobs},
            verified=Verified.DOCUMENT,
            request_key=_key("jobs", case.request_key),
        )


@transaction.atomic
def make_contacts(day: date) -> None:
    """Record invented contacts over three years, up to `day`. Side effects: those of the action."""
    cast = _cast()
    if cast is None or DeskContact.objects.filter(request_key=_key("contact", 0)).exists():
        return
    with override(settings.LANGUAGE_CODE):
        for number in range(CONTACTS):
            dice = _chance("contact", number)
            actions.record_contact(
                by=cast.advisor,
                on=day - YEARS + (YEARS * number) // CONTACTS,
                channel=dice.choice(list(Channel)),
                subject=_("%(subject)s (invented)") % {"subject": dice.choice(SUBJECTS)},
                oriented_to_id=dice.choice([*cast.structures, None]),
                request_key=_key("contact", number),
                invented=True,
            )
