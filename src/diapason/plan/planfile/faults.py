"""A fault of a plan file: where it is, what is wrong, what to write instead."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, order=True)
class Fault:
    """One fault. Lines and columns count from 1; ``path`` is dotted, such as ``axes[0].title``.

    ``code`` names the sort of fault and never changes with the language.
    """

    file: str
    line: int
    column: int
    level: str
    path: str
    message: str
    mend: str
    code: str


def describe(fault: Fault) -> str:
    """The fault on one line, in the form that editors and terminals turn into a link."""
    return f"{fault.file}:{fault.line}:{fault.column}: {fault.level}: {fault.message} {fault.mend}"


def as_json(faults: Iterable[Fault]) -> str:
    """The faults as a JSON list of objects, in their order."""
    return json.dumps([asdict(fault) for fault in faults], ensure_ascii=False, indent=2)


def dotted(path: tuple[str | int, ...]) -> str:
    """``("axes", 0, "title")`` as ``axes[0].title``."""
    out = ""
    for step in path:
        if isinstance(step, int):
            out += f"[{step}]"
        else:
            out += f".{step}" if out else step
    return out
