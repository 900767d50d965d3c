"""Offers that are not for everybody: sectors, communes, languages; and expert hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from diapason.desk import actions
from diapason.desk.contracts import Need, Sector, Stage, Tongue
from diapason.desk.models import Offer
from diapason.desk.queries import backlog, places, support
from diapason.directory.contracts import Role
from diapason.kernel.clock import today
from diapason.kernel.refusals import Refusal
from tests.desk.factories import CaseFactory, CaseStageFactory, FrontDoorFactory, OfferFactory
from tests.directory.factories import CommuneFactory, OrganisationFactory, person
from tests.trust.world import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def manager() -> Any:
    return person(Role.PROGRAMME_MANAGER)


def waiting_case(**fields: Any) -> Any:
    case = CaseFactory(**fields)
    CaseStageFactory(case=case)
    return case


def proposed(case: Any) -> set[str]:
    return {one.offer.title for one in support.proposals(case, today())}


def test_an_offer_is_proposed_to_whom_it_is_for() -> None:
    here, there = CommuneFactory(), CommuneFactory()
    OfferFactory(title="everybody")
    OfferFactory(title="music", sectors=["music"])
    OfferFactory(title="games", sectors=["games"])
    OfferFactory(title="here", communes=[here.pk])
    OfferFactory(title="there", communes=[there.pk])
    assert proposed(waiting_case(sector="music", commune=here)) == {"everybody", "music", "here"}
    # What a project did not say excludes it from nothing.
    every = {"everybody", "music", "games", "here", "there"}
    assert proposed(waiting_case(sector="other", commune=None)) == every


def test_who_speaks_the_language_comes_first_and_it_is_said() -> None:
    OfferFactory(title="french", languages=["fr"], hours=20)
    OfferFactory(title="english", languages=["en", "fr"], stages=["acceleration"])
    first, second = support.proposals(waiting_case(language="en"), today())
    assert (first.offer.title, second.offer.title) == ("english", "french")
    assert "Does not help in the language of the project: English" in second.reasons
    assert "20 expert hours a month" in second.reasons


def test_the_backlog_keeps_to_it_and_says_why(manager: Any) -> None:
    FrontDoorFactory()
    OfferFactory(title="games", sectors=["games"])
    case = waiting_case(sector="music")
    plan = backlog.plan(manager, today())
    assert [(one.pk, why) for one, why in plan.left] == [
        (case.pk, "Whoever answers these needs is for other sectors or communes.")
    ]
    everybody = OfferFactory(title="everybody")
    (line,) = backlog.plan(manager, today()).lines
    assert line.offer == everybody
    # It was for everybody when the person looked.
    Offer.objects.filter(pk=everybody.pk).update(sectors=["games"])
    with pytest.raises(actions.Outdated) as caught:
        actions.assign(by=manager, pairs=[(case.pk, everybody.pk)], request_key=None)
    assert "sector or commune" in str(caught.value.faults[case.pk, everybody.pk])


def given(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Studio",
        "stages": [Stage.IDEA],
        "needs": [Need.PLACE],
        "seats": 2,
        "starts": date(2019, 1, 1),
    } | changes


def test_what_is_declared_is_checked_and_kept(manager: Any) -> None:
    structure, commune = OrganisationFactory(), CommuneFactory()
    offer = actions.offer_support(
        by=manager,
        structure_id=structure.pk,
        **given(
            sectors=[Sector.MUSIC],
            communes=[commune.pk],
            languages=[Tongue.ENGLISH, Tongue.SIGNS],
            hours=12,
        ),
    )
    assert (offer.sectors, offer.communes, offer.hours) == (["music"], [commune.pk], 12)
    assert offer.languages == ["en", "signs"]
    with pytest.raises(Refusal) as caught:
        actions.offer_support(by=manager, structure_id=structure.pk, **given(communes=["ZZZZZ"]))
    assert caught.value.field == "communes"
    # Around Python, the database refuses too.
    for field in ("sectors", "languages"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Offer.objects.filter(pk=offer.pk).update(**{field: ["elvish"]})


def test_a_territory_is_written_and_read_back_by_its_name(manager: Any) -> None:
    whole = [CommuneFactory(intercommunality="Les Volcans") for _n in range(3)]
    alone = CommuneFactory(name="Nulle-Part", intercommunality="Ailleurs")
    CommuneFactory(intercommunality="Ailleurs")
    offer = OfferFactory(structure=OrganisationFactory())
    page, client = reverse("desk:offer", args=[offer.pk]), client_of(manager)
    typed = {
        "structure": offer.structure_id,
        "title": "Studio",
        "stages": ["idea"],
        "needs": ["place"],
        "seats": "2",
        "starts": "2019-01-01",
        "communes": "les volcans, nulle-part",
        "sectors": ["music", "games"],
        "languages": ["fr"],
        "hours": "8",
    }
    assert client.post(page, typed | {"communes": "Atlantis"}).status_code == 200
    assert client.post(page, typed).status_code == 302
    offer.refresh_from_db()
    assert set(offer.communes) == {one.pk for one in (*whole, alone)}
    assert 'value="Les Volcans, Nulle-Part"' in client.get(page).content.decode()
    capacity = client.get(reverse("desk:capacity")).content.decode()
    assert "Music, Video games · Les Volcans, Nulle-Part · French" in capacity
    public = client_of(None)
    portal = public.get(reverse("desk:support")).content.decode()
    assert "Les Volcans, Nulle-Part" in portal
    for sector, found in (("music", True), ("stage_arts", False)):
        listed = public.get(reverse("desk:support"), {"sector": sector}).content.decode()
        assert ('<h2 class="h3">Studio</h2>' in listed) is found


def test_a_long_territory_is_told_in_short() -> None:
    names = [f"Commune {letter}" for letter in "ABCDEFGHI"]
    assert places.in_short(names).endswith("Commune F and 3 more communes")
    assert places.in_short([]) == ""


def test_hours_add_up_on_the_board() -> None:
    OfferFactory(stages=["idea"], hours=20)
    OfferFactory(stages=["idea", "incubation"], hours=5)
    OfferFactory(stages=["incubation"], hours=None)
    by_stage, _by_need = support.pressures(today())
    hours = {row.word: row.hours for row in by_stage}
    assert (hours[Stage.IDEA], hours[Stage.INCUBATION], hours[Stage.ACCELERATION]) == (25, 5, 0)
