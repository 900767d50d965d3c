"""Addresses that nothing can have."""

from __future__ import annotations

import pytest

from tests.plan.factories import IndicatorFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/search/?q=a%00b",
        "/en/search/?q=%00",
        "/api/readings?indicator=%00",
        "/api/actions/%00",
        "/api/indicators/%00/evidence",
        "/invitation/%00/",
        "/plan/?%00",
    ],
)
def test_a_zero_byte_is_refused_rather_than_looked_for(client, address):
    IndicatorFactory()
    assert client.get(address).status_code == 400
    assert client.post(address).status_code == 400


def test_an_escaped_percent_is_a_word_like_another(client):
    IndicatorFactory()
    assert client.get("/search/", {"q": "%00"}).status_code == 200
