"""Stamps: has any of these tables changed since?

Every table that feeds a page has the `Stamped` trigger. A figure or a page kept in the cache is
kept under the stamp of the tables it was made of; one short query tells whether it still stands,
and a committed write is seen by the very next reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import TypeVar

from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Made = TypeVar("Made")
KEPT_SECONDS = 3600

_MARKS = """
    SELECT table_name, count(*), max(mark), sum(mark) FROM kernel_change
    WHERE %s::text[] IS NULL OR table_name = ANY(%s) GROUP BY table_name
"""

Marks = dict[str, tuple[int, int, int]]
# The marks of every table as the request that runs first saw them.
_moment: ContextVar[list[Marks] | None] = ContextVar("moment", default=None)


def stamp(tables: Iterable[str]) -> str:
    """A short text that differs whenever a committed write has touched one of the tables.

    Count, greatest and sum of the marks that this reader sees: a transaction that becomes visible
    always changes the count, a further statement and `compact` always add a greater mark.
    """
    asked = sorted(set(tables))
    moment = _moment.get()
    if moment is None:
        marks = _read(asked)
    else:
        if not moment:
            moment.append(_read(None))
        marks = moment[0]
    found = [marks[table] for table in asked if table in marks]
    count, greatest, total = (
        (sum(mark[0] for mark in found), max(mark[1] for mark in found), sum(m[2] for m in found))
        if found
        else (0, 0, 0)
    )
    return f"{count}.{greatest}.{total}"


class OneMoment:
    """Middleware: a request that only reads asks once what has changed, however many things kept
    it shows; all of them are then as they were at that moment or later."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        before = _moment.set([])
        try:
            return self.get_response(request)
        finally:
            _moment.reset(before)


def kept(name: str, tables: Iterable[str], make: Callable[[], Made]) -> Made:
    """What `make` gives, made anew only when a committed write has touched one of the tables. One
    short query where it is still the same; each caller gets a copy of its own.

    `name` must hold all else that the answer depends on. None is not kept.
    """
    key = f"{name}:{stamp(tables)}"
    found: Made | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, KEPT_SECONDS)
    return found


def _read(tables: list[str] | None) -> Marks:
    """The marks of these tables, of all of them for None."""
    if not connection.in_atomic_block:
        # Most often the first query of a request: it is the health check of a kept connection too.
        connection.health_check_done = True  # type: ignore[attr-defined]  # not in the stubs
        try:
            return _marks(tables)
        except OperationalError:
            connection.close()
    return _marks(tables)


def _marks(tables: list[str] | None) -> Marks:
    with connection.cursor() as cursor:
        cursor.execute(_MARKS, [tables, tables])
        return {table: (count, last, int(total)) for table, count, last, total in cursor.fetchall()}


def compact(keep: int = 100) -> int:
    """Forget all but the latest `keep` transactions of each table; gives how many went.

    Adds its own transaction to each table that it shortened, so that no earlier stamp comes back.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH old AS (
                DELETE FROM kernel_change c USING (
                    SELECT id, row_number() OVER (
                        PARTITION BY table_name ORDER BY mark DESC) AS place
                    FROM kernel_change) ranked
                WHERE ranked.id = c.id AND ranked.place > %s
                RETURNING c.table_name
            ), marked AS (
                SELECT kernel_stamp(table_name) FROM (SELECT DISTINCT table_name FROM old) shortened
            )
            SELECT (SELECT count(*) FROM old), (SELECT count(*) FROM marked)
            """,
            [keep],
        )
        return cursor.fetchone()[0]
