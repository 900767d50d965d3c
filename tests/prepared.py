"""The tables, made once: a run needs a dozen databases, and to migrate each anew took minutes.

What they are copied from carries the digest of every migration in its name, so that it is made
again as soon as one changes, and only then.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from diapason.kernel import postgres

_MAKING = 3_141_592  # the lock's number on the tests' server: any that nobody else takes
INHERITED = "DIAPASON_TEST_TEMPLATE"


def address(database: str) -> str:
    """Where a database of the tests' server is, as `DATABASE_URL` tells it."""
    told = connection.settings_dict
    return make_conninfo(
        host=told["HOST"] or None,
        port=told["PORT"] or None,
        user=told["USER"] or None,
        password=told["PASSWORD"] or None,
        dbname=database,
    )


@cache
def database() -> str:
    """The name of the database with every table and no row, which nobody is connected to; made
    the first time, while the other processes of the run wait. A run inside a test takes that of
    the run around it, and migrates from there."""
    if inherited := os.environ.get(INHERITED):
        return inherited
    stem = f"{conninfo_to_dict(os.environ['DATABASE_URL'])['dbname']}_prepared_"
    name = f"{stem}{_digest()}"
    with psycopg.connect(address("postgres"), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [_MAKING])
        if not server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            _make(server, stem, name)
    return name


def fill(url: str) -> None:
    """Copy the tables into an empty database of another server."""
    dump = [postgres.binary("pg_dump"), "--no-owner", address(database())]
    load = [postgres.binary("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, url]
    with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumping:
        subprocess.run(load, stdin=dumping.stdout, check=True)
    assert dumping.returncode == 0


def _make(server: psycopg.Connection[Any], stem: str, name: str) -> None:
    """Made under another name: one that is there is whole."""
    making = f"{stem}making"
    old = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [stem])
    for (left,) in old.fetchall():
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(left)))
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(making)))
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=os.environ | {"DATABASE_URL": address(making)}, check=True)
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    server.execute(rename.format(sql.Identifier(making), sql.Identifier(name)))


def _digest() -> str:
    found = MigrationLoader(None).disk_migrations
    files = {Path(inspect.getfile(type(migration))) for migration in found.values()}
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(files))).hexdigest()[:12]
