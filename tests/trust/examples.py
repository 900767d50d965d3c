"""What each room tells the gates about its routes, in `tests/<room>/routes.py`.

    EXAMPLES = {"plan:action": Example(own=lambda world, person: {"code": world.action.code})}
    ACCESS = {"account_login": "public"}          # only for views of other packages

    def furnish(world, size): ...                 # records for the routes; more of them by `size`

Nothing registers these files: the gates find them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from django.apps import apps

TESTS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, kw_only=True)
class Example:
    """How to ask for a route.

    `own(world, person)`: parameters of a record that the person may open, given that they may
    come to the route at all (`person` is None for a visitor), or None where they have none.
    `others(world, person)`: those of a
    record that the person may not know of, None where they may know of all; the route must
    answer 404. `everybodys`: why there is no such record for anybody. `query`: what follows `?`.
    `gone`: answers besides 404 for a record that is not there. `settled`: further answers that
    are right for those let in, with the reason in a comment beside it. `writing`: the permission
    that a POST needs besides the view's own.
    """

    own: Callable[[Any, Any], dict[str, Any] | None] = lambda world, person: {}
    others: Callable[[Any, Any], dict[str, Any] | None] | None = None
    everybodys: str = ""
    query: dict[str, str] = field(default_factory=dict)
    gone: frozenset[int] = frozenset()
    settled: frozenset[int] = frozenset()
    writing: str = ""


def room_files(name: str) -> list[ModuleType]:
    """The modules `tests/<room>/<name>.py`, the lowest floor first."""
    floors = [
        config.label for config in apps.get_app_configs() if config.name.startswith("diapason.")
    ]
    found = [path.parent.name for path in TESTS.glob(f"*/{name}.py") if path.parent.name != "trust"]
    ranked = sorted(found, key=lambda room: (floors.index(room) if room in floors else 99, room))
    return [import_module(f"tests.{room}.{name}") for room in ranked]


def _merged(name: str) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for module in room_files("routes"):
        merged |= getattr(module, name, {})
    return merged


@cache
def examples() -> dict[str, Example]:
    return _merged("EXAMPLES")


@cache
def access_of_parts() -> dict[str, str]:
    return _merged("ACCESS")
