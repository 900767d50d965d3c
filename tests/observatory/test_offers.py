"""What waits for a manager, and what a person takes along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.translation import override

from diapason.directory.contracts import Role
from diapason.kernel.clock import today
from diapason.observatory.offers import surveys_past_their_day
from tests.directory.factories import person
from tests.observatory.factories import CampaignFactory

pytestmark = pytest.mark.django_db


def test_a_survey_past_its_day_waits_for_a_manager() -> None:
    CampaignFactory(year=2018, closes_on=today() - timedelta(days=1), closed_on=None)
    CampaignFactory(year=2019, closes_on=today(), closed_on=None)
    CampaignFactory(year=2017, closed_on=today())
    with override("en"):
        (item,) = surveys_past_their_day(person(Role.PROGRAMME_MANAGER))
    assert item.title == "Close the survey about 2018"
    assert not list(surveys_past_their_day(person(Role.ADVISOR)))
