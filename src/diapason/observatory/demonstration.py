"""Invented surveys and answers of the demonstration, made by the room's own actions. They ask the
invented enterprises only, and write to nobody."""

from __future__ import annotations

import random
import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from diapason.directory.api import Role, cards, organisation_choices, people_holding
from diapason.observatory import actions
from diapason.observatory.contracts import Facts, Question, Status
from diapason.observatory.models import Campaign, Invitation

_NAMESPACE = uuid.UUID("6f0c8f8e-5a3d-4a7c-9d59-2e1b7a90c3d4")
YEARS = 3
ANSWERS, VERIFIES, ESTIMATES, STOPS = 0.82, 0.35, 0.07, 0.05


def _key(*about: Any) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, ":".join(map(str, about)))


def _chance(*about: Any) -> random.Random:
    return random.Random(":".join(map(str, about)))  # noqa: S311 - invents records, hides nothing


@transaction.atomic
def make_surveys(day: date) -> None:
    """Ask the invented enterprises about the last three years, and answer for most.

    Side effects: those of the actions; surveys that are there already stay as they are.
    """
    managers = people_holding(Role.PROGRAMME_MANAGER)
    known = cards(key for key, _name in organisation_choices())
    asked = sorted((one for one in known.values() if one.invented), key=lambda one: one.code)
    if not managers or not asked:
        return
    manager = get_user_model()._default_manager.get(pk=managers[0].id)
    with override(settings.LANGUAGE_CODE):
        for year in range(day.year - YEARS, day.year):
            if not Campaign.objects.filter(year=year).exists():
                _survey(manager, year, asked, day)


def _survey(manager: Any, year: int, asked: list[Any], day: date) -> None:
    opened, lasts = date(year + 1, 2, 1), date(year + 1, 4, 30)
    if day <= lasts:
        # The latest is still open.
        opened, lasts = date(year + 1, 1, 1), day + timedelta(days=21)
    survey = actions.open_survey(
        by=manager,
        year=year,
        questions=list(Question),
        closes_on=lasts,
        on=opened,
        request_key=_key("survey", year),
        invented=True,
    )
    actions.invite(
        by=manager,
        survey=survey,
        organisations=[one.pk for one in asked],
        on=opened,
        keys={one.pk: _key("invitation", year, one.code) for one in asked},
    )
    reached = {
        one.organisation_id: one
        for one in Invitation.objects.filter(campaign=survey).select_related("campaign")
    }
    until = min(lasts, day)
    for one in asked:
        dice = _chance("answer", year, one.code)
        facts = _facts(one.code, year)
        if facts is None:
            continue
        on = opened + timedelta(days=dice.randint(1, max(1, (until - opened).days)))
        if dice.random() < ANSWERS:
            said = actions.answer(invitation=reached[one.pk], facts=facts, on=on)
            if dice.random() < VERIFIES:
                actions.verify(
                    by=manager,
                    answer=said,
                    version=said.version,
                    verified_with=_("Accounts, invented for the demonstration"),
                    on=min(on + timedelta(days=10), day),
                )
        elif dice.random() < ESTIMATES / (1 - ANSWERS):
            actions.record(
                by=manager,
                survey=survey,
                organisation_id=one.pk,
                facts=facts,
                status=Status.ESTIMATED,
                source=_("Worked out from the year before, invented for the demonstration"),
                on=on,
                request_key=_key("estimate", year, one.code),
            )
    if lasts < day:
        actions.close_survey(by=manager, survey=survey, on=lasts)


def _facts(code: str, year: int) -> Facts | None:
    """An invented enterprise's year: the same whenever it is asked; None once it had stopped."""
    dice = _chance("enterprise", code)
    turnover = int(dice.lognormvariate(11.4, 0.7)) * 100
    jobs = dice.choice([1, 1, 2, 2, 3, 3, 4, 5, 7, 9])
    abroad = dice.choice([0, 0, 0.02, 0.05, 0.1, 0.2, 0.45])
    for each in range(2015, year + 1):
        course = _chance("year", code, each)
        if course.random() < STOPS and each > 2016:
            if each < year:
                return None
            ceased = date(each, course.randint(2, 12), 15)
            return Facts(active=False, ceased_on=ceased, turnover=turnover // 2, headcount=0)
        turnover = int(turnover * course.uniform(0.9, 1.22))
        jobs = max(1, jobs + course.choice([-1, 0, 0, 0, 1, 1]))
        abroad = min(0.8, max(0.0, abroad + course.choice([0, 0, 0.01, 0.03, -0.01])))
    turnover -= turnover % 10_000
    course = _chance("rest", code, year)
    return Facts(
        turnover=turnover,
        abroad=int(turnover * abroad) // 10_000 * 10_000,
        headcount=jobs,
        fte=Decimal(jobs) - Decimal(course.choice(["0", "0", "0.2", "0.5"])),
        training=int(turnover * course.uniform(0, 0.02)) // 1000 * 1000,
        clients=course.randint(0, 12),
        markets=course.choice([0, 0, 0, 1, 2]),
    )
