"""Stamps: has any of these tables changed since?

Every table that feeds a page has the `Stamped` trigger. A figure or a page kept in the cache is
kept under the stamp of the tables it was made of; one short query tells whether it still stands,
and a committed write is seen by the very next reader.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import OperationalError, connection, transaction

_STAMP = """
    SELECT count(*), coalesce(max(mark), 0), coalesce(sum(mark), 0)
    FROM kernel_change WHERE table_name = ANY(%s)
"""


def stamp(tables: Iterable[str]) -> str:
    """A short text that differs whenever a committed write has touched one of the tables.

    Count, greatest and sum of the marks that this reader sees: a transaction that becomes visible
    always changes the count, a further statement and `compact` always add a greater mark.
    """
    asked = sorted(set(tables))
    if not connection.in_atomic_block:
        # Most often the first query of a request: it is the health check of a kept connection too.
        connection.health_check_done = True  # type: ignore[attr-defined]  # not in the stubs
        try:
            return _stamp(asked)
        except OperationalError:
            connection.close()
    return _stamp(asked)


def _stamp(tables: list[str]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_STAMP, [tables])
        return ".".join(str(part) for part in cursor.fetchone())


def compact(keep: int = 1000) -> int:
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
