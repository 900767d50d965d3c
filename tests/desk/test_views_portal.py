"""The front desk's public pages: the front door, the project's own page."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from diapason.desk.models import Case, FrontDoor
from diapason.directory.models import Commune
from tests.desk.factories import (
    OfferFactory,
    ReferralFactory,
)
from tests.desk.visiting import (
    CONTACT,
    DETAILS,
    PROJECT,
    door,
    walk_through,
)
from tests.directory.factories import OrganisationFactory

__all__ = ["door"]  # a fixture

pytestmark = pytest.mark.django_db


def test_who_does_not_know_their_sector_says_none(door: FrontDoor) -> None:
    client = Client()
    client.post("/en/start/", PROJECT)
    page = client.get("/en/start/details/").content.decode()
    assert '<option value="" selected>I do not know yet</option>' in page
    client.post("/en/start/details/", DETAILS | {"sector": ""})
    client.post("/en/start/contact/", CONTACT)
    assert Case.objects.get().sector == "other"


def test_three_screens_make_a_case_and_lead_to_its_page(door: FrontDoor) -> None:
    client = Client()
    answer = walk_through(client)
    page = client.get(answer.url).content.decode()
    assert "Your request has arrived." in page
    assert "is on its way to ada@example.org." in page
    assert "The paper orchestra" in page
    assert "reads your request by that day" in page
    case = Case.objects.get()
    assert (case.needs, case.contact_email, case.language) == (
        ["advice", "place"],
        "ada@example.org",
        "en",
    )
    # What was typed is forgotten once it is sent.
    assert "The paper orchestra" not in client.get("/en/start/").content.decode()


def test_the_last_screen_sent_twice_makes_one_case(door: FrontDoor) -> None:
    client = Client()
    first = walk_through(client)
    second = client.post("/en/start/contact/", CONTACT)
    assert (second.status_code, second.url) == (302, first.url)
    assert "had arrived already" not in client.get(first.url).content.decode()
    # Back in the browser, with a slip mended: they are told where to say so.
    third = client.post("/en/start/contact/", CONTACT | {"contact_phone": "0600000001"})
    assert third.url == first.url
    assert "had arrived already" in client.get(first.url).content.decode()
    assert Case.objects.count() == 1


def test_who_leaves_half_way_finds_what_was_typed(door: FrontDoor) -> None:
    client = Client()
    client.post("/en/start/", PROJECT)
    client.post("/en/start/details/", DETAILS | {"summary": "Strings and paper"})
    assert "Strings and paper" in client.get("/en/start/details/").content.decode()
    page = client.get("/en/start/").content.decode()
    assert 'value="The paper orchestra"' in page
    assert re.search(r'value="place"[^>]*checked', page)
    assert "paper" not in Client().get("/en/start/details/").content.decode()


def test_a_screen_that_was_skipped_is_asked_for_and_nothing_is_lost(door: FrontDoor) -> None:
    client = Client()
    client.post("/en/start/details/", DETAILS)
    answer = client.post("/en/start/contact/", CONTACT)
    assert answer.url == "/en/start/"
    assert "still lacks an answer" in client.get("/en/start/").content.decode()
    assert "ada@example.org" in client.get("/en/start/contact/").content.decode()
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"siret": "123"}, "14 digits"),
        ({"place": "Nowhere"}, "do not know this commune: try its postcode, or leave this empty"),
        ({"place": "63000"}, "Several communes"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(
    door: FrontDoor, fields: dict[str, str], words: str
) -> None:
    for code, name in (("00001", "Alba"), ("00002", "Beta")):
        Commune.objects.create(code=code, name=name, postcodes=["63000"])
    page = Client().post("/en/start/details/", DETAILS | fields | {"summary": "Kept"})
    assert words in page.content.decode()
    assert "Kept" in page.content.decode()


def test_a_commune_is_found_by_its_name_without_accents(door: FrontDoor) -> None:
    Commune.objects.create(code="00001", name="Évreux-lès-Bains", postcodes=["63000"])
    client = Client()
    client.post("/en/start/", PROJECT)
    client.post("/en/start/details/", DETAILS | {"place": "evreux-les-bains"})
    client.post("/en/start/contact/", CONTACT)
    assert Case.objects.get().commune_id == "00001"


def test_a_number_that_is_well_written_attaches_nobody(door: FrontDoor) -> None:
    client = Client()
    client.post("/en/start/", PROJECT)
    client.post("/en/start/details/", DETAILS | {"siret": "111 222 333 44455"})
    client.post("/en/start/contact/", CONTACT)
    case = Case.objects.get()
    assert (case.siret, case.organisation) == ("11122233344455", None)


def test_a_support_leads_to_the_door_with_its_need(door: FrontDoor) -> None:
    OfferFactory(title="A desk", needs=["place"])
    OfferFactory(title="Advice", needs=["advice"])
    page = Client().get("/en/support/?need=place").content.decode()
    assert "A desk" in page
    assert ">Advice<" not in page
    assert "/en/start/?need=place" in page
    door_page = Client().get("/en/start/?need=place").content.decode()
    assert re.search(r'value="place"[^>]*checked', door_page)


def test_each_need_says_what_is_there_for_it(door: FrontDoor) -> None:
    OfferFactory(needs=["place"], seats=2)
    page = Client().get("/en/start/").content.decode()
    assert re.search(r"A place to work</strong><small>1 structure, 2 free seats</small>", page)


def test_without_a_front_door_nothing_is_asked(db: None) -> None:
    page = Client().post("/en/start/", PROJECT).content.decode()
    assert "not open yet" in page


def test_a_wrong_link_is_not_found_and_the_own_one_erases(door: FrontDoor) -> None:
    client = Client()
    link = walk_through(client).url
    assert client.get(link[:-3] + "00/").status_code == 404
    assert client.post(link[:-3] + "00/", {"act": "forget", "sure": "on"}).status_code == 404
    # One press is no wish: the box says it.
    page = client.post(link, {"act": "forget"}).content.decode()
    assert "It cannot be brought back" in page
    assert Case.objects.get().contact_name == "Ada"
    client.post(link, {"act": "forget", "sure": "on"})
    case = Case.objects.get()
    assert (case.contact_name, case.contact_email) == ("", "")
    assert client.get(link).status_code == 200


def test_the_owner_sees_who_helps(door: FrontDoor) -> None:
    client = Client()
    link = walk_through(client).url
    offer = OfferFactory(structure=OrganisationFactory(name={"en": "The Hive"}))
    ReferralFactory(case=Case.objects.get(), offer=offer, state="accepted")
    assert "The Hive" in client.get(link).content.decode()


def test_a_handful_of_communes_is_told_and_none_is_not_asked_for(door: FrontDoor) -> None:
    client = Client()
    assert 'name="place"' not in client.get("/en/start/details/").content.decode()
    for number, name in enumerate(["Beta", "Alba"]):
        Commune.objects.create(code=f"0000{number}", name=name, postcodes=["63000"])
    assert "Known here: Alba, Beta." in client.get("/en/start/details/").content.decode()
    for number in range(2, 9):
        Commune.objects.create(code=f"0000{number}", name=f"C{number}", postcodes=["63001"])
    page = client.get("/en/start/details/").content.decode()
    assert 'name="place"' in page
    assert "Known here" not in page


@pytest.mark.parametrize("number", ["abc", "12 34", "call me"])
def test_a_number_that_nobody_can_call_is_told(door: FrontDoor, number: str) -> None:
    page = Client().post("/en/start/contact/", CONTACT | {"contact_phone": number})
    [told] = page.context["form"].errors["contact_phone"]
    assert told.startswith("Write a number that can be called")
