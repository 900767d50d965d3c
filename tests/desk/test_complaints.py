"""What users of other front desks complained of, each re-enacted here."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.translation import override

from diapason.desk import actions
from diapason.desk.forms import NextForm
from diapason.desk.models import Absence, Case, Referral
from diapason.desk.offers import _search
from diapason.desk.queries.support import proposals
from diapason.desk.views import portal
from diapason.directory.contracts import Role
from diapason.directory.models import Membership
from diapason.kernel.clock import today
from diapason.kernel.refusals import Refusal
from tests.desk.factories import (
    CaseFactory,
    FrontDoorFactory,
    OfferFactory,
    ReferralFactory,
    request,
)
from tests.directory.factories import OrganisationFactory, person
from tests.plan.racing import race


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_key", [True, False], ids=["one form", "two forms"])
def test_identical_requests_at_once_make_one(same_key: bool) -> None:
    FrontDoorFactory()
    asked = [request(request_key=uuid.UUID(int=1 if same_key else n)) for n in range(1, 7)]
    results = race(*[partial(actions.ask, **each) for each in asked])
    assert Case.objects.count() == 1
    refused = [one for one in results if isinstance(one, Exception)]
    assert len(refused) == (0 if same_key else 5)
    for one in refused:
        assert isinstance(one, Refusal)
        assert "arrived already today" in str(one)


def test_the_same_request_again_shows_nothing_of_the_one_that_is_there(db: None) -> None:
    """Whoever knows an address and a title does not come by the personal link."""
    FrontDoorFactory()
    case = actions.ask(**request(title="The paper orchestra"))
    client = Client()
    client.post("/en/start/", {"title": case.title, "stage": "idea", "needs": ["advice"]})
    client.post("/en/start/details/", {"sector": "music"})
    given = {"contact_name": "A", "contact_email": "ADA@example.org", "agreed": "on"}
    page = client.post("/en/start/contact/", given | {"request_key": str(uuid.uuid4())})
    assert page.status_code == 200
    assert "arrived already today" in page.content.decode()
    assert actions.personal_secret(case.request_key) not in page.content.decode()
    assert Case.objects.count() == 1


def test_a_match_is_never_duplicated_even_around_python(db: None) -> None:
    """An index whose condition is never true (`WHERE expert_id <> NULL`) holds nothing."""
    first = ReferralFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisunique, pg_get_expr(indpred, indrelid) FROM pg_index "
            "WHERE indexrelid = 'desk_referral_once_while_open'::regclass"
        )
        unique, condition = cursor.fetchone()
        assert unique
        cursor.execute(f"SELECT count(*) FROM desk_referral WHERE {condition}")
        assert cursor.fetchone() == (1,)
    names = "case_id, structure_id, offer_id, state, reason, proposed_on, answer_by"
    again = f"INSERT INTO desk_referral ({names}) SELECT {names} FROM desk_referral WHERE id = %s"
    for state in ("proposed", "accepted"):
        answered = None if state == "proposed" else today()
        Referral.objects.filter(pk=first.pk).update(state=state, answered_on=answered)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(again, [first.pk])
    assert Referral.objects.count() == 1


def test_a_deleted_or_absent_person_is_never_proposed(db: None) -> None:
    case = CaseFactory(next_on=today())
    here, left, gone = (person(Role.ADVISOR) for _each in range(3))
    Membership.objects.filter(user=left).update(ends=today())
    gone.is_active = False
    gone.save()
    offered = {key for key, _name in NextForm(case=case).fields["responsible"].choices}
    assert here.pk in offered
    assert not {left.pk, gone.pk} & offered
    manager = person(Role.PROGRAMME_MANAGER)
    for nobody in (left, gone):
        nobody = type(nobody)._default_manager.get(pk=nobody.pk)
        with pytest.raises(Refusal, match="cannot follow cases"):
            actions.plan_next(by=manager, case=case, version=1, next_on=today(), responsible=nobody)


def test_an_absent_structure_is_never_proposed(db: None) -> None:
    case = CaseFactory()
    away, back = OfferFactory(), OfferFactory()
    Absence.objects.create(structure=away.structure, starts=today(), ends=today())
    Absence.objects.create(
        structure=back.structure,
        starts=today() - timedelta(days=9),
        ends=today() - timedelta(days=1),
    )
    assert [one.offer for one in proposals(case, today())] == [back]


@pytest.mark.parametrize("siret", ["", "73282932000074", "732 829 320 00074"])
def test_a_request_is_never_attached_to_a_company_by_itself(db: None, siret: str) -> None:
    """Neither by no number at all, nor by one that somebody else has."""
    FrontDoorFactory()
    OrganisationFactory(siren="732829320", siret="73282932000074")
    OrganisationFactory(siren="", siret="", email="ada@example.org", name={"en": "Ada"})
    case = actions.ask(**request(siret=siret))
    assert case.organisation is None


def test_a_flood_from_one_network_is_stopped_kindly_and_nothing_is_lost(
    db: None, monkeypatch: Any
) -> None:
    FrontDoorFactory()
    monkeypatch.setattr(portal, "MOST_AN_HOUR", 2)

    def ask(number: int, **place: Any) -> Any:
        client = Client(**place)
        title = f"Project {number}"
        client.post("/en/start/", {"title": title, "stage": "idea", "needs": ["advice"]})
        client.post("/en/start/details/", {"sector": "music"})
        given = {"contact_name": "Ada", "contact_email": "ada@example.org", "agreed": "on"}
        key = str(uuid.UUID(int=number + 1))
        return client.post("/en/start/contact/", given | {"request_key": key})

    network = {"REMOTE_ADDR": "192.0.2.7"}
    assert [ask(number, **network).status_code for number in range(2)] == [302, 302]
    page = ask(2, **network)
    assert "Many requests came from your network" in page.content.decode()
    assert 'value="Ada"' in page.content.decode()
    assert Case.objects.count() == 2
    # The form that was sent already leads where it led, and others are not held up.
    assert ask(1, **network).status_code == 302
    assert ask(3, REMOTE_ADDR="192.0.2.8").status_code == 302


def test_search_finds_a_case_only_for_those_who_see_it(db: None) -> None:
    case = CaseFactory(title="Échos de lave", summary="A secret", contact_name="Zoé Cachée")
    advisor, manager = person(Role.ADVISOR), person(Role.PROGRAMME_MANAGER)
    assert [hit.title for hit in _search(manager, "echos de", 5)] == ["Échos de lave"]
    assert not list(_search(advisor, "echos", 5))
    assert not list(_search(person(Role.MEMBER), "echos", 5))
    for words in ("secret", "Zoé", "Cachée"):
        assert not list(_search(manager, words, 5))
    assert case.pk
