"""Servers of the product, each in a process and on a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.db import connection

from tests import prepared
from tests.trust.examples import TESTS

ROOT = TESTS.parent
# Seconds; on a busy machine a world takes its time.
PATIENCE = 240


@dataclass(frozen=True)
class Site:
    """A running server; `names` are addresses and accounts that its world tells."""

    url: str
    names: dict[str, Any]


def _served(name: str, places: Path) -> Iterator[Site]:
    """A server of the product in a process of its own, on a database made for it, with the world
    `name` of tests/browser/served.py."""
    database = f"{connection.settings_dict['NAME']}_{name}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{prepared.database()}"')
    ready = places / f"{name}.ready"
    output = (places / f"{name}.log").open("w+")
    url = prepared.address(database)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "diapason.config.settings.test",
        "DIAPASON_HOME": str(places / name),
        "DIAPASON_TODAY": "2019-11-25",
        "DIAPASON_DEMONSTRATION": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.served", name, str(ready)],
        cwd=ROOT,
        env=environment,
        stdout=output,
        stderr=subprocess.STDOUT,
    )
    try:
        since = time.monotonic()
        while not ready.exists():
            if process.poll() is not None or time.monotonic() - since > PATIENCE:
                output.seek(0)
                pytest.fail(f"the server did not start:\n{output.read()[-4000:]}")
            time.sleep(0.1)
        names = json.loads(ready.read_text("utf-8"))
        with urlopen(names["url"] + "/healthz", timeout=PATIENCE) as answer:
            assert answer.status == 200
        yield Site(names["url"], names)
    finally:
        process.terminate()
        process.wait(30)
        output.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


@pytest.fixture(scope="session")
def full_site(
    django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Site]:
    """A plan at work, with records of everything."""
    with django_db_blocker.unblock():
        yield from _served("full", tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="session")
def empty_site(
    django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Site]:
    """An instance just installed: nothing is there but the accounts."""
    with django_db_blocker.unblock():
        yield from _served("empty", tmp_path_factory.mktemp("empty"))
