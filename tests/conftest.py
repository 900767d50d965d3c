"""What every test shares."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

# What is proven is never how fast the machine of the day is.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

_flush = TransactionTestCase._fixture_teardown


def _flush_guarded_tables(case: Any) -> None:
    """Empty the tables between tests that commit: the guards against emptying them stand aside."""
    with pgtrigger.ignore():
        _flush(case)


TransactionTestCase._fixture_teardown = _flush_guarded_tables
