"""What is measured. Each run gives ratios with the bar that they are held against."""

from __future__ import annotations

import re
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean, median, quantiles

from django.db import connection

from bench import client as clients
from bench import world
from bench.client import Client, p95, seconds, throughput, weight
from diapason.kernel import changes

HELLO, ROW, ROWS, POST = "/bench/hello/", "/bench/row/", "/bench/rows/", "/bench/post/"
INDICATOR = f"/plan/indicators/{world.PILED}/?period=2020"
PUBLIC = [
    "/",
    "/plan/",
    "/plan/axes/support/",
    "/plan/actions/growth/",
    INDICATOR,
    "/plan/timeline/",
    "/en/plan/",
]
LISTS = ["/workspace/readings/", "/workspace/tasks/", "/workspace/budget/"]
SIZES = [1_000, 100_000, 1_000_000]
ASSETS = re.compile(rb'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True)
class Result:
    """One figure: `at_most` or `at_least` is the bar, empty where there is none."""

    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def holds(self) -> bool:
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )


def visitor() -> dict[str, str]:
    """A visitor with a session, to whom no page is given whole."""
    return {"Cookie": "sessionid=unknown"}


def pages(port: int) -> list[Result]:
    """Public pages for people with a session, for anybody, and for the first after a change."""
    fresh, anonymous = Client(port, visitor()), Client(port)
    member = Client(port, world.signed_in("member"))
    found = []
    for path in PUBLIC:
        # Each beside its own references: the machine is not as fast from one minute to the next.
        rows, hello = seconds(fresh, ROWS), seconds(anonymous, HELLO)
        rows_rate, hello_rate = throughput(port, ROWS, visitor()), throughput(port, HELLO, {})
        time_ratio = seconds(fresh, path) / rows
        found.append(Result(f"{path} with a session, time / rows", time_ratio, "×", at_most=2))
        rate = throughput(port, path, visitor()) / rows_rate
        found.append(Result(f"{path} with a session, throughput / rows", rate, "×", at_least=0.5))
        own = seconds(member, path) / rows
        found.append(Result(f"{path} signed in, time / rows", own, "×", at_most=2))
        kept = throughput(port, path, {}) / hello_rate
        found.append(Result(f"{path} unchanged, throughput / hello", kept, "×", at_least=0.5))
        changed = median(_after_a_change(fresh, path) for _number in range(10)) / rows
        found.append(Result(f"{path} first after a change, time / rows", changed, "×"))
    found.append(Result("rows, for scale", rows * 1000, "ms"))
    found.append(Result("hello, for scale", hello * 1000, "ms"))
    return found


def _after_a_change(asking: Client, path: str) -> float:
    """Seconds of a page whose figures have just changed: nothing kept of them serves any more."""
    with connection.cursor() as cursor:
        for table in ("plan_reading", "directory_organisation"):
            cursor.execute("SELECT kernel_stamp(%s)", [table])
    started = time.perf_counter()
    asking.get(path)
    return time.perf_counter() - started


def lists(port: int) -> list[Result]:
    """Workspace lists of 50, with filters and permissions, for a manager and for an advisor; and
    their day, which gathers from every room and is never kept."""
    found = []
    fresh = Client(port, visitor())
    for role in ("programme_manager", "advisor"):
        person = Client(port, world.signed_in(role))
        for path in LISTS:
            rows = seconds(fresh, ROWS)
            ratio = seconds(person, path, times=30) / rows
            found.append(Result(f"{path} for a {role}, time / rows", ratio, "×", at_most=5))
            changed = median(_after_a_change(person, path) for _number in range(10)) / rows
            what = f"{path} for a {role}, first after a change, time / rows"
            found.append(Result(what, changed, "×"))
        ratio = seconds(person, "/my-day/", times=30) / rows
        found.append(Result(f"/my-day/ for a {role}, time / rows", ratio, "×"))
    return found


def evidence(port: int) -> list[Result]:
    """The dashboard and the evidence page as the rows behind a figure grow a thousandfold."""
    found: list[Result] = []
    fresh = Client(port, visitor())
    first: dict[str, float] = {}
    for size in SIZES:
        world.pile(size)
        for name, path in [("dashboard", "/plan/"), ("evidence", INDICATOR)]:
            taken = seconds(fresh, path, times=30)
            first.setdefault(name, taken)
            at_most = None if size == SIZES[0] else 1.5
            what = f"{name} at {size:,} rows, time / at {SIZES[0]:,}"
            found.append(Result(what, taken / first[name], "×", at_most=at_most))
        found.append(
            Result(
                f"a new record shows at {size:,} rows, after", _until_shown(port), "s", at_most=1
            )
        )
    return found


def _until_shown(port: int) -> float:
    """Seconds from the commit of one more reading until the evidence page shows the new figure."""
    anybody = Client(port)
    figure = re.compile(rb"<b>([^<]+)</b>")
    before = figure.search(anybody.get(INDICATOR).body)
    world.add_reading()
    started = time.perf_counter()
    while True:
        after = figure.search(anybody.get(INDICATOR).body)
        if before and after and before.group(1) != after.group(1):
            return time.perf_counter() - started
        if time.perf_counter() - started > 30:
            raise RuntimeError("the new record did not show within 30 seconds")


def writes(port: int) -> list[Result]:
    """A figure declared through its form, with all rules, against a bare locked write."""
    person = Client(port, world.signed_in("advisor"))
    token = person.headers["X-CSRFToken"]
    page = person.get(f"/workspace/readings/new/?indicator={world.PILED}")
    names = set(re.findall(rb'name="([a-z_]+)"', page.body))
    if not {b"value", b"on", b"source", b"request_key"} <= names:
        raise RuntimeError(f"the form of a figure has other fields than the bench knows: {names}")

    def bare(number: int) -> clients.Answer:
        return person.post(POST, {"row": str(number % 900 + 1), "csrfmiddlewaretoken": token})

    def declared(number: int) -> clients.Answer:
        return person.post(
            f"/workspace/readings/new/?indicator={world.PILED}",
            {
                "indicator": world.PILED,
                "value": "3",
                "on": "2020-03-03",
                "source": f"bench {number}",
                "request_key": str(uuid.uuid4()),
                "csrfmiddlewaretoken": token,
            },
        )

    ratio = _rate(bare), _rate(declared)
    return [
        Result("declaring a figure, throughput / post", ratio[1] / ratio[0], "×", at_least=0.5),
        Result("post, for scale", ratio[0], "a second"),
    ]


def _rate(write: Callable[[int], clients.Answer], times: int = 150) -> float:
    for number in range(10):
        _written(write(-number))
    started = time.perf_counter()
    for number in range(times):
        _written(write(number + 1))
    return times / (time.perf_counter() - started)


def _written(answer: clients.Answer) -> None:
    if answer.status != 302:
        raise RuntimeError(f"a write answered {answer.status} instead of leading on")


def search(port: int) -> list[Result]:
    """One box over all rooms, among a million readings."""
    anybody = Client(port, visitor())
    words = ["film", "école", "entreprises", "visites", "damier", "zzz", "musique et image"]
    paths = [f"/search/?q={clients.urlencode({'q': word})[2:]}" for word in words * 12]
    return [Result("search, p95", p95(anybody, paths) * 1000, "ms", at_most=300)]


def routing(port: int) -> list[Result]:
    """10,000 invented requests replayed through the front desk itself, by its own actions."""
    from bench import habits
    from bench import routing as replay

    territory = replay.invent(10_000, 40)
    router = replay.Kept(territory, world.person("programme_manager"))
    kept = replay.routed(territory, router)
    # What two years of requests wrote in minutes; the job that does this runs every five.
    changes.compact()
    memory = replay.routed(territory, replay.InMemory(territory))
    parts = quantiles(router.seconds, n=20)
    return [
        Result("requests replayed", len(router.seconds), ""),
        Result("structures over their seats, on any evening", kept.over_capacity, "", at_most=0),
        Result("a list of proposals, median", median(router.seconds) * 1000, "ms"),
        Result("a list of proposals, p95", parts[-1] * 1000, "ms", at_most=50),
        Result("longest wait", kept.longest, "days"),
        Result("longest wait, replayed in memory", memory.longest, "days"),
        *(
            Result(
                f"longest wait, routed / {name}",
                kept.longest / habits.everywhere(territory, habit).longest,
                "×",
                at_most=0.7 if name == habits.BY_MAIL else None,
            )
            for name, habit in habits.HABITS.items()
        ),
    ]


