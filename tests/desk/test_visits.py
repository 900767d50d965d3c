"""Visits: whom to see next, what was found, and what comes of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.translation import override

from diapason.desk import actions
from diapason.desk.contracts import Difficulty, Need, Sector, Stage
from diapason.desk.models import Case, Visit, VisitFinding
from diapason.desk.offers import visits_planned
from diapason.desk.queries import visits
from diapason.directory.contracts import Role
from diapason.directory.models import Commune
from diapason.kernel import measures
from diapason.kernel.clock import today
from diapason.kernel.periods import Window
from diapason.kernel.refusals import Refusal
from tests.desk.factories import OfferFactory, VisitFactory, VisitFindingFactory
from tests.directory.factories import OrganisationFactory, UserFactory, person
from tests.plan.racing import race

AT = date(2020, 6, 1)
KEY = uuid.UUID(int=31)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def advisor(db: None) -> Any:
    return person(Role.ADVISOR)


def client_of(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def enterprise(name: str, **fields: Any) -> Any:
    return OrganisationFactory(kind="company", name={"en": name, "fr": name}, **fields)


def visited(organisation: Any, on: date, sector: str = "music") -> Visit:
    return VisitFactory(
        organisation=organisation, state="done", done_on=on, year=on.year, sector=sector
    )


def names(count: int = 20) -> list[str]:
    return [str(one.organisation) for one in visits.proposed(2020, AT, count)]


def test_who_was_not_seen_for_longest_comes_first(db: None) -> None:
    for name, on in (("Recent", date(2019, 5, 1)), ("Old", date(2015, 5, 1))):
        visited(enterprise(name), on)
    enterprise("Never")
    found = visits.proposed(2020, AT, 3)
    assert [str(one.organisation) for one in found] == ["Never", "Old", "Recent"]
    assert found[0].reasons[0] == "Never visited yet"
    assert found[1].reasons[0] == "Not visited since 1\u00a0May 2015"


def test_nobody_is_proposed_who_was_seen_this_year_or_will_be_or_helps_or_is_gone(
    db: None,
) -> None:
    visited(enterprise("Seen"), date(2020, 2, 1))
    VisitFactory(organisation=enterprise("To come"), year=2020)
    OfferFactory(structure=enterprise("Helps"))
    kept = enterprise("Kept")
    enterprise("Duplicate", merged_into=kept)
    twin = enterprise("Twin")
    visited(enterprise("Twin too", merged_into=twin), date(2020, 3, 1))
    OrganisationFactory(kind="authority")
    cancelled = VisitFactory(organisation=enterprise("Cancelled"), year=2020, state="cancelled")
    assert cancelled.pk
    assert names() == ["Kept", "Cancelled"]


def test_the_programme_is_spread_over_sectors_and_communes(db: None) -> None:
    royat, volvic = (
        Commune.objects.create(code=code, name=name, postcodes=[])
        for code, name in (("00001", "Royat"), ("00002", "Volvic"))
    )
    for number in range(3):
        visited(enterprise(f"Music {number}", commune=royat), date(2016, 1, 1 + number))
    visited(enterprise("Games", commune=volvic), date(2016, 12, 1), "games")
    first, second = visits.proposed(2020, AT, 2)
    assert (str(first.organisation), str(second.organisation)) == ("Music 0", "Games")
    assert "The first of the year in this sector: Video games" in second.reasons
    assert "The first of the year in Volvic" in second.reasons


def test_taken_twice_or_at_once_an_enterprise_is_visited_once(advisor: Any) -> None:
    house = enterprise("House")
    for _time in range(2):
        actions.add_visits(by=advisor, year=2020, why={house.pk: "Never visited yet"})
    assert Visit.objects.get().why == "Never visited yet"


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_add_one_visit() -> None:
    by, house = person(Role.ADVISOR), enterprise("House")
    race(*[partial(actions.add_visits, by=by, year=2020, why={house.pk: ""})] * 4)
    assert Visit.objects.count() == 1


def refused(statement: str, *values: Any) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError:
        return True
    return False


def test_the_database_refuses_what_cannot_be(db: None) -> None:
    visit = VisitFactory()
    other = VisitFactory(organisation=visit.organisation, state="cancelled")
    table = "UPDATE desk_visit SET"
    assert refused(f"{table} state = 'accepted' WHERE id = %s", other.pk)
    assert refused(f"{table} state = 'done' WHERE id = %s", visit.pk)
    assert refused(f"{table} state = 'planned' WHERE id = %s", visit.pk)
    assert refused(f"{table} sector = 'gardening' WHERE id = %s", visit.pk)
    finding = VisitFindingFactory(visit=visit)
    found = "UPDATE desk_visitfinding SET"
    assert refused(f"{found} topic = 'weather' WHERE id = %s", finding.pk)
    assert refused(f"{found} kind = 'difficulty', topic = 'advice' WHERE id = %s", finding.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitFindingFactory(visit=visit)


def written(by: Any, visit: Visit, **fields: Any) -> Visit:
    given = {
        "version": visit.version,
        "done_on": date(2020, 5, 5),
        "sector": Sector.GAMES,
        "needs": [Need.FUNDING],
        "difficulties": [Difficulty.CASH, Difficulty.RECRUITING],
        "notes": "They hire.",
    } | fields
    return actions.write_visit(by=by, visit=visit, **given)


def test_a_visit_is_planned_made_and_counted(advisor: Any) -> None:
    visit = VisitFactory()
    planned = actions.plan_visit(
        by=advisor, visit=visit, version=1, planned_on=today(), visitor=advisor
    )
    (item,) = visits_planned(advisor)
    assert item.due == today()
    done = written(advisor, planned)
    assert (done.state, done.sector, done.visitor) == ("done", "games", advisor)
    assert not list(visits_planned(advisor))
    measure = measures.find("desk.visits")
    evidence = measure.evidence(Window(date(2020, 1, 1), date(2021, 1, 1)))
    assert evidence.number().value == 1
    assert evidence.split("sector")[0][0] == "games"
    edge = Window(date(2020, 1, 1), date(2020, 5, 5))
    assert measure.evidence(edge).number().value == 0


def test_who_may_not_visit_does_not(db: None) -> None:
    visit, member = VisitFactory(), person(Role.MEMBER)
    with pytest.raises(PermissionDenied):
        written(member, visit)
    with pytest.raises(Refusal, match="cannot make visits"):
        actions.plan_visit(
            by=person(Role.ADVISOR), visit=visit, version=1, planned_on=today(), visitor=member
        )
    assert not visits.visible_to(member).exists()


def test_notes_sent_twice_are_written_once(advisor: Any) -> None:
    visit = VisitFactory()
    for _time in range(2):
        written(advisor, visit, notes_key=KEY)
    visit.refresh_from_db()
    assert (visit.version, VisitFinding.objects.count()) == (2, 3)


def test_notes_of_two_people_are_shown_never_overwritten(advisor: Any) -> None:
    visit = VisitFactory()
    written(advisor, visit, notes="Theirs")
    client = client_of(person(Role.ADVISOR))
    given = {
        "done_on": "2020-05-05",
        "sector": "music",
        "notes": "Mine",
        "needs": ["place"],
        "version": "1",
        "request_key": str(KEY),
    }
    address = f"/en/workspace/visits/{visit.pk}/notes/"
    page = client.post(address, given).content.decode()
    assert "nothing was overwritten" in page
    assert "Theirs" in page
    assert "Mine</textarea>" in page
    visit.refresh_from_db()
    assert visit.notes == "Theirs"
    # Having seen them, the person keeps their own.
    client.post(address, given | {"version": "2"})
    visit.refresh_from_db()
    assert visit.notes == "Mine"
    shown = client.get(f"/en/workspace/visits/{visit.pk}/").content.decode()
    assert f'data-kept="{KEY}"' in shown


def test_without_a_script_notes_are_put_aside_on_the_server(advisor: Any) -> None:
    visit, client = VisitFactory(), client_of(advisor)
    address = f"/en/workspace/visits/{visit.pk}/notes/"
    kept = {"act": "keep", "notes": "Half a sen", "needs": ["place"], "done_on": "", "version": "1"}
    client.post(address, kept)
    page = client.get(address).content.decode()
    assert "Half a sen</textarea>" in page
    visit.refresh_from_db()
    assert visit.state == "accepted"
    sent = {"done_on": "2020-05-05", "sector": "music", "notes": "Whole", "version": "1"}
    client.post(address, sent | {"request_key": str(KEY)})
    assert "Half a sen" not in client.get(address).content.decode()


def test_what_cannot_be_written_is_told(advisor: Any) -> None:
    visit = VisitFactory()
    with pytest.raises(Refusal, match="future"):
        written(advisor, visit, done_on=today() + timedelta(days=1))
    with pytest.raises(Refusal, match="10000 at most"):
        written(advisor, visit, notes="a" * 10_001)
    actions.cancel_visit(by=advisor, visit=visit)
    with pytest.raises(Refusal, match="cancelled"):
        written(advisor, visit, version=2)
    with pytest.raises(Refusal, match="over"):
        actions.cancel_visit(by=advisor, visit=visit)


def test_a_need_becomes_one_case_of_the_enterprise(advisor: Any) -> None:
    visit = written(advisor, VisitFactory(organisation=enterprise("House")))
    need = VisitFinding.objects.get(kind="need")
    first = actions.open_case(by=advisor, finding=need, stage=Stage.ACCELERATION)
    assert actions.open_case(by=advisor, finding=need, stage=Stage.IDEA) == first
    case = Case.objects.get()
    assert (case.title, case.organisation, case.needs) == (
        "Funding: House",
        visit.organisation,
        ["funding"],
    )
    assert (case.responsible, case.next_on is not None) == (advisor, True)
    page = client_of(advisor).get(f"/en/workspace/cases/{case.pk}/").content.decode()
    assert f'<a href="/en/workspace/visits/{visit.pk}/">a visit</a>' in page
    assert "name that was erased" not in page
    difficulty = VisitFinding.objects.filter(kind="difficulty").first()
    with pytest.raises(Refusal, match="Only a need"):
        actions.open_case(by=advisor, finding=difficulty, stage=Stage.IDEA)  # type: ignore[arg-type]
    # A need that became a case stays when the notes are written again without it.
    written(advisor, visit, needs=[], difficulties=[])
    assert VisitFinding.objects.get() == need


def test_difficulties_add_up_by_sector_and_year(advisor: Any) -> None:
    for year, sector, topics in (
        (2019, "music", ["cash"]),
        (2020, "music", ["cash", "rights"]),
        (2020, "games", ["cash"]),
    ):
        visit = VisitFactory(state="done", done_on=date(year, 3, 3), year=year, sector=sector)
        for topic in topics:
            VisitFindingFactory(visit=visit, kind="difficulty", topic=topic)
    found = visits.trends(2020)
    assert (found.visits, list(found.sectors)) == (2, [Sector.MUSIC, Sector.GAMES])
    assert [(row.difficulty, row.total, list(row.by_sector), row.before) for row in found.rows] == [
        (Difficulty.CASH, 2, [1, 1], 1),
        (Difficulty.RIGHTS, 1, [1, 0], 0),
    ]
    # The year before the first visits is not known, not zero.
    assert {row.before for row in visits.trends(2019).rows} == {None}
    page = client_of(advisor).get("/en/workspace/visits/difficulties/?year=2020").content.decode()
    assert "Cash and funding: what enterprises mentioned most in 2020" in page
    # Of two that were met as often, neither is left out.
    VisitFindingFactory(visit=visit, kind="difficulty", topic="rights")
    assert visits.trends(2020).first == "Cash and funding, rights and contracts"


def test_from_proposal_to_case_in_the_browser(advisor: Any) -> None:
    house, client = enterprise("House"), client_of(advisor)
    page = client.get("/en/workspace/visits/programme/?year=2020").content.decode()
    assert "Never visited yet" in page
    given = {"year": "2020", "organisation": [house.pk]}
    client.post("/en/workspace/visits/programme/", given)
    visit = Visit.objects.get()
    assert visit.why.startswith("Never visited yet")
    address = f"/en/workspace/visits/{visit.pk}/"
    client.post(address, {"act": "plan", "planned_on": "2020-05-04", "version": "1"})
    sent = {"done_on": "2020-05-05", "sector": "music", "needs": ["place"], "version": "2"}
    client.post(f"{address}notes/", sent)
    finding = VisitFinding.objects.get()
    client.post(address, {"act": "case", "finding": finding.pk, "stage": "idea"})
    case = Case.objects.get()
    assert f"/en/workspace/cases/{case.pk}/" in client.get(address).content.decode()
    listed = client.get("/en/workspace/visits/?state=done&year=2020").content.decode()
    assert "House" in listed
    organisation = client.get(f"/en/workspace/organisations/{house.pk}/").content.decode()
    assert f'href="{address}"' in organisation


def test_whom_a_colleague_took_meanwhile_is_told(advisor: Any) -> None:
    house, other = enterprise("House"), enterprise("Other")
    actions.add_visits(by=advisor, year=2020, why={other.pk: "Taken by a colleague"})
    client = client_of(advisor)
    given = {"year": "2020", "organisation": [house.pk, other.pk]}
    page = client.post("/en/workspace/visits/programme/", given, follow=True).content.decode()
    assert "1 enterprise is in the programme." in page
    assert "1 that you chose is not: it has a visit to come since." in page
    assert Visit.objects.count() == 2


def test_one_enterprise_is_added_from_its_own_page(advisor: Any) -> None:
    house, client = enterprise("House"), client_of(advisor)
    for _time in range(2):
        client.post(f"/en/workspace/visits/to/{house.pk}/")
    assert Visit.objects.get().organisation == house


@pytest.mark.parametrize("act", ["nothing", "plan", "cancel", "case"])
def test_an_odd_act_breaks_nothing(advisor: Any, act: str) -> None:
    visit = VisitFactory()
    answer = client_of(advisor).post(
        f"/en/workspace/visits/{visit.pk}/", {"act": act, "finding": "x"}
    )
    assert answer.status_code in {200, 302}


def test_erasing_the_visitor_leaves_the_visit(advisor: Any) -> None:
    written(advisor, VisitFactory(added_by=UserFactory()))
    actions.forget_person(advisor)
    assert Visit.objects.get().visitor is None


def test_a_visit_written_down_before_its_day_is_made_today(advisor: Any) -> None:
    visit = VisitFactory(state="planned", planned_on=today() + timedelta(days=4), visitor=advisor)
    page = client_of(advisor).get(f"/en/workspace/visits/{visit.pk}/notes/").content.decode()
    assert f'name="done_on" value="{today().isoformat()}"' in page


def test_other_notes_under_the_same_key_are_not_lost(advisor: Any) -> None:
    """A draft that is open twice has one key."""
    visit = VisitFactory()
    written(advisor, visit, notes="From the phone", notes_key=KEY)
    for changed in ({"notes": "From the desk"}, {"notes": "From the phone", "needs": []}):
        with pytest.raises(Refusal, match="nothing was overwritten"):
            written(advisor, visit, notes_key=KEY, **changed)
    written(advisor, visit, version=2, notes="From the desk", notes_key=KEY)
    visit.refresh_from_db()
    assert visit.notes == "From the desk"
    # A need that became a case stays: the same form again is still the same.
    need = VisitFinding.objects.get(visit=visit, kind="need")
    actions.open_case(by=advisor, finding=need, stage=Stage.IDEA)
    for _time in range(2):
        written(advisor, visit, version=3, needs=[], notes_key=uuid.UUID(int=9))
    visit.refresh_from_db()
    assert visit.version == 4


@pytest.mark.parametrize("year", [1900, 2019, 2999])
def test_a_visit_is_planned_for_its_programme(advisor: Any, year: int) -> None:
    visit = VisitFactory(year=2020)
    with pytest.raises(Refusal, match="programme of 2020") as refusal:
        actions.plan_visit(by=advisor, visit=visit, version=1, planned_on=date(year, 6, 1))
    assert refusal.value.field == "planned_on"


def test_a_visit_is_not_older_than_its_programme(advisor: Any) -> None:
    with pytest.raises(Refusal, match="programme of 2020") as refusal:
        written(advisor, VisitFactory(year=2020), done_on=date(1900, 1, 1))
    assert refusal.value.field == "done_on"


def test_a_programme_of_nobody_asks_for_somebody(advisor: Any) -> None:
    page = client_of(advisor).post("/en/workspace/visits/programme/", {"year": "2020"}, follow=True)
    assert "Choose at least one enterprise." in page.content.decode()
