"""What every test shares."""

from __future__ import annotations

import gc
from typing import Any

import pgtrigger
import pytest
from django.conf import settings as configured
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client, TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck, settings

from tests import prepared
from tests.trust.pages import faults, is_document, language_of

# What is proven is never how fast the machine of the day is.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

# A run makes objects by the million and ends soon: looking for those to free took a fifteenth.
gc.set_threshold(100_000, 50, 100)

_flush = TransactionTestCase._fixture_teardown
_ask = Client.request


def _flush_guarded_tables(case: Any) -> None:
    """Empty the tables between tests that commit: the guards against emptying them stand aside."""
    with pgtrigger.ignore():
        _flush(case)


def _ask_strictly(client: Client, **request: Any) -> HttpResponseBase:
    """Read every page that a test asks for as strictly as the page gate does; the other gates ask
    for the same pages hundreds of times and leave that to it (`reads_strictly`)."""
    answer = _ask(client, **request)
    if answer.status_code == 200 and not answer.streaming and client.reads_strictly:
        path = request.get("PATH_INFO", "/")
        if is_document(answer.get("Content-Type", ""), answer.content):
            found = faults(answer.content, language_of(path))
            assert not found, f"{path} is not well made:\n" + "\n".join(found)
    return answer


TransactionTestCase._fixture_teardown = _flush_guarded_tables
Client.request = _ask_strictly
Client.reads_strictly = True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the folders whose files take minutes: a process that met one at the end would
    run it alone. Within them the order stays random."""
    longest = ["browser", "config", "trust"]
    items.sort(key=lambda item: [name == item.path.parent.name for name in longest], reverse=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Have the process's database copied from the one with every table."""
    connection.settings_dict["TEST"]["TEMPLATE"] = prepared.database()


@pytest.fixture(autouse=True)
def _in_the_first_language() -> None:
    """Start each test in the same language: a page that another test asked for leaves its own."""
    translation.activate(configured.LANGUAGE_CODE)
