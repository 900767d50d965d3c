"""Whether two databases hold the same rows, in whatever order."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection, transaction
from psycopg import sql


class TableHash(NamedTuple):
    """How many rows a table has, and a hash of them that does not depend on their order."""

    rows: int
    hash: str


# Each row, written as text under settings of our own, is hashed to 128 bits; the two halves are
# added up over the table.
_HASH = """
    SELECT count(*), coalesce(sum(('x' || left(h, 16))::bit(64)::bigint), 0),
           coalesce(sum(('x' || right(h, 16))::bit(64)::bigint), 0)
    FROM (SELECT md5(t::text) AS h FROM {table} AS t) AS hashed
"""
_SETTINGS = (
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
)


def tables() -> list[str]:
    """The tables of the database, in alphabetical order; not those of extensions."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT EXISTS (
                SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                AND d.objid = c.oid AND d.deptype = 'e')
            ORDER BY c.relname COLLATE "C"
            """
        )
        return [name for (name,) in cursor.fetchall()]


def hashes() -> dict[str, TableHash]:
    """Rows and hash of every table, all at the same moment. Reads every row."""
    found = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for setting in _SETTINGS:
            cursor.execute(setting)
        for name in tables():
            statement = sql.SQL(_HASH).format(table=sql.Identifier("public", name))
            cursor.execute(statement.as_string(cursor.connection))
            rows, first, second = cursor.fetchone()
            found[name] = TableHash(rows, f"{int(first):x}.{int(second):x}")
    return found
