"""The plan over HTTP: the same figures as the pages, to whom they may be shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache

from diapason.directory.actions import create_token
from diapason.directory.contracts import Role
from diapason.plan.actions import load_plan
from diapason.plan.planfile import read
from diapason.plan.queries.figures import current_plan, figures
from tests.directory.factories import MembershipFactory, OrganisationFactory, person
from tests.plan.factories import IndicatorFactory, ReadingFactory, TargetFactory

CLERMONT = Path(__file__).parents[2] / "plans" / "clermont.yaml"
AT = date(2020, 11, 23)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november_2020")]


@pytest.fixture
def in_november_2020():
    cache.clear()
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def visits():
    indicator = IndicatorFactory(code="visits")
    TargetFactory(indicator=indicator, period="2020", low=15, high=15)
    for day in (3, 9, 12):
        ReadingFactory(indicator=indicator, on=date(2020, 5, day), value=day, source=f"note {day}")
    ReadingFactory(indicator=indicator, on=date(2020, 6, 1), value=99, state="declared")
    return indicator


@pytest.fixture
def staff_token():
    organisation = OrganisationFactory()
    manager = MembershipFactory(role=Role.PROGRAMME_MANAGER, organisation=organisation).user
    _token, raw = create_token(by=manager, organisation_id=organisation.pk, name="dashboard")
    return raw


def ask(client, path, status=200, **headers):
    answer = client.get(f"/api/{path}", **headers)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_the_whole_plan_can_be_read(client):
    found, _faults = read(CLERMONT)
    load_plan(file=found)
    plan = ask(client, "plan")
    assert plan["code"] == found.code
    assert plan["ends"] == found.ends.isoformat()
    assert plan["title"] == found.title
    listed = ask(client, "actions")
    assert [one["code"] for one in listed] == [one.code for one in found.actions]
    for one in found.actions:
        told = ask(client, f"actions/{one.code}")
        assert told["indicators"] == [indicator.code for indicator in one.indicators]
        assert len(told["tasks"]) == len(one.tasks)
        assert [line["planned_cents"] for line in told["budget"]] == [
            line.low for line in one.budget
        ]
    assert len(ask(client, "indicators")) == len(list(found.indicators()))


def test_figures_are_those_of_the_pages(client, visits):
    told = ask(client, "figures")
    known = figures(current_plan(), at=AT)
    assert len(told) == len(known) == 4
    for one, figure in zip(told, known, strict=True):
        assert one["indicator"] == figure.indicator
        assert one["period"] == figure.period.key
        assert one["status"] == figure.status
        assert (one["value"] is None) == (figure.value is None)
        if figure.value is not None:
            assert Decimal(one["value"]) == figure.value
    (only,) = ask(client, "figures?period=2020&at=2020-05-08")
    assert Decimal(only["value"]) == 3
    assert ask(client, "indicators/visits")["figures"] == told


def test_evidence_adds_up_to_the_figure_page_by_page(client, visits):
    rows = []
    while True:
        told = ask(client, f"indicators/visits/evidence?period=2020&limit=2&offset={len(rows)}")
        rows += told["rows"]
        if len(rows) >= told["count"]:
            break
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal(told["figure"]["value"]) == 24
    assert [row["label"] for row in rows] == ["note 3", "note 9", "note 12"]


def test_what_waits_for_approval_is_for_staff(client, visits, staff_token):
    assert ask(client, "readings")["count"] == 3
    assert ask(client, "readings?state=declared")["count"] == 0
    told = ask(client, "readings?state=declared", HTTP_AUTHORIZATION=f"Bearer {staff_token}")
    assert [row["value"] for row in told["rows"]] == ["99"]


def test_the_api_tells_an_advisor_no_more_than_the_pages_do(client, visits):
    advisor, other = person(Role.ADVISOR), person(Role.ADVISOR)
    own = ReadingFactory(indicator=visits, state="returned", declared_by=advisor)
    ReadingFactory(indicator=visits, state="returned", declared_by=other)
    client.force_login(advisor)
    assert ask(client, "readings?state=declared")["rows"] == []
    assert [row["id"] for row in ask(client, "readings?state=returned")["rows"]] == [own.pk]
    assert ask(client, "readings")["count"] == 4


def test_a_token_says_who_its_owner_is_and_a_wrong_one_is_refused(client, staff_token):
    assert ask(client, "me") == {"name": "", "roles": []}
    told = ask(client, "me", HTTP_AUTHORIZATION=f"Bearer {staff_token}")
    assert told["roles"] == ["programme_manager"]
    ask(client, "me", 401, HTTP_AUTHORIZATION="Bearer nonsense")
    ask(client, "plan", 401, HTTP_AUTHORIZATION="Bearer ")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("actions/nowhere", 404),
        ("indicators/nowhere", 404),
        ("indicators/nowhere/evidence", 404),
        ("indicators/visits/evidence?period=2050", 404),
        ("figures?period=nonsense", 404),
        ("figures?at=yesterday", 422),
        ("figures?at=10000-01-01", 422),
        ("readings?limit=0", 422),
        ("readings?limit=100000", 422),
        ("readings?state=unheard", 422),
    ],
)
def test_wrong_questions_get_a_clear_answer(client, visits, path, status):
    assert "detail" in ask(client, path, status)


def test_without_a_plan_nothing_is_found(client):
    for path in ("plan", "actions", "figures", "indicators", "readings"):
        ask(client, path, 404)


def test_the_calendars_own_ends_are_days_like_others(client, visits):
    for day in ("0001-01-01", "9999-12-31"):
        for path in ("figures?", "indicators/visits?", "indicators/visits/evidence?period=2020&"):
            ask(client, f"{path}at={day}")
