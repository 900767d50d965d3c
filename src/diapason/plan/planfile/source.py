"""From the bytes of a plan file to plain data that remembers where each thing was written.

The file comes from anybody, so it is bounded before it is read (size) and while it is read
(depth, number of values). Anchors and aliases are refused: a plan repeats nothing, and a few lines
of them can stand for billions of values. Tags are refused: they can name code.

Words are read as YAML 1.2 reads them: only ``true`` and ``false`` are booleans, so ``on`` and
``no`` stay words; dates stay text until the plan is built.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeGuard

import yaml

MAX_BYTES = 2_000_000
MAX_VALUES = 25_000
MAX_DEPTH = 20

Path = tuple[str | int, ...]
Place = tuple[int, int]  # line and column, from 1
Report = Callable[..., None]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,6}")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLEANS = {"true": True, "True": True, "false": False, "False": False}


@dataclass
class Source:
    """The file's data, with the place of every value (``places``) and key (``keys``)."""

    data: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """Where a reader looks for ``path``: its own place, or that of the nearest parent."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))


class RefusedError(Exception):
    """The file can't be read further; the reason has been reported."""


def is_number(value: object) -> TypeGuard[int | Decimal]:
    """Whether the file gives a number here."""
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def written(value: object) -> str:
    """A value as a person would find it in the file, for a message."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "…"


def read_source(content: bytes, report: Report) -> Source | None:
    """Read YAML ``content``, reporting each fault as ``report(code, place, **details)``.

    Returns None when nothing sensible can be said of the rest of the file.
    """
    if len(content) > MAX_BYTES:
        report("too-big", (1, 1), limit=MAX_BYTES // 1_000_000)
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        report("not-utf8", (content.count(b"\n", 0, error.start) + 1, 1))
        return None
    if stray := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, stray.start()) + 1
        report("bad-character", (line, 1), value=f"U+{ord(stray[0]):04X}")
        return None
    try:
        return _compose(text, report)
    except RefusedError:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        code = _kind_of_bad_yaml(error, text, mark.line + 1 if mark else 1)
        if code in ("bad-yaml-quote", "bad-yaml-bracket"):
            # What was opened and never closed is mended where it was opened.
            mark = error.context_mark or mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        report(code, place, problem=error.problem or error.context or "")
    return None


def _kind_of_bad_yaml(error: yaml.MarkedYAMLError, text: str, line: int) -> str:
    problem = f"{error.context or ''} {error.problem or ''}"
    lines = text.splitlines()
    written_there = lines[line - 1] if line <= len(lines) else ""
    if "\t" in written_there[: len(written_there) - len(written_there.lstrip())]:
        return "bad-yaml-tab"
    if "mapping values are not allowed" in problem:
        return "bad-yaml-colon"
    if "quoted scalar" in problem:
        return "bad-yaml-quote"
    if "flow" in problem:
        return "bad-yaml-bracket"
    return "bad-yaml"


@dataclass
class _Frame:
    container: dict | list
    path: Path
    key: str | None = None
    key_place: Place = (1, 1)
    repeated: bool = False


def _compose(text: str, report: Report) -> Source:
    source = Source()
    stack: list[_Frame] = []
    documents = values = 0

    for event in yaml.parse(text, Loader=_LOADER):
        mark: Any = event.start_mark
        place = (mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                report("several-documents", place)
                break
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        values += 1
        _refuse_excess(event, place, values, len(stack), report)
        if stack and isinstance(stack[-1].container, dict) and stack[-1].key is None:
            _take_key(event, place, stack[-1], source, report)
            continue
        value = _value(event, place, report)
        path = _put(value, place, stack, source)
        if isinstance(value, (dict, list)):
            stack.append(_Frame(value, path))

    if documents == 0 or source.data is None:
        report("empty", (1, 1))
        raise RefusedError
    return source


def _refuse_excess(event: Any, place: Place, values: int, depth: int, report: Report) -> None:
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        report("alias", place, value=event.anchor)
        raise RefusedError
    if values > MAX_VALUES:
        report("too-many", place, limit=MAX_VALUES)
        raise RefusedError
    if depth > MAX_DEPTH:
        report("too-deep", place, limit=MAX_DEPTH)
        raise RefusedError


def _take_key(event: Any, place: Place, frame: _Frame, source: Source, report: Report) -> None:
    if not isinstance(event, yaml.ScalarEvent):
        report("bad-key", place)
        raise RefusedError
    frame.key, frame.key_place = event.value, place
    path = (*frame.path, event.value)
    frame.repeated = path in source.keys
    if frame.repeated:
        code = "two-baselines" if event.value == "baseline" else "twice"
        report(code, place, path=path, key=written(event.value), first=source.keys[path][0])
    else:
        source.keys[path] = place


def _value(event: Any, place: Place, report: Report) -> Any:
    tag = event.tag
    if tag not in (None, "!"):
        report("tag", place, value=written(tag))
    if isinstance(event, yaml.MappingStartEvent):
        return {}
    if isinstance(event, yaml.SequenceStartEvent):
        return []
    word = event.value
    if not event.implicit[0] or tag is not None:
        return word
    if word in _NULLS:
        return None
    if word in _BOOLEANS:
        return _BOOLEANS[word]
    if _INTEGER.fullmatch(word):
        return int(word)
    if _DECIMAL.fullmatch(word):
        return Decimal(word)
    return word


def _put(value: Any, place: Place, stack: list[_Frame], source: Source) -> Path:
    """Store ``value`` where the reader is, and return its path."""
    if not stack:
        source.data, source.places[()] = value, place
        return ()
    frame = stack[-1]
    if isinstance(frame.container, list):
        path = (*frame.path, len(frame.container))
        frame.container.append(value)
        source.places[path] = place
        return path
    key, repeated = frame.key or "", frame.repeated
    path = (*frame.path, key)
    if repeated:
        # The first one written stands; the second is read for its own faults nowhere.
        path = (*frame.path, f"{key} (bis)")
    else:
        frame.container[key] = value
        # A block is looked for at its key, a word or number where it is written.
        source.places[path] = frame.key_place if isinstance(value, (dict, list)) else place
    frame.key = None
    return path
