"""Organisations in the workspace."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from diapason.directory.contracts import Role
from diapason.directory.models import Organisation, RegisterEntry
from diapason.kernel.registries import Panel, panels
from tests.directory.factories import (
    SIREN,
    SIRET,
    ActivityFactory,
    CommuneFactory,
    MembershipFactory,
    OrganisationFactory,
    person,
)
from tests.directory.pages import words

pytestmark = pytest.mark.django_db

NEW = "/en/workspace/organisations/new/"


@pytest.fixture
def advisor():
    return person(Role.ADVISOR, name="Alix", language="en")


@pytest.fixture
def staff(client, advisor):
    client.force_login(advisor)
    client.cookies["django_language"] = "en"
    return client


def typed(**changes):
    return {"name_fr": "Atelier Inventé", "kind": "company", **changes}


def url(name: str, *args: object) -> str:
    return reverse(f"directory:{name}", args=args)


def test_an_organisation_is_written_down_and_read_again(staff):
    CommuneFactory(name="Élan", code="99101")
    ActivityFactory(code="90.01Z")
    page = staff.post(
        url("organisation_new"),
        typed(siret=SIRET, commune="elan", activity="9001Z", email="hello@example.org"),
        follow=True,
    )
    made = Organisation.objects.get(code="atelier-invente")
    assert page.redirect_chain[-1][0] == url("organisation", made.pk)
    assert (made.siren, made.commune_id, made.activity.code) == (SIREN, "99101", "90.01Z")
    said = words(page)
    assert "hello@example.org" in said
    assert made.is_verified is False


def test_sent_twice_it_is_written_down_once(staff):
    form = typed(request_key="8e0bb70a-3f4c-4c39-92f7-9b3b9b4b4c55")
    for _time in range(2):
        assert staff.post(url("organisation_new"), form).status_code == 302
    assert Organisation.objects.filter(code__startswith="atelier-invente").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_fr": ""}, "name_fr"),
        ({"siret": "123"}, "siret"),
        ({"commune": "nowhere"}, "commune"),
        ({"activity": "00.00Z"}, "activity"),
        ({"phone": "call"}, "phone"),
    ],
)
def test_what_is_refused_stands_beside_its_field_and_nothing_is_lost(staff, changes, field):
    page = staff.post(url("organisation_new"), typed(address="12 rue Neuve", **changes))
    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {field}
    assert 'value="12 rue Neuve"' in page.content.decode()
    assert not Organisation.objects.filter(address="12 rue Neuve").exists()


def test_all_that_is_wrong_is_told_at_once(staff):
    wrong = {"siret": "123", "siren": "12 3", "phone": "call", "commune": "nowhere", "email": "no"}
    page = staff.post(url("organisation_new"), typed(**wrong))
    assert page.context["form"].errors.keys() == wrong.keys()


def test_communes_of_one_name_are_told_apart(staff):
    for code in ("99101", "99102"):
        CommuneFactory(name="Saint-Même", code=code)
    page = staff.post(url("organisation_new"), typed(commune="saint-meme"))
    (error,) = page.context["form"].errors["commune"]
    assert "99101" in error
    assert "99102" in error


def test_who_writes_second_sees_what_was_changed_and_may_save_again(staff):
    made = OrganisationFactory(name={"fr": "Atelier Inventé"})
    first = typed(version=made.version, phone="04 00 00 00 00")
    assert staff.post(url("organisation_edit", made.pk), first).status_code == 302
    page = staff.post(url("organisation_edit", made.pk), typed(version=1, postcode="99000"))
    assert page.status_code == 200
    assert "04 00 00 00 00" in words(page)
    made.refresh_from_db()
    assert made.postcode == ""
    again = typed(version=page.context["form"]["version"].value(), postcode="99000")
    assert staff.post(url("organisation_edit", made.pk), again).status_code == 302
    made.refresh_from_db()
    assert made.postcode == "99000"


def test_a_number_is_verified_on_the_page(staff, advisor):
    made = OrganisationFactory(siren=SIREN)
    page = staff.post(url("organisation", made.pk), {"version": 1, "verified_with": ""})
    assert "verified_with" in page.context["form"].errors
    staff.post(url("organisation", made.pk), {"version": 1, "verified_with": "a statement"})
    made.refresh_from_db()
    assert (made.verified_by, made.verified_with) == (advisor, "a statement")
    assert "a statement" in words(staff.get(url("organisation", made.pk)))


def test_a_page_shows_people_group_and_panels_of_the_duplicates_too(staff):
    head = OrganisationFactory(name={"fr": "La Tête"})
    made = OrganisationFactory(group=head)
    merged = OrganisationFactory(merged_into=made)
    MembershipFactory(organisation=merged, user__name="Ada Byron")
    panel = Panel(
        model="directory.Organisation",
        title="Cases",
        template="ui/facts.html",
        context=lambda record, user: {"facts": [{"label": "Case", "value": f"no. {record.pk}"}]},
    )
    with panels.lent("test.panel", panel):
        said = words(staff.get(url("organisation", made.pk)))
    for told in ("La Tête", "Ada Byron", f"no. {made.pk}", f"no. {merged.pk}"):
        assert told in said


def test_the_page_of_a_merged_organisation_leads_on(staff):
    made = OrganisationFactory()
    merged = OrganisationFactory(merged_into=made)
    page = staff.get(url("organisation", merged.pk), follow=True)
    assert page.redirect_chain[-1][0] == url("organisation", made.pk)
    assert merged.code in words(page)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("words=élan", {"un"}),
        ("words=ELAN", {"un"}),
        (f"words={SIREN[:4]}", {"deux"}),
        ("kind=festival", {"deux"}),
        ("commune=99101", {"un"}),
        ("verified=verified", set()),
        ("verified=unverified", {"deux"}),
        ("verified=none", {"un"}),
        ("sector={activity}", {"un"}),
    ],
)
def test_the_list_is_narrowed(staff, asked, expected):
    activity = ActivityFactory()
    OrganisationFactory(
        code="un",
        name={"fr": "Studio Élan"},
        commune=CommuneFactory(code="99101"),
        activity=activity,
    )
    OrganisationFactory(code="deux", kind="festival", siren=SIREN)
    OrganisationFactory(code="trois", merged_into=Organisation.objects.get(code="deux"))
    Organisation.objects.exclude(code__in=["un", "deux", "trois"]).update(kind="body")
    page = staff.get(url("organisations") + "?" + asked.format(activity=activity.pk))
    found = {row.record.code for row in page.context["listing"].rows}
    assert found & {"un", "deux", "trois"} == expected


def test_the_list_is_taken_away_as_a_spreadsheet(staff):
    OrganisationFactory(name={"fr": "Studio Élan", "en": "Studio Élan"}, siren=SIREN)
    page = staff.get(url("organisations") + "?export=csv&words=elan")
    assert SIREN in b"".join(page).decode("utf-8-sig")


def test_the_page_says_what_the_official_register_says(staff):
    made = OrganisationFactory(siren=SIREN, siret=SIRET)
    entry = RegisterEntry(siret=SIRET, siren=SIREN, opened_on=date(2015, 3, 1))
    entry.save()
    page = f"/en/workspace/organisations/{made.pk}/"
    assert "Active in the official register" in words(staff.get(page))
    entry.active, entry.closed_on = False, date(2020, 6, 30)
    entry.save()
    assert "closed on 30 June 2020" in words(staff.get(page))


def test_either_of_two_that_are_one_may_stay(staff):
    new, old = OrganisationFactory(), OrganisationFactory()
    answer = staff.post(url("duplicates", new.pk), {"duplicate": old.pk, "keep": "other"})
    assert answer.url == url("organisation", old.pk)
    new.refresh_from_db()
    assert new.merged_into_id == old.pk
