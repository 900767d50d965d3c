"""Years of requests replayed through the front desk's routing, and through the habit that it takes
the place of: sending each request to every structure that matches.

The world is invented, and the same for both: when requests come, what they ask for, who offers how
many seats, how many days each structure takes to answer and whether it says yes. What differs:

- *routed*: each day the backlog is assigned; a request is with one structure at a time, which keeps
  a seat for it until it answers.
- *everywhere*: each request goes to every structure that matches. A structure with a free seat and
  an idle advisor takes up a request that nobody has taken; the first that says yes has it. `Habit`
  says what else is taken for granted of structures.

In both a look costs an advisor the same days, and an advisor looks at one request at a time: where
several look at the same one, all but one of these looks are lost. That is the only cost of sending
to all that this replay knows. It does not know what else is told of such services, and what would
make sending to all look worse: that whoever knows ten others to be asked answers less, that the
same person is called ten times, and that structures take what is easy first.
"""

from __future__ import annotations

import random
import time
import uuid
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from diapason.desk.contracts import Need, Stage
from diapason.desk.queries.assignment import Asking, Giving, assign

FIRST = date(2015, 1, 1)
MOST_DAYS_TO_ANSWER = 7
# A structure says yes more often to a project at a stage that it usually takes.
SAYS_YES, SAYS_YES_TO_OTHERS = 0.95, 0.7
SEATS_OF_AN_ADVISOR = 10
# How full the territory's seats are on average, supports alone.
LOAD = 0.9


@dataclass(frozen=True)
class Request:
    key: int
    day: int
    stage: str
    needs: frozenset[str]
    lasts: int


@dataclass(frozen=True)
class House:
    """A structure with one offer; away from a day to a day, once a year."""

    key: int
    stages: frozenset[str]
    needs: frozenset[str]
    seats: int
    advisors: int
    away: tuple[tuple[int, int], ...]

    def is_away(self, day: int) -> bool:
        return any(first <= day <= last for first, last in self.away)


@dataclass(frozen=True)
class Territory:
    seed: int
    requests: tuple[Request, ...]
    houses: tuple[House, ...]

    def reply(self, request: int, house: int) -> tuple[int, bool]:
        """After how many days the structure answers that request, and whether it says yes."""
        return _reply(self.seed, self.requests[request], self.houses[house])


def _reply(seed: int, request: Request, house: House) -> tuple[int, bool]:
    dice = random.Random(f"{seed}:{request.key}:{house.key}")
    likely = SAYS_YES if request.stage in house.stages else SAYS_YES_TO_OTHERS
    return dice.randint(1, MOST_DAYS_TO_ANSWER), dice.random() < likely


