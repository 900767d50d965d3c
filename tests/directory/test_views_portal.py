"""The public directory: what was chosen is shown, nothing else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from diapason.directory.contracts import PublishedField
from tests.directory.factories import SIREN, ActivityFactory, OrganisationFactory
from tests.directory.pages import words

pytestmark = pytest.mark.django_db

CANARIES = {
    PublishedField.DESCRIPTION: "words-canary",
    PublishedField.NUMBER: SIREN[:3],
    PublishedField.ACTIVITY: "trade-canary",
    PublishedField.ADDRESS: "street-canary",
    PublishedField.PHONE: "0499000000",
    PublishedField.EMAIL: "canary@example.org",
    PublishedField.URL: "https://canary.example.org",
}


@pytest.fixture
def studio():
    return OrganisationFactory(
        code="studio",
        listed=True,
        published=[],
        description={"fr": "words-canary", "en": "words-canary"},
        siren=SIREN,
        activity=ActivityFactory(label={"fr": "trade-canary", "en": "trade-canary"}),
        address="street-canary",
        phone="0499000000",
        email="canary@example.org",
        url="https://canary.example.org",
    )


def read(client) -> str:
    return words(client.get(reverse("directory:public", args=["studio"])))


@pytest.mark.parametrize("shown", [None, *PublishedField])
def test_each_field_is_shown_where_it_was_chosen_only(client, studio, shown):
    studio.published = [shown.value] if shown else []
    studio.save()
    said = read(client)
    for field, canary in CANARIES.items():
        assert (canary in said) == (field is shown), field
    listed = words(client.get(reverse("directory:public_list")))
    told = {canary for canary in CANARIES.values() if canary in listed}
    assert told == ({"words-canary"} if shown is PublishedField.DESCRIPTION else set())


def test_a_field_taken_back_is_gone_at_the_next_request(client, studio):
    studio.published = [PublishedField.EMAIL.value, PublishedField.URL.value]
    studio.save()
    assert "canary@example.org" in read(client)
    export = reverse("directory:public_list") + "?export=csv"
    assert b"https://canary" in b"".join(client.get(export))
    studio.published = []
    studio.save()
    assert "canary" not in read(client)
    assert b"https://canary" not in b"".join(client.get(export))


def test_only_listed_organisations_are_there(client, studio):
    OrganisationFactory(code="hidden")
    found = client.get(reverse("directory:public_list")).context["listing"].rows
    assert [row.record.code for row in found] == ["studio"]
    assert client.get(reverse("directory:public", args=["hidden"])).status_code == 404
    assert client.get(reverse("directory:public", args=["nobody"])).status_code == 404


def test_a_merged_organisation_leads_on_where_that_one_is_listed(client, studio):
    OrganisationFactory(code="before", merged_into=studio)
    page = client.get(reverse("directory:public", args=["before"]))
    assert page.url == reverse("directory:public", args=["studio"])
    studio.listed = False
    studio.save()
    assert client.get(reverse("directory:public", args=["before"])).status_code == 404


def test_a_number_does_not_find_whoever_hides_it(client, studio):
    page = client.get(reverse("directory:public_list"), {"words": SIREN})
    assert page.context["listing"].total == 0
    assert client.get(reverse("directory:public_list"), {"words": "studio"}).status_code == 200
