"""People to reach: what they agree to show, and that nothing is left once it is taken back."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from diapason.directory import actions
from diapason.directory.contracts import CONSENTED, ContactFacts, Role
from diapason.directory.models import Contact
from diapason.kernel import clock
from diapason.kernel.refusals import Refusal
from diapason.kernel.registries import personal_records
from tests.directory.factories import ContactFactory, OrganisationFactory, UserFactory, person
from tests.directory.pages import words
from tests.trust.canary import everything

pytestmark = pytest.mark.django_db

CANARY = "Zyxcanary"
FACTS = {
    "name": CANARY,
    "function": f"{CANARY} in chief",
    "email": f"{CANARY}@example.org",
    "phone": "0499111111",
}


@pytest.fixture
def advisor():
    return person(Role.ADVISOR)


@pytest.fixture
def place():
    return OrganisationFactory(code="place", listed=True)


def add(advisor, place, *public):
    return actions.add_contact(
        by=advisor, organisation=place, facts=ContactFacts(**FACTS, public=public)
    )


def public_page(client) -> str:
    return words(client.get(reverse("directory:public", args=["place"])))


@pytest.mark.parametrize("field", CONSENTED)
def test_each_field_is_shown_by_consent_only_and_gone_when_it_is_taken_back(
    client, advisor, place, field
):
    made = add(advisor, place, "name", field)
    said = public_page(client)
    others = {FACTS[name] for name in CONSENTED} - {FACTS[field], CANARY}
    assert FACTS[field] in said
    assert not any(other in said for other in others)
    assert getattr(made, f"{field}_public_on") == clock.today()
    actions.change_contact(by=advisor, contact=made, facts=ContactFacts(**FACTS))
    assert FACTS[field] not in public_page(client)
    made.refresh_from_db()
    assert getattr(made, f"{field}_public_on") is None


def test_whoever_left_is_shown_no_more(client, advisor, place):
    made = add(advisor, place, *CONSENTED)
    assert CANARY in public_page(client)
    gone = ContactFacts(**FACTS, public=CONSENTED, ends=clock.today())
    actions.change_contact(by=advisor, contact=made, facts=gone)
    assert CANARY not in public_page(client)


def test_a_consent_keeps_its_first_day(advisor, place):
    made = ContactFactory(organisation=place, name=CANARY, name_public_on=date(2020, 5, 4))
    facts = ContactFacts(name=CANARY, public=("name",), starts=made.starts)
    assert actions.change_contact(by=advisor, contact=made, facts=facts).name_public_on == date(
        2020, 5, 4
    )


def test_erased_it_is_nowhere_history_included(advisor, place):
    made = add(advisor, place, *CONSENTED)
    assert CANARY.lower() in everything()
    actions.erase_contact(by=advisor, contact=made)
    assert CANARY.lower() not in everything()


def test_changed_words_are_kept_nowhere(advisor, place):
    made = add(advisor, place)
    actions.change_contact(by=advisor, contact=made, facts=ContactFacts(name="Other"))
    assert CANARY.lower() not in everything()


def test_the_person_takes_it_away_and_has_it_erased(advisor, place):
    add(advisor, place, "name")
    owner, other = UserFactory(), UserFactory()
    EmailAddress.objects.create(user=owner, email=FACTS["email"].lower(), verified=True)
    # An address that nobody proved opens nothing.
    EmailAddress.objects.create(user=other, email=FACTS["email"].upper(), verified=False)
    records = personal_records["directory.contacts"]
    (told,) = records.export(owner)["contacts"]
    assert (told["name"], told["shown_since"]) == (CANARY, {"name": str(clock.today())})
    assert records.export(other)["contacts"] == []
    records.erase(other)
    assert Contact.objects.count() == 1
    records.erase(owner)
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "Ada", "email": "ada"}, "email"),
        ({"name": "Ada", "phone": "call me"}, "phone"),
        ({"name": "Ada", "public": ("email",)}, "public"),
        ({"name": "Ada", "starts": date(2020, 1, 2), "ends": date(2020, 1, 1)}, "ends"),
    ],
)
def test_what_cannot_be_is_refused(advisor, place, facts, field):
    with pytest.raises(Refusal) as caught:
        actions.add_contact(by=advisor, organisation=place, facts=ContactFacts(**facts))
    assert caught.value.field == field
    assert not Contact.objects.exists()


def test_only_staff_write(place):
    made = ContactFactory(organisation=place)
    for who in (person(Role.MEMBER), person()):
        with pytest.raises(PermissionDenied):
            add(who, place)
        with pytest.raises(PermissionDenied):
            actions.change_contact(by=who, contact=made, facts=ContactFacts(name="x"))
        with pytest.raises(PermissionDenied):
            actions.erase_contact(by=who, contact=made)


def test_one_form_sent_twice_makes_one_contact(advisor, place):
    key = uuid4()
    for _time in range(2):
        actions.add_contact(
            by=advisor, organisation=place, facts=ContactFacts(**FACTS), request_key=key
        )
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("assignment", "rule"),
    [
        ("name = ''", "contact_named"),
        ("email_public_on = '2020-01-01'", "name_first"),
        ("ends = '1999-01-01'", "contact_dates"),
    ],
)
def test_the_database_holds_the_same_rules(place, assignment, rule):
    pk = ContactFactory(organisation=place).pk
    with (
        pytest.raises(IntegrityError, match=rule),
        transaction.atomic(),
        connection.cursor() as raw,
    ):
        raw.execute(f"UPDATE directory_contact SET {assignment} WHERE id = %s", [pk])


def test_the_form_writes_it_down_and_says_what_is_wrong(client, advisor, place):
    client.force_login(advisor)
    address = reverse("directory:contact_new", args=[place.pk])
    page = client.post(address, {"name": CANARY, "public": ["email"]})
    assert "public" in page.context["form"].errors
    assert CANARY in page.content.decode()
    assert client.post(address, {"name": CANARY, "public": ["name"]}).status_code == 302
    made = Contact.objects.get()
    assert CANARY in words(client.get(reverse("directory:organisation", args=[place.pk])))
    client.post(reverse("directory:contact", args=[made.pk]), {"name": "Other"})
    assert not Contact.objects.filter(name=CANARY).exists()
    client.post(reverse("directory:contact_erase", args=[made.pk]))
    assert not Contact.objects.exists()
