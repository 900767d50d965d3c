"""The directory over HTTP: to everybody what each shows, to staff the whole."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache

from diapason.directory.actions import create_token
from diapason.directory.contracts import PublishedField, Role
from tests.directory.factories import (
    SIREN,
    SIRET,
    ActivityFactory,
    CommuneFactory,
    ContactFactory,
    MembershipFactory,
    OrganisationFactory,
    person,
)

pytestmark = pytest.mark.django_db

HIDDEN = {
    PublishedField.DESCRIPTION: ("description",),
    PublishedField.NUMBER: ("siren", "siret"),
    PublishedField.ACTIVITY: ("activity", "new_activity"),
    PublishedField.ADDRESS: ("address", "postcode"),
    PublishedField.PHONE: ("phone",),
    PublishedField.EMAIL: ("email",),
    PublishedField.URL: ("url",),
}


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def place():
    return OrganisationFactory(
        code="place",
        name={"fr": "Le Lieu", "en": "The Place"},
        description={"fr": "Un lieu."},
        siren=SIREN,
        siret=SIRET,
        activity=ActivityFactory(code="90.01Z"),
        new_activity=ActivityFactory(code="90.01Y", revision="2025"),
        commune=CommuneFactory(code="99101", name="Élan"),
        address="12 rue Inventée",
        postcode="99100",
        phone="04 00 00 00 00",
        email="hello@example.org",
        url="https://example.org",
        checked_on=date(2020, 1, 1),
        listed=True,
        published=[each.value for each in PublishedField],
    )


@pytest.fixture
def staff_token():
    held = MembershipFactory(role=Role.PROGRAMME_MANAGER)
    _token, raw = create_token(by=held.user, organisation_id=held.organisation_id, name="Site")
    return {"HTTP_AUTHORIZATION": f"Bearer {raw}"}


def ask(client, path="", status=200, **headers):
    answer = client.get(f"/api/organisations{path}", **headers)
    assert answer.status_code == status, answer.content
    return answer.json()


def codes(told):
    return [row["code"] for row in told["rows"]]


def test_everybody_reads_those_that_are_listed(client, place):
    OrganisationFactory(code="hidden")
    told = ask(client)
    assert (told["count"], codes(told)) == (1, ["place"])
    (row,) = told["rows"]
    assert row["name"] == {"fr": "Le Lieu", "en": "The Place"}
    assert row["commune"] == {"code": "99101", "name": "Élan"}
    assert (row["siret"], row["activity"]["code"], row["email"]) == (
        SIRET, "90.01Z", "hello@example.org",
    )  # fmt: skip
    assert row["checked_on"] is None
    ask(client, "/hidden", 404)
    ask(client, "/nowhere", 404)


@pytest.mark.parametrize("field", PublishedField)
def test_a_field_that_is_withdrawn_is_gone_at_the_next_request(client, place, staff_token, field):
    told = ask(client, "/place")
    assert all(told[name] is not None for name in HIDDEN[field])
    place.published = [each.value for each in PublishedField if each is not field]
    place.save()
    for row in (ask(client, "/place"), ask(client)["rows"][0]):
        assert all(row[name] is None for name in HIDDEN[field])
        others = [name for each in PublishedField if each is not field for name in HIDDEN[each]]
        assert all(row[name] is not None for name in others)
    whole = ask(client, "/place", **staff_token)
    assert all(whole[name] is not None for name in HIDDEN[field])


def test_one_that_is_taken_off_the_directory_is_gone_at_the_next_request(client, place):
    ask(client, "/place")
    place.listed = False
    place.save()
    ask(client, "/place", 404)
    assert ask(client)["count"] == 0


def test_a_number_that_is_not_shown_is_not_said_to_be_verified(client, place):
    place.verified_at, place.verified_with = "2020-01-01T00:00:00Z", "a statement"
    place.save()
    assert ask(client, "/place")["verified"]
    place.published = []
    place.save()
    assert not ask(client, "/place")["verified"]


def test_people_are_shown_as_they_agreed(client, place, staff_token):
    ContactFactory(organisation=place, name="Ada", phone="05 00 00 00 00")
    shown = ContactFactory(
        organisation=place, name="Zoé", phone="06 00 00 00 00", name_public_on=date(2020, 1, 1)
    )
    for headers in ({}, staff_token):
        (one,) = ask(client, "/place", **headers)["contacts"]
        assert one == {"name": "Zoé", "function": "", "email": "", "phone": ""}
    shown.name_public_on = None
    shown.save()
    assert ask(client, "/place")["contacts"] == []


def test_staff_read_every_organisation_and_members_do_not(client, place, staff_token):
    OrganisationFactory(code="hidden", phone="07 00 00 00 00")
    assert {"place", "hidden"} <= set(codes(ask(client, **staff_token)))
    assert ask(client, "/hidden", **staff_token)["phone"] == "07 00 00 00 00"
    client.force_login(person(Role.MEMBER))
    assert codes(ask(client)) == ["place"]


def test_a_merged_duplicate_gives_the_one_that_took_its_place(client, place):
    OrganisationFactory(code="gone", merged_into=place)
    assert ask(client, "/gone")["code"] == "place"
    assert codes(ask(client)) == ["place"]


def test_they_are_found_by_words_kind_and_commune_page_by_page(client, place):
    for number in range(5):
        OrganisationFactory(code=f"other-{number}", kind="festival", listed=True)
    assert codes(ask(client, "?words=LIEU")) == ["place"]
    assert codes(ask(client, "?commune=99101")) == ["place"]
    assert ask(client, "?kind=festival")["count"] == 5
    told = ask(client, "?kind=festival&offset=3&limit=10")
    assert (told["count"], codes(told)) == (5, ["other-3", "other-4"])
    # Nothing hidden is found by guessing.
    assert ask(client, f"?words={SIREN}")["count"] == 0


@pytest.mark.parametrize("question", ["?limit=0", "?limit=100000", "?kind=unheard", "?offset=-1"])
def test_wrong_questions_get_a_clear_answer(client, question):
    assert "detail" in ask(client, question, 422)


def test_a_page_costs_as_many_queries_as_one_row(client, place, django_assert_max_num_queries):
    for _each in range(20):
        OrganisationFactory(listed=True, commune=CommuneFactory(), activity=ActivityFactory())
    with django_assert_max_num_queries(3):
        assert ask(client)["count"] == 21
