"""The API as a whole: described, explained, and true to its description."""

from __future__ import annotations

import pytest
import schemathesis
import time_machine
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
)

from diapason.config.api import api
from diapason.config.wsgi import application
from tests.directory.factories import UserFactory
from tests.plan.factories import IndicatorFactory, ReadingFactory
from tests.plan.workspace import signed


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_explains_every_call(client, prefix):
    page = client.get(f"{prefix}/api/").content.decode()
    described = client.get("/api/openapi.json").json()
    assert len(described["paths"]) >= 9
    for path in described["paths"]:
        assert path in page
    assert {"": "Ce qui compose un chiffre", "/en": "What makes up a figure"}[prefix] in page


@pytest.mark.django_db
def test_refusals_are_described_as_they_are_given(client):
    cache.clear()
    described = client.get("/api/openapi.json").json()["paths"]
    assert client.get("/api/me", headers={"Authorization": "Bearer no"}).status_code == 401
    assert client.get("/api/indicators/nothing").status_code == 404
    assert client.get("/api/readings?limit=many").status_code == 422
    assert {"200", "401", "429"} == set(described["/api/me"]["get"]["responses"])
    told = set(described["/api/indicators/{code}"]["get"]["responses"])
    assert {"200", "401", "404", "422", "429"} == told


# Never a fault of ours, and every answer of the shape that the description gives.
CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance]


@pytest.fixture
def schema(db):
    cache.clear()
    indicator = IndicatorFactory(code="visits")
    ReadingFactory.create_batch(3, indicator=indicator)
    return schemathesis.openapi.from_wsgi("/api/openapi.json", application)


def test_the_api_answers_as_it_says(schema):
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=15,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        def answers_as_it_says(case):
            case.call_and_validate(checks=CHECKS)

        answers_as_it_says()
        tried += 1
    assert tried >= 9


def test_an_invented_address_is_not_somebody_new(rf):
    """Without a proxy of ours before it, the limits believe the connection alone."""
    first = rf.get("/api/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.1")
    second = rf.get("/api/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.2")
    assert api.throttle
    for throttle in api.throttle:
        assert throttle.get_ident(first) == throttle.get_ident(second) == "192.0.2.1"


@pytest.mark.django_db
def test_a_busy_visitor_slows_down_nobody_else(client):
    cache.clear()
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        answers = [client.get("/api/me", REMOTE_ADDR="192.0.2.1").status_code for _ in range(32)]
        assert answers.count(200) == 30
        assert answers[-1] == 429
        assert client.get("/api/me", REMOTE_ADDR="192.0.2.2").status_code == 200


@pytest.mark.django_db
def test_people_of_one_name_do_not_slow_one_another_down():
    cache.clear()
    first, second = (signed(UserFactory(name="Ada")) for _ in range(2))
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        answers = [first.get("/api/me").status_code for _ in range(62)]
        assert answers.count(200) == 60
        assert second.get("/api/me").status_code == 200
