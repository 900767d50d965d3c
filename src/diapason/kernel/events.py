"""Events between rooms: one room tells what happened, others act on it in the same transaction.

@dataclass(frozen=True)
class Awarded(Event):
    application_id: int

@subscribe(Awarded)                      # in another room's subscribers.py
def open_a_case(event: Awarded) -> None:
    ...

publish(Awarded(application_id=7))       # in an action, inside its transaction
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction


class Event:
    """Something that happened; subclasses are frozen dataclasses of ids and plain values."""


E = TypeVar("E", bound=Event)
Handler = Callable[[E], None]

_handlers: dict[type[Event], list[Callable[[Any], None]]] = {}


def subscribe(kind: type[E]) -> Callable[[Handler[E]], Handler[E]]:
    """Have the handler called at each event of that kind, after those that subscribed before it.

    Raises TypeError for what is no Event, ValueError for a handler that already subscribed.
    """
    if not (isinstance(kind, type) and issubclass(kind, Event)):
        raise TypeError(f"{kind!r} is not a kind of Event")

    def register(handler: Handler[E]) -> Handler[E]:
        waiting = _handlers.setdefault(kind, [])
        if handler in waiting:
            raise ValueError(f"{handler!r} already subscribes to {kind.__name__}")
        waiting.append(handler)
        return handler

    return register


def unsubscribe(kind: type[E], handler: Handler[E]) -> None:
    """Undo `subscribe`. Raises ValueError where the handler does not subscribe to that kind."""
    _handlers.get(kind, []).remove(handler)


def publish(event: Event) -> None:
    """Call every handler of the event's kind, in the transaction of the caller.

    Side effects: those of the handlers. A handler that fails makes its whole transaction roll
    back, even where somebody further up swallows the error: what was told is done or nothing is.
    Raises RuntimeError outside a transaction.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise RuntimeError(f"{type(event).__name__} was published outside a transaction")
    for handler in tuple(_handlers.get(type(event), ())):
        try:
            handler(event)
        except BaseException:
            transaction.set_rollback(True)
            raise
