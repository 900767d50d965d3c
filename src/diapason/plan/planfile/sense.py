"""What a schema can't see: codes, references, texts, dates, measures.

Every check takes the data as it is, of any shape, and says nothing of what it doesn't understand:
the schema has already spoken of it. So all the faults of a file come at once.
"""

from collections.abc import Collection, Iterator
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from diapason.plan.planfile.calendar import day, plan_window
from diapason.plan.planfile.goals import check_goals
from diapason.plan.planfile.shape import slug_of
from diapason.plan.planfile.source import Path, Report, Source, is_number, written
from diapason.plan.planfile.wording import word

_TEXT_KEYS = {
    "title",
    "short",
    "context",
    "timeframe",
    "definition",
    "label",
    "note",
    "summary",
    "territory",
    "source",
}
# A longer plan is a slip of the keyboard, and would draw a column for each of its periods.
MOST_YEARS = 30
# As in the schema.
MOST_LANGUAGES = 12
# Beyond these, a suggestion would cost more than it helps.
MOST_CHOICES = 500

_DATE_KEYS = {"starts", "ends", "due", "on", "measured_from"}


class Check:
    """One reading of one file: its data, and where and how to report."""

    def __init__(self, source: Source, report: Report, language: str) -> None:
        self.source, self.language = source, language
        self.data = source.data if isinstance(source.data, dict) else {}
        self._report = report

    def fault(self, code: str, path: Path, **details: Any) -> None:
        self._report(code, self.source.place(path), path=path, **details)

    def line(self, path: Path) -> int:
        return self.source.place(path)[0]

    def items(self, container: Any, key: str, path: Path = ()) -> Iterator[tuple[Path, dict]]:
        """The blocks in the list ``key`` of ``container``, with their paths."""
        found = container.get(key) if isinstance(container, dict) else None
        for index, item in enumerate(found if isinstance(found, list) else []):
            if isinstance(item, dict):
                yield (*path, key, index), item

    def actions(self) -> Iterator[tuple[Path, dict]]:
        return self.items(self.data, "actions")

    def inside(self, key: str) -> Iterator[tuple[Path, dict]]:
        """The blocks of ``key`` of every action."""
        for path, action in self.actions():
            yield from self.items(action, key, path)

    def word(self, name: str) -> str:
        return word(name, self.language)


def check_sense(
    source: Source,
    report: Report,
    language: str,
    known_measures: Collection[str] | None,
    known_rooms: Collection[str] | None,
) -> None:
    """Report every fault of sense."""
    check = Check(source, report, language)
    _texts(check)
    _dates(check)
    _codes(check)
    _references(check)
    _kinds_of_action(check)
    _task_circles(check)
    _budgets(check)
    check_goals(check)
    if known_measures is not None:
        rooms = known_rooms if known_rooms is not None else {_room(key) for key in known_measures}
        _measures(check, known_measures, rooms)


def _texts(check: Check) -> None:
    given = check.data.get("languages")
    given = given[:MOST_LANGUAGES] if isinstance(given, list) else []
    languages = [name for name in given if isinstance(name, str)]
    for index, name in enumerate(languages):
        if name in languages[:index]:
            check.fault("repeated-language", ("languages", index), value=written(name))
    if languages:
        _texts_in(check, check.data, (), list(dict.fromkeys(languages)))


def _texts_in(check: Check, value: Any, path: Path, languages: list[str]) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            at = (*path, index)
            if path and path[-1] == "objectives":
                _text(check, item, at, languages)
            else:
                _texts_in(check, item, at, languages)
    elif isinstance(value, dict):
        for key, item in value.items():
            at = (*path, key)
            if key in _TEXT_KEYS:
                _text(check, item, at, languages)
            elif key == "name":
                # A proper name may be the same in every language.
                if isinstance(item, dict):
                    _text(check, item, at, languages)
            else:
                _texts_in(check, item, at, languages)


def _text(check: Check, value: Any, path: Path, languages: list[str]) -> None:
    if isinstance(value, str):
        if value.strip() and len(languages) > 1:
            example = "{" + ", ".join(f"{name}: …" for name in languages) + "}"
            choices = ", ".join(languages)
            check.fault("one-language-text", path, choices=choices, example=example)
    elif isinstance(value, dict) and value:
        for name in languages:
            if name not in value:
                check.fault("missing-translation", path, value=written(name))
        for name in value:
            if name not in languages:
                check.fault("extra-language", (*path, name), value=written(name))


