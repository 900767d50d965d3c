"""The invented surveys of the demonstration: made once, by actions, and worth looking at."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from diapason.directory.contracts import Role
from diapason.kernel import measures
from diapason.kernel.periods import Window
from diapason.kernel.registries import demonstrations
from diapason.observatory.demonstration import make_surveys
from diapason.observatory.models import Answer, Campaign, Invitation
from diapason.observatory.queries import results
from tests.directory.factories import person

pytestmark = pytest.mark.django_db
DAY = date(2020, 11, 23)


def test_three_years_are_asked_and_answered_once(settings: Any) -> None:
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    person(Role.PROGRAMME_MANAGER)
    person(Role.ADVISOR)
    demonstrations["directory.enterprises"](DAY)
    waiting = ProcrastinateJob.objects.count()
    made = []
    for _time in range(2):
        make_surveys(DAY)
        made.append([model.objects.count() for model in (Campaign, Invitation, Answer)])
    assert made[0] == made[1]
    assert list(Campaign.objects.values_list("year", flat=True)) == [2019, 2018, 2017]
    assert not Campaign.objects.filter(invented=False).exists()
    assert not Answer.objects.filter(organisation__invented=False).exists()
    assert not Answer.objects.filter(answered_on__gt=DAY).exists()
    assert set(Answer.objects.values_list("status", flat=True)) == {
        "declared",
        "estimated",
        "verified",
    }
    assert Answer.objects.filter(active=False).exists()
    for year in results.results().years:
        assert 0 < year.answered < year.asked
        assert year.tables["abroad"].total.value
    share = measures.find("observatory.international_share").evidence(
        Window(date(2019, 1, 1), date(2020, 1, 1))
    )
    assert share.number().value
    # Nobody is written to.
    assert ProcrastinateJob.objects.count() == waiting


def test_without_people_nothing_is_made() -> None:
    make_surveys(DAY)
    assert not Campaign.objects.exists()
