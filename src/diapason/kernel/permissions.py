"""Who may do what: one closed vocabulary, declared room by room in `rules.py`.

A permission is `room.verb_noun`. Each view says which one it needs (`requires`), or that anybody
may see it (`public`), or that any account may (`signed_in`); a route that says nothing fails the
generated gate. Rows are narrowed by `visible_to(user)` in each room's `queries.py`: somebody
else's record answers 404, never 403, so that nobody learns that it exists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

import rules
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

PUBLIC = "public"
SIGNED_IN = "signed_in"

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

_declared: dict[str, rules.Predicate] = {}


class UnknownPermission(LookupError):
    """A permission that no room declares: a spelling mistake, never a refusal."""


def declare(room: str, permissions: Mapping[str, rules.Predicate]) -> None:
    """Declare the permissions of a room, in alphabetical order.

    Raises ValueError when a name does not start with the room, or the list is out of order.
    """
    names = list(permissions)
    if names != sorted(names):
        raise ValueError(f"the permissions of {room} are not in alphabetical order")
    for name, predicate in permissions.items():
        if not name.startswith(f"{room}."):
            raise ValueError(f"{name} does not start with {room}.")
        _declared[name] = predicate
        rules.set_perm(name, predicate)


def declared() -> dict[str, rules.Predicate]:
    """Every permission of the installed rooms."""
    return dict(sorted(_declared.items()))


def allowed(user: Any, permission: str, record: Any = None) -> bool:
    """Whether `user` (anonymous too) has the permission, on the record where one is given.

    Raises `UnknownPermission` for a name that no room declares.
    """
    try:
        predicate = _declared[permission]
    except KeyError as error:
        raise UnknownPermission(permission) from error
    return bool(predicate.test(user, record))


def demand(user: Any, permission: str, record: Any = None) -> None:
    """Raise PermissionDenied unless `user` has the permission."""
    if not allowed(user, permission, record):
        raise PermissionDenied(permission)


def public(view: View) -> View:
    """Anybody may see it, account or not."""
    view = login_not_required(view)
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Any account may see it; what it shows is narrowed to the person."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def requires(permission: str) -> Callable[[View], View]:
    """Only accounts that have the permission; others are told so, visitors are asked to sign in."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            demand(request.user, permission)
            return view(request, *args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard
