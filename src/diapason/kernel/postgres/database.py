"""What is made inside the embedded server once it answers."""

import os
from collections.abc import Callable

import psycopg
from psycopg import sql

EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "citext")


def refusal(url: str) -> str:
    """Why the server does not let us in yet; empty when it does."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return str(error)
    return ""


def prepare(url: Callable[[str], str], name: str, *, durable: bool) -> None:
    """Make the database `name`, with extensions that every later one inherits.

    `url` gives the address of a database by its name. With `durable`, a server
    that was started for tests gets back, for ever, what protects its data.
    """
    with psycopg.connect(url("postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            with psycopg.connect(url("template1"), autocommit=True) as template:
                for extension in EXTENSIONS:
                    template.execute(
                        sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(
                            sql.Identifier(extension)
                        )
                    )
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        if durable and connection.execute("SHOW fsync").fetchone() != ("on",):
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(
                    sql.SQL("ALTER SYSTEM SET {} = on").format(sql.Identifier(setting))
                )
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CHECKPOINT")
            os.sync()
