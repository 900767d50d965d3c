"""The front desk's pages in the workspace."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from diapason.desk.models import Absence, Case, DeskContact, FrontDoor, Offer, Outcome, Referral
from diapason.directory.contracts import Role
from diapason.kernel.clock import today
from tests.desk.factories import (
    CaseFactory,
    CaseStageFactory,
    OfferFactory,
    OutcomeFactory,
    ReferralFactory,
)
from tests.desk.visiting import (
    KEY,
    advisor_of,
    door,
    opened,
    signed_in,
    walk_through,
)
from tests.directory.factories import OrganisationFactory, person

__all__ = ["door"]  # a fixture

pytestmark = pytest.mark.django_db


def page_of(case: Case) -> str:
    return f"/en/workspace/cases/{case.pk}/"


def test_the_front_desk_orients_and_the_structure_answers(door: FrontDoor) -> None:
    case, offer = opened(owner=door.organisation), OfferFactory()
    desk, house = advisor_of(door.organisation), advisor_of(offer.structure)
    assert house.get(page_of(case)).status_code == 404
    assert "3 free seats of 3" in desk.get(page_of(case)).content.decode()
    desk.post(page_of(case), {"act": "propose", "offer": offer.pk})
    referral = Referral.objects.get()
    page = house.get(page_of(case)).content.decode()
    assert "Accept this project" in page
    refused = house.post(page_of(case), {"act": "decline", "referral": referral.pk, "reason": ""})
    assert "Say why" in refused.content.decode()
    house.post(page_of(case), {"act": "accept", "referral": referral.pk})
    referral.refresh_from_db()
    assert referral.state == "accepted"


def test_a_declined_case_is_gone_for_that_structure(door: FrontDoor) -> None:
    referral = ReferralFactory(case=opened(owner=door.organisation))
    house = advisor_of(referral.structure)
    posted = {"act": "decline", "referral": referral.pk, "reason": "Not our field."}
    answer = house.post(page_of(referral.case), posted)
    assert answer.url == "/en/workspace/cases/"
    assert house.get(page_of(referral.case)).status_code == 404


def test_another_structures_proposal_is_not_answered_from_here(door: FrontDoor) -> None:
    case = opened()
    mine, theirs = ReferralFactory(case=case), ReferralFactory(case=opened())
    other = ReferralFactory(case=case)
    house = advisor_of(mine.structure)
    assert house.post(page_of(case), {"act": "accept", "referral": theirs.pk}).status_code == 404
    page = house.post(page_of(case), {"act": "accept", "referral": other.pk})
    assert "Only those in charge" in page.content.decode()
    assert set(Referral.objects.values_list("state", flat=True)) == {"proposed"}


def test_an_outcome_is_recorded_and_what_was_typed_is_kept(door: FrontDoor) -> None:
    case, client = opened(), signed_in(person(Role.PROGRAMME_MANAGER))
    given = {
        "act": "outcome",
        "kind": "jobs_created",
        "on": "2017-05-01",
        "count": "2",
        "fte": "1.5",
        "evidence": "Two contracts",
        "verified": "document",
        "request_key": KEY,
    }
    page = client.post(page_of(case), given).content.decode()
    assert "what came before does not count" in page
    assert 'value="Two contracts"' in page
    for _time in range(2):
        client.post(page_of(case), given | {"on": "2019-05-01"})
    assert Outcome.objects.get().count == 2


def test_an_outcome_is_withdrawn_from_its_case(door: FrontDoor) -> None:
    case, manager = opened(), person(Role.PROGRAMME_MANAGER)
    client, made = signed_in(manager), OutcomeFactory(case=case)
    others = OutcomeFactory()
    given = {"act": "withdraw", "outcome": str(made.pk), "why": ""}
    page = client.post(page_of(case), given).content.decode()
    assert f'id="withdraw_{made.pk}_why_error"' in page
    assert client.post(page_of(case), given | {"outcome": str(others.pk)}).status_code == 200
    answer = client.post(page_of(case), given | {"why": "A mistake", "outcome": str(others.pk)})
    assert answer.status_code == 404
    client.post(page_of(case), given | {"why": "A mistake"})
    page = client.get(page_of(case)).content.decode()
    assert "A mistake" in page
    assert 'value="withdraw"' not in page
    others.refresh_from_db()
    assert others.withdrawn_on is None


def test_a_conflict_keeps_what_was_typed(door: FrontDoor) -> None:
    case, client = opened(), signed_in(person(Role.PROGRAMME_MANAGER))
    given = {"act": "next", "next_on": f"{today()}", "next_step": "Mine", "version": "1"}
    client.post(page_of(case), given | {"next_step": "Theirs"})
    page = client.post(page_of(case), given).content.decode()
    assert "“Theirs”" in page
    assert 'value="Mine"' in page
    client.post(page_of(case), given | {"version": "2"})
    case.refresh_from_db()
    assert case.next_step == "Mine"


@pytest.mark.parametrize("act", ["", "nothing", "propose", "accept", "end", "move", "close"])
def test_an_odd_act_breaks_nothing(door: FrontDoor, act: str) -> None:
    client = signed_in(person(Role.PROGRAMME_MANAGER))
    answer = client.post(page_of(opened()), {"act": act, "offer": "x", "referral": "9" * 30})
    assert answer.status_code in {200, 404}


def test_the_list_filters_and_exports(door: FrontDoor) -> None:
    helped = ReferralFactory(case=opened(title="Helped one"), state="accepted")
    opened(title="New one")
    opened(title="Closed one", closed_on="2019-01-01", closing="done", next_on=None)
    client = signed_in(person(Role.PROGRAMME_MANAGER))

    def shown(query: str) -> set[str]:
        page = client.get(f"/en/workspace/cases/?{query}").content.decode()
        return set(re.findall(r"(Helped|New|Closed) one", page))

    assert shown("") == {"Helped", "New", "Closed"}
    assert shown("state=new") == {"New"}
    assert shown("state=helped") == {"Helped"}
    assert shown("state=closed") == {"Closed"}
    assert shown("state=late") == {"Helped", "New"}
    assert shown(f"structure={helped.structure_id}") == {"Helped"}
    file = client.get("/en/workspace/cases/?state=new&export=csv")
    assert b"New one" in b"".join(file)


def test_only_who_orients_is_led_to_the_backlog(door: FrontDoor) -> None:
    for keeper, led in ((advisor_of(door.organisation), True), (advisor_of(opened().owner), False)):
        page = keeper.get("/en/workspace/cases/").content.decode()
        assert ("/en/workspace/cases/backlog/" in page) is led


def test_a_contact_is_recorded_from_its_form(door: FrontDoor) -> None:
    client = advisor_of(door.organisation)
    given = {"channel": "phone", "subject": "A place", "on": "2019-05-01", "request_key": KEY}
    for _time in range(2):
        client.post("/en/workspace/contacts/new/", given)
    assert DeskContact.objects.get().subject == "A place"
    page = client.post("/en/workspace/contacts/new/", given | {"on": "2999-01-01"})
    assert "lies in the future" in page.content.decode()


def test_an_offer_is_published_and_changed(door: FrontDoor) -> None:
    client = advisor_of(door.organisation)
    given = {
        "structure": door.organisation_id,
        "title": "A desk",
        "stages": ["idea"],
        "needs": ["place"],
        "seats": "2",
        "starts": "2019-01-01",
        "request_key": KEY,
    }
    client.post("/en/workspace/offers/new/", given)
    offer = Offer.objects.get()
    client.post(f"/en/workspace/offers/{offer.pk}/", given | {"seats": "4"})
    offer.refresh_from_db()
    assert offer.seats == 4
    assert client.get(f"/en/workspace/offers/{OfferFactory().pk}/").status_code == 404
    foreign = client.post(
        "/en/workspace/offers/new/", given | {"structure": OrganisationFactory().pk}
    )
    assert foreign.status_code == 200
    board = client.get("/en/workspace/capacity/").content.decode()
    assert "A desk" in board


def test_a_figure_leads_to_the_case_of_its_row(door: FrontDoor) -> None:
    case = opened()
    row = CaseStageFactory(stage="incubation", case=CaseFactory())
    client = signed_in(person(Role.PROGRAMME_MANAGER))
    found = client.get(f"/en/workspace/cases/of/stage/{row.pk}/")
    assert found.url == page_of(row.case)
    assert client.get(f"/en/workspace/cases/of/else/{row.pk}/").status_code == 404
    hidden = advisor_of(case.owner).get(f"/en/workspace/cases/of/stage/{row.pk}/")
    assert hidden.status_code == 404


def test_a_manager_chooses_the_front_door(db: None) -> None:
    house = OrganisationFactory()
    client = signed_in(person(Role.PROGRAMME_MANAGER))
    client.post("/en/workspace/front-door/", {"organisation": house.pk})
    assert FrontDoor.objects.get().organisation == house
    assert advisor_of(house).get("/en/workspace/front-door/").status_code == 403


@pytest.mark.parametrize(("seats", "words"), [(1, "free seat of 1"), (2, "free seats of 2")])
def test_the_board_counts_one_seat_as_one(door: FrontDoor, seats: int, words: str) -> None:
    OfferFactory(seats=seats)
    page = advisor_of(door.organisation).get("/en/workspace/capacity/").content.decode()
    assert words in page


def test_the_next_stage_is_proposed_and_the_state_is_told(door: FrontDoor) -> None:
    case = opened(owner=door.organisation, stage="idea", next_on=today())
    client = advisor_of(door.organisation)
    page = client.get(page_of(case)).content.decode()
    assert re.search(r'value="definition" selected', page)
    assert "To be oriented" in page
    ReferralFactory(case=case)
    assert "Awaits an answer" in client.get(page_of(case)).content.decode()


def test_the_page_of_an_enterprise_lists_its_projects_to_those_who_see_them(
    door: FrontDoor,
) -> None:
    enterprise = OrganisationFactory(kind="company")
    opened(title="Echoes", organisation=enterprise, owner=door.organisation)
    page = f"/en/workspace/organisations/{enterprise.pk}/"
    assert "Echoes" in advisor_of(door.organisation).get(page).content.decode()
    assert "Echoes" not in advisor_of(OrganisationFactory()).get(page).content.decode()


def test_a_closed_project_promises_nothing_more(door: FrontDoor) -> None:
    client = Client()
    link = walk_through(client).url
    Case.objects.update(closed_on=today(), closing="stopped", next_on=None)
    page = client.get(link).content.decode()
    assert "Who help" not in page
    assert "attach one" not in page
    ReferralFactory(case=Case.objects.get(), state="ended", answered_on=today(), ended_on=today())
    assert "Who helped" in client.get(link).content.decode()


def test_the_full_time_equivalents_of_jobs_are_shown(door: FrontDoor) -> None:
    case = opened(owner=door.organisation)
    client = advisor_of(door.organisation)
    said = {"act": "outcome", "kind": "jobs_created", "on": "2018-02-01", "count": "2"}
    said |= {"fte": "1.5", "evidence": "Contracts", "verified": "document"}
    client.post(page_of(case), said)
    assert "1.5 full-time equivalents" in client.get(page_of(case)).content.decode()


def test_a_caller_s_request_is_written_from_the_contacts(door: FrontDoor) -> None:
    client = advisor_of(door.organisation)
    assert 'href="/en/start/"' in client.get("/en/workspace/contacts/").content.decode()
    door.delete()
    assert 'href="/en/start/"' not in client.get("/en/workspace/contacts/").content.decode()


def test_another_contact_typed_after_going_back_is_not_lost(door: FrontDoor) -> None:
    advisor = advisor_of(door.organisation)
    given = {"channel": "phone", "subject": "A place", "on": "2019-05-01", "request_key": KEY}
    advisor.post("/en/workspace/contacts/new/", given)
    again = given | {"subject": "A lawyer"}
    page = advisor.post("/en/workspace/contacts/new/", again)
    [told] = page.context["form"].non_field_errors()
    assert "already sent for something else" in told
    assert page.context["form"]["subject"].value() == "A lawyer"
    again["request_key"] = page.context["form"]["request_key"].value()
    assert advisor.post("/en/workspace/contacts/new/", again).status_code == 302
    assert set(DeskContact.objects.values_list("subject", flat=True)) == {"A place", "A lawyer"}


def test_an_absence_is_ended_from_the_capacity_page_by_its_own_people(door: FrontDoor) -> None:
    page, day = "/en/workspace/capacity/", today()
    absence = Absence.objects.create(structure=door.organisation, starts=day, ends=day)
    given = {"act": "end", "absence": absence.pk}
    other = advisor_of(OrganisationFactory())
    assert "End this absence" not in other.get(page).content.decode()
    told = other.post(page, given, follow=True).content.decode()
    assert "This absence is over already." in told
    assert Absence.objects.exists()
    own = advisor_of(door.organisation)
    assert "End this absence" in own.get(page).content.decode()
    told = own.post(page, given, follow=True).content.decode()
    assert "The absence is over: projects are proposed again." in told
    assert not Absence.objects.exists()


def test_whoever_had_their_data_erased_is_promised_nothing(door: FrontDoor) -> None:
    client = Client()
    link = walk_through(client).url
    assert "reads your request by that day" in client.get(link).content.decode()
    client.post(link, {"act": "forget", "sure": "on"})
    page = client.get(link).content.decode()
    assert "nobody can write to you any more" in page
    assert "reads your request by that day" not in page
    assert "Send this message" not in page


def test_who_offers_support_stands_first_where_somebody_is_oriented(door: FrontDoor) -> None:
    offer, other = OfferFactory(), OrganisationFactory()
    client = advisor_of(door.organisation)
    page = client.get("/en/workspace/contacts/new/")
    (_none, _nobody), (_first, offering), (_second, others) = (
        page.context["form"].fields["oriented_to"].choices
    )
    assert [key for key, _name in offering] == [offer.structure_id]
    assert {other.pk, door.organisation_id} <= {key for key, _name in others}
    given = {"channel": "phone", "subject": "A place", "on": "2019-05-01"}
    for structure in (offer.structure_id, other.pk):
        client.post("/en/workspace/contacts/new/", given | {"oriented_to": structure})
        assert DeskContact.objects.filter(oriented_to=structure).exists()