def waiting(port: int) -> list[Result]:
    """The longest wait among 10,000 invented requests, routed and sent to every match: how it
    depends on the number of structures, on their attention, and on what sending to all is like."""
    from bench import habits
    from bench import routing as replay

    found = []
    for houses, seats in habits.TERRITORIES:
        some = [
            replay.invent(10_000, houses, seed=seed, seats_of_an_advisor=seats)
            for seed in habits.SEEDS
        ]
        courses = [replay.routed(one, replay.InMemory(one)) for one in some]
        where = f"{houses} structures, {seats} projects an advisor"
        longest = mean(one.longest for one in courses)
        looks = mean(one.looks for one in courses) / 10_000
        found.append(Result(f"{where}: longest wait, routed", longest, "days"))
        found.append(Result(f"{where}: looks at a request, routed", looks, ""))
        for name, habit in habits.HABITS.items():
            others = [habits.everywhere(one, habit) for one in some]
            ratios = [
                one.longest / other.longest for one, other in zip(courses, others, strict=True)
            ]
            looks = mean(one.looks for one in others) / 10_000
            found += [
                Result(
                    f"{where}: longest wait, routed / {name}",
                    mean(ratios),
                    "×",
                    at_most=0.7 if name == habits.BY_MAIL else None,
                ),
                Result(f"{where}: the same, worst of the territories", max(ratios), "×"),
                Result(f"{where}: looks at a request, {name}", looks, ""),
            ]
    return found


def crowd(port: int) -> list[Result]:
    """Lists and search at 100,000 organisations and a million contacts."""
    from bench import crowd as many

    roles = ("programme_manager", "advisor")
    people = {role: Client(port, world.signed_in(role)) for role in roles}
    few = {
        (role, path): median(_after_a_change(people[role], path) for _number in range(10))
        for role in roles
        for path in many.LISTS
    }
    many.gather()
    fresh = Client(port, visitor())
    found = []
    for role, person in people.items():
        for path in many.LISTS:
            rows = seconds(fresh, ROWS)
            ratio = seconds(person, path, times=20) / rows
            found.append(Result(f"{path} for a {role}, time / rows", ratio, "×", at_most=5))
            changed = median(_after_a_change(person, path) for _number in range(10))
            what = f"{path} for a {role}, first after a change"
            found.append(Result(f"{what}, time / rows", changed / rows, "×"))
            found.append(Result(f"{what}, time / among few", changed / few[role, path], "×"))
        found.append(Result(f"search by a {role}, p95", _searched(person), "ms", at_most=300))
    anybody = Client(port, visitor())
    ratio = seconds(anybody, "/organisations/", times=20) / rows
    found.append(Result("/organisations/ for a visitor, time / rows", ratio, "×", at_most=5))
    found.append(Result("search by a visitor, p95", _searched(anybody), "ms", at_most=300))
    return found


def _searched(asking: Client) -> float:
    words = ["atelier", "école", "lumière volcan", "fabrique 4242", "zzz", "piano", "ca", "maison"]
    paths = [f"/search/?q={clients.urlencode({'q': word})[2:]}" for word in words * 10]
    return p95(asking, paths) * 1000


def load(port: int, length: float = 60, together: int = 16) -> list[Result]:
    """Every public page by 16 clients for a minute: no wrong answer, every body as for one."""
    bodies = {path: Client(port, visitor()).get(path).body for path in PUBLIC}
    wrong: list[str] = []
    answered = [0] * together
    end = time.perf_counter() + length

    def work(place: int) -> None:
        own = Client(port, visitor())
        turn = place
        while time.perf_counter() < end:
            path = PUBLIC[turn % len(PUBLIC)]
            answer = own.get(path)
            answered[place] += 1
            if not 200 <= answer.status < 400 or answer.body != bodies[path]:
                wrong.append(f"{path} {answer.status}")
            turn += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(together)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    memory = max(float(_memory(port)) for _number in range(8))
    return [
        Result("wrong answers to 16 clients in a minute", len(wrong), "", at_most=0),
        Result("answers to 16 clients in a minute", sum(answered), ""),
        Result("memory of a web worker after the load", memory, "MB", at_most=250),
    ]


def _memory(port: int) -> str:
    return Client(port).get("/bench/memory/").body.decode().split(":")[1].rstrip(" }")


def weights(port: int) -> list[Result]:
    """Bytes of a first visit: the page, its styles, scripts and fonts, compressed."""
    anybody = Client(port, {"Accept-Encoding": "br, gzip"})
    found = []
    for path in PUBLIC:
        page = anybody.get(path).body
        total = weight(anybody, path)
        assets = {match.decode() for match in ASSETS.findall(page)}
        for asset in sorted(assets):
            total += weight(anybody, asset)
        found.append(Result(f"{path} on a first visit", total / 1000, "kB", at_most=150))
    return found


RUNS: dict[str, Callable[[int], list[Result]]] = {
    "pages": pages,
    "lists": lists,
    "writes": writes,
    "weights": weights,
    "load": load,
    "evidence": evidence,
    "search": search,
    "routing": routing,
    "waiting": waiting,
    "crowd": crowd,
}