def invent(
    requests: int,
    houses: int,
    years: int = 3,
    seed: int = 1,
    load: float = LOAD,
    seats_of_an_advisor: int = SEATS_OF_AN_ADVISOR,
) -> Territory:
    """A territory whose requests come in waves and whose structures differ in size and trade.

    An advisor follows `seats_of_an_advisor` projects, and looks at one request at a time.
    """
    dice = random.Random(seed)
    days = 365 * years
    needs, stages = [one.value for one in Need], [one.value for one in Stage]
    # Twice as many come in the months after the summer and the new year.
    weights = [2 if day % 365 // 30 in (0, 1, 8, 9) else 1 for day in range(days)]
    arrivals = sorted(dice.choices(range(days), weights, k=requests))
    lasts = [dice.randint(60, 180) for _request in arrivals]
    wanted = sum(lasts) / days / load
    sizes = [dice.uniform(0.5, 2) for _house in range(houses)]
    made = []
    for key, size in enumerate(sizes):
        first = dice.randrange(len(stages) - 1)
        holidays = [
            (start, start + dice.randint(10, 25))
            for start in (365 * year + dice.randrange(340) for year in range(years + 2))
        ]
        # Every need is somebody's first.
        others = [one for one in needs if one != needs[key % len(needs)]]
        seats = max(1, round(wanted * size / sum(sizes)))
        made.append(
            House(
                key=key,
                stages=frozenset(stages[first : first + dice.choice((2, 3))]),
                needs=frozenset(
                    [needs[key % len(needs)], *dice.sample(others, dice.choice((1, 2)))]
                ),
                seats=seats,
                advisors=-(-seats // seats_of_an_advisor),
                away=tuple(holidays),
            )
        )
    asked: list[Request] = []
    for day, length in zip(arrivals, lasts, strict=True):
        one = None
        # Whom everybody would decline waits for ever, whatever is done.
        while one is None or not any(
            one.needs & house.needs and _reply(seed, one, house)[1] for house in made
        ):
            one = Request(
                key=len(asked),
                day=day,
                stage=dice.choice(stages),
                needs=frozenset(dice.sample(needs, k=dice.choice((1, 1, 2)))),
                lasts=length,
            )
        asked.append(one)
    return Territory(seed, tuple(asked), tuple(made))


class Router(Protocol):
    """Who keeps the requests and says, each day, which goes where."""

    def ask(self, request: Request, day: int) -> None: ...
    def assign(self, day: int) -> list[tuple[int, int]]: ...
    def accept(self, request: int, house: int, day: int) -> None: ...
    def decline(self, request: int, house: int, day: int) -> None: ...
    def end(self, request: int, house: int, day: int) -> None: ...
    def over_capacity(self) -> int: ...


@dataclass
class Course:
    """What became of the requests: the days that each waited, how often somebody looked at one, and
    how often a structure held more than its seats."""

    waits: dict[int, int] = field(default_factory=dict)
    looks: int = 0
    over_capacity: int = 0

    @property
    def longest(self) -> int:
        return max(self.waits.values())


def routed(territory: Territory, router: Router, most: int = 3000) -> Course:
    """Replay the requests through a router until each has its structure, or `most` days."""
    course = Course()
    coming = by_day(territory)
    answers: dict[int, list[tuple[int, int]]] = defaultdict(list)
    ends: dict[int, list[tuple[int, int]]] = defaultdict(list)
    idle = [one.advisors for one in territory.houses]
    trays: list[deque[int]] = [deque() for _house in territory.houses]
    for day in range(most):
        for request, house in ends.pop(day, ()):
            router.end(request, house, day)
        for request, house in answers.pop(day, ()):
            idle[house] += 1
            if territory.reply(request, house)[1]:
                router.accept(request, house, day)
                course.waits[request] = day - territory.requests[request].day
                ends[day + territory.requests[request].lasts].append((request, house))
            else:
                router.decline(request, house, day)
        for one in coming.get(day, ()):
            router.ask(one, day)
        for request, house in router.assign(day):
            trays[house].append(request)
        for house, tray in enumerate(trays):
            while tray and idle[house] and not territory.houses[house].is_away(day):
                idle[house] -= 1
                course.looks += 1
                request = tray.popleft()
                answers[day + territory.reply(request, house)[0]].append((request, house))
        course.over_capacity += router.over_capacity()
        if len(course.waits) == len(territory.requests):
            break
    return waiting_still(territory, course, day)


def by_day(territory: Territory) -> dict[int, list[Request]]:
    coming: dict[int, list[Request]] = defaultdict(list)
    for one in territory.requests:
        coming[one.day].append(one)
    return coming


def waiting_still(territory: Territory, course: Course, day: int) -> Course:
    for one in territory.requests:
        course.waits.setdefault(one.key, day - one.day)
    return course


class InMemory:
    """The assignment alone, without the database."""

    def __init__(self, territory: Territory, most: int = 200) -> None:
        self.houses, self.most = territory.houses, most
        self.waiting: dict[int, Request] = {}
        self.known: dict[int, Request] = {}
        self.refused: dict[int, set[int]] = defaultdict(set)
        self.held = [0] * len(territory.houses)
        self.awaited = [0] * len(territory.houses)

    def ask(self, request: Request, day: int) -> None:
        self.waiting[request.key] = self.known[request.key] = request

    def assign(self, day: int) -> list[tuple[int, int]]:
        first = sorted(self.waiting.values(), key=lambda one: (one.day, one.key))[: self.most]
        askings = [
            Asking(one.key, one.stage, one.needs, day - one.day, frozenset(self.refused[one.key]))
            for one in first
        ]
        givings = [
            Giving(
                key=one.key,
                structure=one.key,
                stages=one.stages,
                needs=one.needs,
                seats=one.seats,
                free=0 if one.is_away(day) else one.seats - self.held[one.key],
                awaited=self.awaited[one.key],
            )
            for one in self.houses
        ]
        placed = assign(askings, givings).placed
        for request, house in placed.items():
            del self.waiting[request]
            self.held[house] += 1
            self.awaited[house] += 1
        return sorted(placed.items())

    def accept(self, request: int, house: int, day: int) -> None:
        self.awaited[house] -= 1

    def decline(self, request: int, house: int, day: int) -> None:
        self.held[house] -= 1
        self.awaited[house] -= 1
        self.refused[request].add(house)
        self.waiting[request] = self.known[request]

    def end(self, request: int, house: int, day: int) -> None:
        self.held[house] -= 1

    def over_capacity(self) -> int:
        return sum(held > one.seats for held, one in zip(self.held, self.houses, strict=True))


class Kept:
    """The front desk itself: each deed is the room's own action, each assignment its own page's.

    `seconds`: how long each list of proposals took, one for each request as it came.
    """

    def __init__(self, territory: Territory, by: Any) -> None:
        from diapason.desk import actions
        from diapason.desk.models import Absence, FrontDoor, Offer
        from diapason.directory.models import Organisation

        self.by, self.territory, self.actions = by, territory, actions
        self.seconds: list[float] = []
        self.cases: dict[int, Any] = {}
        self.requests: dict[int, int] = {}
        self.referrals: dict[int, Any] = {}
        door = Organisation.objects.create(
            code="routing-door", name={"fr": "Accueil"}, kind="incubator"
        )
        FrontDoor.objects.update_or_create(only=True, defaults={"organisation": door})
        Offer.objects.all().update(ends=FIRST, starts=FIRST)
        self.offers: list[Any] = []
        for house in territory.houses:
            name = f"routing-{house.key}"
            structure = Organisation.objects.create(code=name, name={"fr": name}, kind="incubator")
            self.offers.append(
                actions.offer_support(
                    by=by,
                    structure_id=structure.pk,
                    title=name,
                    stages=sorted(house.stages),
                    needs=sorted(house.needs),
                    seats=house.seats,
                    starts=FIRST + timedelta(days=1),
                )
            )
            # Announced in their time, which is past: the room's action takes none that is over.
            Absence.objects.bulk_create(
                Absence(structure=structure, starts=_day(first), ends=_day(last))
                for first, last in house.away
            )
        self.houses = {offer.pk: place for place, offer in enumerate(self.offers)}

    def ask(self, request: Request, day: int) -> None:
        from diapason.desk.queries.support import proposals

        case = self.actions.ask(
            request_key=uuid.uuid4(),
            title=f"Request {request.key}",
            stage=Stage(request.stage),
            needs=[Need(one) for one in sorted(request.needs)],
            contact_name="Nobody",
            contact_email="nobody@bench.invalid",
            invented=True,
            on=_day(day),
        )
        self.cases[request.key], self.requests[case.pk] = case, request.key
        started = time.perf_counter()
        proposals(case, _day(day))
        self.seconds.append(time.perf_counter() - started)

    def assign(self, day: int) -> list[tuple[int, int]]:
        from diapason.desk.models import Referral
        from diapason.desk.queries import backlog

        plan = backlog.plan(self.by, _day(day))
        pairs = [(one.case.pk, one.offer.pk) for one in plan.lines if one.case.pk in self.requests]
        if not pairs:
            return []
        made = self.actions.assign(by=self.by, pairs=pairs, request_key=uuid.uuid4(), on=_day(day))
        for referral in Referral.objects.filter(assignment=made):
            self.referrals[self.requests[referral.case_id]] = referral
        return sorted((self.requests[case], self.houses[offer]) for case, offer in pairs)

    def accept(self, request: int, house: int, day: int) -> None:
        self.actions.accept(by=self.by, referral=self.referrals[request], on=_day(day))

    def decline(self, request: int, house: int, day: int) -> None:
        self.actions.decline(
            by=self.by, referral=self.referrals[request], reason="Not ours", on=_day(day)
        )

    def end(self, request: int, house: int, day: int) -> None:
        from diapason.desk.contracts import Closing

        self.actions.close(by=self.by, case=self.cases[request], closing=Closing.DONE, on=_day(day))

    def over_capacity(self) -> int:
        """Counted by the database, from the rows, without the room's queries."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("""
                SELECT count(*) FROM desk_offer WHERE seats < (
                    SELECT count(*) FROM desk_referral
                    WHERE offer_id = desk_offer.id AND state IN ('proposed', 'accepted'))
            """)
            return int(cursor.fetchone()[0])


def _day(number: int) -> date:
    # The first day of the replay is the first of the offers.
    return FIRST + timedelta(days=number + 1)