def _dates(check: Check) -> None:
    _impossible_days(check, check.data, ())
    _in_order(check, check.data, (), "starts", "ends")
    plan = plan_window(check.data.get("starts"), check.data.get("ends"))
    if plan and plan.end.year - plan.start.year > MOST_YEARS:
        check.fault("plan-too-long", ("ends",), limit=MOST_YEARS)
    for path, action in check.actions():
        _in_order(check, action, path, "starts", "ends")
    for path, task in check.inside("tasks"):
        _in_order(check, task, path, "starts", "due")


def _impossible_days(check: Check, value: Any, path: Path) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            _impossible_days(check, item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in _DATE_KEYS and isinstance(item, str) and len(item) == 10:
                looks_like_one = item.replace("-", "").isdigit()
                if looks_like_one and day(item) is None:
                    check.fault("bad-date", (*path, key), value=item)
            else:
                _impossible_days(check, item, (*path, key))


def _in_order(check: Check, block: dict, path: Path, first: str, last: str) -> None:
    start, end = day(block.get(first)), day(block.get(last))
    if start and end and end < start:
        check.fault(
            "dates-out-of-order", (*path, last), key=last, other=first, value=end, first=start
        )


def _codes(check: Check) -> None:
    _unique(check, check.items(check.data, "organisations"), "organisation")
    _unique(check, check.items(check.data, "axes"), "axis")
    _unique(check, check.actions(), "action")
    _unique(check, check.inside("tasks"), "task")
    _unique(check, check.inside("indicators"), "indicator")
    for path, action in check.actions():
        _unique(check, check.items(action, "budget", path), "budget line")
    _unique_numbers(check, list(check.items(check.data, "axes")))
    _unique_numbers(check, list(check.actions()))


def _unique(check: Check, blocks: Iterator[tuple[Path, dict]], what: str) -> None:
    seen: dict[str, Path] = {}
    for path, block in blocks:
        code = block.get("code")
        if not isinstance(code, str):
            continue
        at = (*path, "code")
        if code in seen:
            check.fault(
                "duplicate-code",
                at,
                value=written(code),
                what=check.word(what),
                first=check.line(seen[code]),
                example=f"{slug_of(code)}-2",
            )
        else:
            seen[code] = at


def _unique_numbers(check: Check, blocks: list[tuple[Path, dict]]) -> None:
    seen: dict[int, Path] = {}
    numbers = [block.get("number") for _, block in blocks]
    used = {number for number in numbers if type(number) is int}
    free = max(used, default=0) + 1
    for (path, _), number in zip(blocks, numbers, strict=True):
        if type(number) is not int:
            continue
        at = (*path, "number")
        if number in seen:
            check.fault(
                "duplicate-number", at, value=number, first=check.line(seen[number]), example=free
            )
        else:
            seen[number] = at


def _codes_of(blocks: Iterator[tuple[Path, dict]]) -> dict[str, None]:
    """The codes of the blocks, in order, quick to look up."""
    return {block["code"]: None for _, block in blocks if isinstance(block.get("code"), str)}


def _references(check: Check) -> None:
    axes = _codes_of(check.items(check.data, "axes"))
    organisations = _codes_of(check.items(check.data, "organisations"))
    actions = _codes_of(check.actions())
    for path, action in check.actions():
        _refers(check, action, path, "axis", axes, "no axis")
        _refers(check, action, path, "secondary_axes", axes, "no axis")
        _refers(check, action, path, "links", actions, "no action")
        for key in ("leaders", "funders", "partners"):
            if isinstance(action.get(key), list):
                _refers(check, action, path, key, organisations, "no organisation")
        tasks = _codes_of(check.items(action, "tasks", path))
        for at, task in check.items(action, "tasks", path):
            _refers(check, task, at, "parent", tasks, "no task")
        for at, line in check.items(action, "budget", path):
            _refers(check, line, at, "funder", organisations, "no organisation")
            _refers(check, line, at, "task", tasks, "no task")


def _refers(
    check: Check, block: dict, path: Path, key: str, known: dict[str, None], what: str
) -> None:
    given = block.get(key)
    listed = isinstance(given, list)
    codes: list[Any] = given if isinstance(given, list) else [given]
    seen: set[str] = set()
    for index, code in enumerate(codes):
        at = (*path, key, index) if listed else (*path, key)
        if not isinstance(code, str):
            continue
        if code in seen:
            check.fault("repeated-reference", at, value=written(code))
        seen.add(code)
        if code in known:
            continue
        details = {"value": written(code), "what": check.word(what)}
        near = get_close_matches(code[:80], list(known)[:MOST_CHOICES], 1, 0.5)
        if near:
            check.fault("unknown-reference-near", at, near=near[0], **details)
        else:
            choices = ", ".join(list(known)[:20]) or "—"
            check.fault("unknown-reference", at, choices=choices, **details)


def _kinds_of_action(check: Check) -> None:
    for path, action in check.actions():
        code = written(action.get("code", ""))
        if action.get("cross_sectional") is True:
            for key in ("number", "axis", "secondary_axes"):
                if action.get(key):
                    check.fault("cross-sectional", (*path, key), key=key)
        else:
            for key in ("number", "axis"):
                if key not in action:
                    check.fault("no-axis", path, value=code, key=key)
        for key, at_fault in (("links", "code"), ("secondary_axes", "axis")):
            listed = action.get(key)
            for index, item in enumerate(listed if isinstance(listed, list) else []):
                if isinstance(item, str) and item == action.get(at_fault):
                    fault = "linked-to-itself" if key == "links" else "axis-twice"
                    check.fault(fault, (*path, key, index), value=written(item))


def _task_circles(check: Check) -> None:
    for path, action in check.actions():
        places: dict[str, Path] = {}
        parents: dict[str, Any] = {}
        for at, task in check.items(action, "tasks", path):
            code = task.get("code")
            if isinstance(code, str) and code not in places:
                places[code], parents[code] = at, task.get("parent")
        for circle in _circles(parents):
            first = min(circle, key=lambda code: check.source.place(places[code]))
            at = (*places[first], "parent")
            check.fault("task-circle", at, value=written(first), choices=", ".join(circle[:20]))


def _circles(parents: dict[str, Any]) -> Iterator[list[str]]:
    """Each circle of parents once. Every task is walked through once."""
    walked: set[str] = set()
    for start in parents:
        trail: dict[str, int] = {}
        here: Any = start
        while isinstance(here, str) and here in parents and here not in walked:
            walked.add(here)
            trail[here] = len(trail)
            here = parents[here]
        if isinstance(here, str) and here in trail:
            yield list(trail)[trail[here] :]


def _budgets(check: Check) -> None:
    plan = plan_window(check.data.get("starts"), check.data.get("ends"))
    for path, line in check.inside("budget"):
        year, amount = line.get("year"), line.get("amount")
        if plan and type(year) is int and not plan.start.year <= year <= plan.last_day.year:
            first, last = plan.start.year, plan.last_day.year
            check.fault("year-outside", (*path, "year"), value=year, first=first, last=last)
        if isinstance(amount, dict):
            for key, value in amount.items():
                _whole_cents(check, value, (*path, "amount", key))
            low, high = amount.get("low"), amount.get("high")
            if is_number(low) and is_number(high) and low > high:
                check.fault("range-reversed", (*path, "amount"), low=low, high=high)
        else:
            _whole_cents(check, amount, (*path, "amount"))


def _whole_cents(check: Check, value: Any, path: Path) -> None:
    if isinstance(value, Decimal) and value != value.quantize(Decimal("0.01")):
        check.fault("cents", path, value=value, example=value.quantize(Decimal("0.01")))


def _room(measure: str) -> str:
    return measure.partition(".")[0]


def _measures(check: Check, known: Collection[str], rooms: Collection[str]) -> None:
    for path, indicator in check.inside("indicators"):
        measure = indicator.get("measure")
        if not isinstance(measure, str) or measure in known or "." not in measure:
            continue
        at, room = (*path, "measure"), _room(measure)
        details = {"value": written(measure), "room": written(room)}
        if room not in rooms:
            check.fault("not-yet-measurable", at, level="warning", **details)
            continue
        offered = sorted(key for key in known if _room(key) == room)
        near = get_close_matches(measure[:120], offered, 1, 0.75)
        if near:
            check.fault("unknown-measure-near", at, near=near[0], **details)
        else:
            check.fault("unknown-measure", at, choices=", ".join(offered) or "—", **details)
