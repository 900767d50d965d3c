"""Who comes to the front desk's pages, and what they send."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from diapason.desk.models import Case, FrontDoor
from diapason.directory.contracts import Role
from tests.desk.factories import (
    CaseFactory,
    CaseStageFactory,
    FrontDoorFactory,
)
from tests.directory.factories import MembershipFactory, UserFactory

PROJECT = {"title": "The paper orchestra", "stage": "idea", "needs": ["advice", "place"]}
DETAILS = {"sector": "music", "place": "", "summary": "", "siret": ""}
KEY = str(uuid.UUID(int=5))
CONTACT = {
    "contact_name": "Ada",
    "contact_email": "ada@example.org",
    "agreed": "on",
    "request_key": KEY,
}


@pytest.fixture
def door(db: None) -> FrontDoor:
    return FrontDoorFactory()


def signed_in(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def advisor_of(organisation: Any) -> Client:
    return signed_in(
        MembershipFactory(user=UserFactory(), organisation=organisation, role=Role.ADVISOR).user
    )


def opened(**fields: Any) -> Case:
    case = CaseFactory(**fields)
    CaseStageFactory(case=case)
    return case


def walk_through(client: Client) -> Any:
    assert client.post("/en/start/", PROJECT).url == "/en/start/details/"
    assert client.post("/en/start/details/", DETAILS).url == "/en/start/contact/"
    return client.post("/en/start/contact/", CONTACT)
