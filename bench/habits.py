"""The habit that routing takes the place of: sending each request to every matching structure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from bench.routing import Course, House, Request, Territory, by_day, waiting_still


@dataclass(frozen=True)
class Habit:
    """What is taken for granted of structures to which the same request is sent.

    `keeps_seats`: what a structure looks at keeps a seat there, as in the routing; else a structure
    with one free seat may look at several, and those that come second have been looked at for
    nothing. `stops`: who still looks at a request that another has taken is told the same day; else
    they finish first. `oldest_first`: of what it was sent, a structure looks at the oldest first;
    else at what is at a stage that it usually takes.
    """

    keeps_seats: bool = False
    stops: bool = True
    oldest_first: bool = True


# What is compared: how many structures, how many projects one of their advisors follows.
TERRITORIES = ((12, 10), (20, 10), (40, 10), (12, 20), (40, 20), (40, 5))
SEEDS = (1, 2, 3, 4)
# What the front desk's routing takes the place of: a request passed on by e-mail to whoever might
# help, where nobody sees that another has answered.
BY_MAIL = "sent to all, told too late"
HABITS = {
    "sent to all, told at once": Habit(),
    BY_MAIL: Habit(stops=False),
    "sent to all, best fit first": Habit(oldest_first=False),
    "sent to all, seats kept": Habit(keeps_seats=True),
}


class _Everywhere:
    """The structures, with what each was sent and looks at."""

    def __init__(self, territory: Territory, habit: Habit) -> None:
        self.territory, self.habit, self.course = territory, habit, Course()
        houses = territory.houses
        self.free = [one.seats for one in houses]
        self.idle = [one.advisors for one in houses]
        self.inboxes: list[set[int]] = [set() for _house in houses]
        self.looking: dict[int, set[int]] = defaultdict(set)
        self.answers: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.ends: dict[int, list[int]] = defaultdict(list)

    def send(self, request: Request) -> None:
        for house in self.territory.houses:
            if request.needs & house.needs:
                self.inboxes[house.key].add(request.key)

    def look(self, house: House, day: int) -> None:
        here = house.key
        while self.free[here] and self.idle[here] and self.inboxes[here] and not house.is_away(day):
            request = min(self.inboxes[here], key=lambda key: self._turn(key, house))
            self.inboxes[here].remove(request)
            self.free[here] -= self.habit.keeps_seats
            self.idle[here] -= 1
            self.course.looks += 1
            self.looking[request].add(here)
            after, _yes = self.territory.reply(request, here)
            self.answers[day + after].append((request, here))

    def _turn(self, key: int, house: House) -> tuple[bool, int]:
        """Requests are numbered as they came."""
        other = self.territory.requests[key].stage not in house.stages
        return (other and not self.habit.oldest_first), key

    def answer(self, request: int, house: int, day: int) -> None:
        if house not in self.looking[request]:
            return  # told that another was first
        self._stop_looking(request, house)
        if request in self.course.waits or not self.territory.reply(request, house)[1]:
            return
        if not self.free[house]:
            self.inboxes[house].add(request)
            return
        one = self.territory.requests[request]
        self.free[house] -= 1
        self.course.waits[request] = day - one.day
        self.ends[day + one.lasts].append(house)
        for inbox in self.inboxes:
            inbox.discard(request)
        if self.habit.stops:
            for other in list(self.looking[request]):
                self._stop_looking(request, other)

    def _stop_looking(self, request: int, house: int) -> None:
        self.looking[request].remove(house)
        self.idle[house] += 1
        self.free[house] += self.habit.keeps_seats


def everywhere(territory: Territory, habit: Habit | None = None, most: int = 3000) -> Course:
    """Replay the requests where each is sent to every structure that matches."""
    sent = _Everywhere(territory, habit or Habit())
    coming = by_day(territory)
    for day in range(most):
        for house in sent.ends.pop(day, ()):
            sent.free[house] += 1
        for request, house in sent.answers.pop(day, ()):
            sent.answer(request, house, day)
        for one in coming.get(day, ()):
            sent.send(one)
        for each in territory.houses:
            sent.look(each, day)
        sent.course.over_capacity += sum(free < 0 for free in sent.free)
        if len(sent.course.waits) == len(territory.requests):
            break
    return waiting_still(territory, sent.course, day)
