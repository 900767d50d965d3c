"""Every address of the product, found by walking the URL resolver, and who may ask for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, converters, get_resolver, reverse

from diapason.kernel import permissions
from tests.trust.examples import Example, access_of_parts, examples

# A record that cannot be there, for each kind of parameter.
NOWHERE: dict[type, Any] = {
    converters.IntConverter: 999_999_999,
    converters.SlugConverter: "no-such-thing",
    converters.StringConverter: "no-such-thing",
    converters.PathConverter: "no/such/thing",
    converters.UUIDConverter: UUID(int=1),
}
# Roots of addresses that serve files as they are, without a view of ours.
_FILES = re.compile(r"^(static|media)/")


@dataclass(frozen=True)
class Route:
    """A route: its name with the namespaces in front, its pattern, its view."""

    name: str
    pattern: str
    view: Callable[..., Any]
    parameters: tuple[tuple[str, Any], ...]

    @property
    def access(self) -> str | None:
        """What the view declares: `public`, `signed_in`, a permission, or nothing."""
        declared = getattr(self.view, "access", None)
        return declared if declared is not None else access_of_parts().get(self.name)

    @property
    def example(self) -> Example | None:
        return examples().get(self.name, None if self.parameters else Example())

    @property
    def nowhere(self) -> dict[str, Any]:
        """Parameters that lead to no record."""
        return {name: NOWHERE[type(kind)] for name, kind in self.parameters}

    def url(self, parameters: dict[str, Any] | None = None) -> str:
        return reverse(self.name, kwargs=parameters or None)

    def open_to(self, user: Any) -> bool:
        """Whether the declared access lets `user` (None: a visitor) in."""
        if self.access == permissions.PUBLIC:
            return True
        if user is None:
            return False
        return self.access == permissions.SIGNED_IN or permissions.allowed(user, self.access)

    def faults(self) -> list[str]:
        """What is missing for the gates to know this route, as sentences that say the mend."""
        found = []
        if not self.name:
            return [f"the address {self.pattern!r} has no name: give path() a name="]
        known = {permissions.PUBLIC, permissions.SIGNED_IN, *permissions.declared()}
        if self.access is None:
            found.append(
                f"{self.name}: the view declares no access; decorate it with @public, @signed_in "
                "or @requires('room.verb_noun') of diapason.kernel.permissions (for a view of "
                "another package: ACCESS in tests/<room>/routes.py)"
            )
        elif self.access not in known:
            found.append(f"{self.name}: no room declares the permission {self.access}")
        if self.example is None:
            wanted = ", ".join(f'"{name}": …' for name, _kind in self.parameters)
            found.append(
                f"{self.name}: its address names a record; write in tests/<room>/routes.py "
                f'EXAMPLES = {{"{self.name}": Example(own=lambda world, person: {{{wanted}}}, '
                "others=…)}"
            )
        elif (
            self.parameters
            and self.access != permissions.PUBLIC
            and not (self.example.others or self.example.everybodys)
        ):
            found.append(
                f"{self.name}: its example must say which record is somebody else's "
                "(others=…), or why every record is for everybody let in (everybodys='…')"
            )
        return found


def walk(resolver: URLResolver | None = None) -> Iterator[Route]:
    """Every route of the resolver, by default the product's."""
    yield from _walk(resolver or get_resolver(), (), "", {})


def _walk(
    resolver: URLResolver, spaces: tuple[str, ...], prefix: str, parameters: dict[str, Any]
) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        taken = parameters | getattr(entry.pattern, "converters", {})
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(entry, inner, pattern, taken)
        elif isinstance(entry, URLPattern) and not _FILES.match(pattern):
            name = ":".join([*spaces, entry.name]) if entry.name else ""
            yield Route(name, pattern, entry.callback, tuple(taken.items()))
