"""Events between rooms, against real transactions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import transaction

from diapason.kernel.events import Event, publish, subscribe, unsubscribe
from diapason.kernel.models import Change


@dataclass(frozen=True)
class Rang(Event):
    number: int


@dataclass(frozen=True)
class Echoed(Event):
    number: int


@contextmanager
def listening(kind: type[Event], *handlers: Callable) -> Iterator[None]:
    for handler in handlers:
        subscribe(kind)(handler)
    try:
        yield
    finally:
        for handler in handlers:
            unsubscribe(kind, handler)


def written() -> set[str]:
    return set(
        Change.objects.filter(table_name__in=["deed", "heard"]).values_list("table_name", flat=True)
    )


def record(name: str, number: int) -> None:
    Change.objects.create(table_name=name, transaction=number)


@pytest.mark.django_db
def test_handlers_run_in_the_order_of_their_subscription() -> None:
    heard: list[str] = []
    with listening(
        Rang, lambda event: heard.append(f"first {event.number}"), lambda event: heard.append("2nd")
    ):
        publish(Rang(7))
        publish(Echoed(1))
    publish(Rang(8))
    assert heard == ["first 7", "2nd"]


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_an_error() -> None:
    heard: list[Event] = []
    with listening(Rang, heard.append), pytest.raises(RuntimeError, match="outside a transaction"):
        publish(Rang(1))
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_what_the_handlers_write_is_committed_with_the_deed() -> None:
    with listening(Rang, lambda event: record("heard", event.number)), transaction.atomic():
        record("deed", 1)
        publish(Rang(1))
    assert written() == {"deed", "heard"}


@pytest.mark.django_db(transaction=True)
def test_a_failing_handler_undoes_the_deed_and_the_other_handlers() -> None:
    def fail(event: Rang) -> None:
        raise LookupError("no room")

    def deed() -> None:
        with transaction.atomic():
            record("deed", 1)
            publish(Rang(1))

    with (
        listening(Rang, lambda event: record("heard", event.number), fail),
        pytest.raises(LookupError, match="no room"),
    ):
        deed()
    assert written() == set()


@pytest.mark.django_db(transaction=True)
def test_swallowing_the_error_does_not_save_half_a_deed() -> None:
    def fail(event: Rang) -> None:
        raise LookupError("no room")

    with listening(Rang, fail), transaction.atomic():
        record("deed", 1)
        with pytest.raises(LookupError):
            publish(Rang(1))
    assert written() == set()


def test_only_events_are_subscribed_to_and_once() -> None:
    with pytest.raises(TypeError):
        subscribe(int)  # type: ignore[type-var]

    def handler(event: Rang) -> None: ...

    with listening(Rang, handler), pytest.raises(ValueError, match="already"):
        subscribe(Rang)(handler)
