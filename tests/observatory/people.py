"""Who writes in the observatory, and a survey that runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from diapason.directory.contracts import Role
from diapason.kernel import clock
from diapason.observatory.contracts import Facts
from diapason.observatory.models import Campaign
from tests.directory.factories import (
    person,
)
from tests.observatory.factories import (
    CampaignFactory,
)

GOOD = Facts(turnover=5_000_000, abroad=500_000, headcount=3, training=10_000)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def manager() -> Any:
    return person(Role.PROGRAMME_MANAGER)


@pytest.fixture
def advisor() -> Any:
    return person(Role.ADVISOR)


@pytest.fixture
def running() -> Campaign:
    """Open now, with two weeks to go."""
    today = clock.today()
    return CampaignFactory(
        year=2019,
        opened_on=today - timedelta(days=40),
        closes_on=today + timedelta(days=14),
        closed_on=None,
    )
