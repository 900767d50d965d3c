"""The file against the published schema: each fault of shape becomes a sentence."""

import functools
import json
import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from importlib import resources
from typing import Any

import jsonschema

from diapason.plan.planfile.faults import dotted
from diapason.plan.planfile.source import Path, Report, Source, written
from diapason.plan.planfile.wording import word

_PATTERNS = {
    "slug": "bad-code",
    "date": "bad-date",
    "url": "bad-url",
    "language": "bad-language",
    "measure": "bad-measure",
    "period": "bad-period",
    "text": "empty-text",
}
_PERIOD_EXAMPLES = {
    "calendar_year": 'period: "2019"',
    "school_year": 'period: "2019-2020"',
    "quarter": 'period: "2019-Q1"',
}


@functools.cache
def schema() -> dict[str, Any]:
    """The published JSON Schema of a plan file (``plans/schema.json``)."""
    text = resources.files(__package__).joinpath("schema.json").read_text(encoding="utf-8")
    return json.loads(text)


@functools.cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(_without_references(schema()))


def _without_references(part: Any) -> Any:
    """The schema with each ``$ref`` replaced by what it names: no definition names itself, and
    following a reference for each of many thousands of values takes seconds."""
    if isinstance(part, list):
        return [_without_references(item) for item in part]
    if not isinstance(part, dict):
        return part
    named = schema()["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else {}
    whole = {**named, **part}
    return {key: _without_references(item) for key, item in whole.items() if key[0] != "$"}


def period_example(data: Any) -> str:
    """How this plan writes a period."""
    kind = data.get("periods") if isinstance(data, dict) else None
    return _PERIOD_EXAMPLES.get(kind if isinstance(kind, str) else "", 'period: "2019"')


def slug_of(text: str) -> str:
    """The nearest code to what was written."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "support"


def check_shape(source: Source, report: Report, language: str) -> None:
    """Report every fault of shape."""
    for error in _validator().iter_errors(source.data):
        for code, path, details in _translate(error, source.data, language):
            at_key = path in source.keys and code.startswith("unknown-key")
            place = source.keys[path] if at_key else source.place(path)
            report(code, place, path=path, **details)


Translated = Iterator[tuple[str, Path, dict[str, Any]]]


def _translate(error: jsonschema.ValidationError, data: Any, language: str) -> Translated:
    path: Path = tuple(error.absolute_path)
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    title = error.schema.get("title") if isinstance(error.schema, dict) else None
    how = {
        "required": _required,
        "additionalProperties": _unknown_keys,
        "enum": _enum,
        "type": _type,
        "pattern": _pattern,
        "const": _const,
        "oneOf": _one_of,
        "dependentRequired": _half_range,
    }.get(str(error.validator))
    if how:
        yield from how(error, path, key, title, data, language)
    elif error.validator in ("minimum", "maximum"):
        low = error.validator == "minimum"
        bound = f"≥ {error.validator_value}" if low else f"≤ {error.validator_value}"
        side = word("low" if low else "high", language)
        value = written(error.instance)
        yield "out-of-bounds", path, {"value": value, "key": key, "side": side, "bound": bound}
    elif error.validator == "minProperties":
        yield "empty-text", path, {}
    else:
        yield "wrong-length", path, {"key": _name(path, language)}


def _required(error: Any, path: Path, *_: Any) -> Translated:
    for key in error.validator_value:
        if key not in error.instance:
            choices = error.schema.get("properties", {}).get(key, {}).get("enum", [])
            if choices:
                yield "missing-word", path, {"key": key, "choices": ", ".join(choices)}
            else:
                yield "missing-key", path, {"key": key}


def _unknown_keys(error: Any, path: Path, *_: Any) -> Translated:
    known = list(error.schema.get("properties", {}))
    for key in error.instance:
        if key not in known:
            near = get_close_matches(key, known, 1, 0.6)
            missing = [name for name in known if name not in error.instance]
            details = {"key": written(key), "choices": ", ".join(missing)}
            if near:
                yield "unknown-key-near", (*path, key), {**details, "near": near[0]}
            else:
                yield "unknown-key", (*path, key), details


def _enum(error: Any, path: Path, key: str, *_: Any) -> Translated:
    choices = [str(choice) for choice in error.validator_value]
    details = {"value": written(error.instance), "key": key, "choices": ", ".join(choices)}
    near = get_close_matches(str(error.instance).lower()[:80], choices, 1, 0.5)
    if near:
        yield "unknown-word-near", path, {**details, "near": near[0]}
    else:
        yield "unknown-word", path, details


def _type(
    error: Any, path: Path, key: str, title: str | None, data: Any, language: str
) -> Translated:
    expected = error.validator_value
    value = error.instance
    if key == "baseline" and isinstance(value, list):
        yield "baseline-list", path, {}
        return
    if title == "text" and value is None:
        yield "empty-text", path, {}
        return
    if title == "period":
        if type(value) is int and 1900 <= value <= 2999:
            yield "bare-period", path, {"value": value}
        else:
            yield "bad-period", path, {"value": written(value), "example": period_example(data)}
        return
    if title == "date":
        yield "bad-date", path, {"value": written(value)}
        return
    if title in ("parties", "amount"):
        example = _example_of_unknown(str(title), key, error.instance)
        yield "bad-unknown", path, {"value": written(value), "key": key, "example": example}
        return
    first = expected if isinstance(expected, str) else expected[0]
    details = {
        "key": _name(path, language),
        "found": word(_type_of(value), language),
        "expected": word(first, language),
        "example": _example(first, path, value, title),
    }
    yield "wrong-type", path, details


def _name(path: Path, language: str) -> str:
    """How a sentence names the place: ``title``, ``objectives[0]``."""
    return dotted(path[-2:] if path and isinstance(path[-1], int) else path[-1:]) or word(
        "file", language
    )


def _type_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    return "integer" if isinstance(value, int) else "number"


def _example(expected: str, path: Path, value: Any, title: str | None) -> str:
    """A line of the file as it should be: a key with its value, or an item of a list."""
    plain = not isinstance(value, (dict, list)) and value is not None
    if expected == "string":
        right = f'"{written(value)}"' if plain else "…"
    elif expected == "array":
        right = f"[{slug_of(value) if isinstance(value, str) else '…'}]"
    elif expected == "object":
        right = "{en: …}" if title == "text" else "{code: …}"
    elif expected == "boolean":
        right = "true"
    else:
        digits = re.sub(r"[^0-9]", "", value)[:12] if isinstance(value, str) else ""
        right = str(int(digits)) if digits else "1"
    if not path:
        return "schema: 1"
    return f"- {right}" if isinstance(path[-1], int) else f"{path[-1]}: {right}"


def _example_of_unknown(title: str, key: str, value: Any) -> str:
    if title == "amount":
        return f"{key}: 30000"
    return f"{key}: [{slug_of(value) if isinstance(value, str) else 'code'}]"


def _pattern(error: Any, path: Path, key: str, title: str | None, data: Any, _: str) -> Translated:
    value = written(error.instance)
    if title in ("parties", "amount"):
        example = _example_of_unknown(str(title), key, error.instance)
        yield "bad-unknown", path, {"value": value, "key": key, "example": example}
        return
    details = {"value": value, "example": slug_of(value)}
    if title == "period":
        details["example"] = period_example(data)
    yield _PATTERNS[str(title)], path, details


def _const(error: Any, path: Path, key: str, *_: Any) -> Translated:
    yield "wrong-constant", path, {"key": key, "expected": written(error.validator_value)}


def _one_of(error: Any, path: Path, key: str, title: str | None, *_: Any) -> Translated:
    given = error.instance
    if title == "origin":
        if "measure" in given:
            yield "two-origins", (*path, "declared"), {}
        else:
            yield "no-origin", path, {}
        return
    goals = [
        name for name in ("value", "min", "low", "high", "per_event", "unknown") if name in given
    ]
    if goals:
        yield "several-goals", path, {"choices": ", ".join(goals)}
    else:
        yield "no-goal", path, {}


def _half_range(error: Any, path: Path, *_: Any) -> Translated:
    here, other = ("low", "high") if "low" in error.instance else ("high", "low")
    yield "half-range", (*path, here), {"key": here, "other": other}
