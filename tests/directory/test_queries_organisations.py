"""What other rooms ask of organisations."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from diapason.directory import api, queries
from diapason.directory.models import Membership
from diapason.directory.queries import choosing
from tests.directory.factories import (
    SIREN,
    SIRET,
    ActivityFactory,
    CommuneFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    numbered,
)


@pytest.mark.django_db
def test_a_card_says_what_a_record_shows():
    made = OrganisationFactory(
        name={"fr": "Le Studio", "en": "The Studio"},
        commune=CommuneFactory(name="Ailleurs"),
        activity=ActivityFactory(label={"fr": "Musique", "en": "Music"}),
        siren=SIREN,
        siret=SIRET,
        invented=True,
    )
    with override("fr"):
        found = api.card(made.pk)
    assert (found.pk, found.code, found.name) == (made.pk, made.code, "Le Studio")
    assert (found.commune, found.sector, found.invented) == ("Ailleurs", "Musique", True)
    assert not found.verified
    assert api.card(made.pk + 1) is None


@pytest.mark.django_db
def test_a_merged_organisation_leads_to_the_one_that_took_its_place():
    last = OrganisationFactory()
    middle = OrganisationFactory(merged_into=last)
    first = OrganisationFactory(siren=SIREN, siret=SIRET)
    first.merged_into = last
    first.save()
    assert api.survivors([first.pk, middle.pk, last.pk, 0]) == dict.fromkeys(
        [first.pk, middle.pk, last.pk], last.pk
    )
    assert api.card(first.pk).pk == last.pk
    assert api.find_by_siret(SIRET).pk == last.pk
    assert [pk for pk, _name in api.organisation_choices()] == [last.pk]
    assert set(queries.family(last)) == {first, middle, last}
    living = OrganisationFactory(siren=SIREN, siret=SIRET)
    assert api.find_by_siret(SIRET).pk == living.pk


@pytest.mark.django_db
def test_a_siret_is_found_however_it_is_written():
    made = OrganisationFactory(siren=SIREN, siret=SIRET)
    assert api.find_by_siret(f" {SIRET[:9]} {SIRET[9:]} ").pk == made.pk
    assert api.find_by_siret("") is None
    assert api.find_by_siret("12") is None


@pytest.mark.django_db
def test_the_organisations_of_a_person_are_those_of_today_each_once():
    person = UserFactory()
    running = MembershipFactory(user=person)
    MembershipFactory(user=person, organisation=running.organisation, role="advisor")
    MembershipFactory(user=person, ends="2016-01-01")
    assert [one.pk for one in api.organisations_of(person)] == [running.organisation_id]


@pytest.mark.django_db
def test_a_commune_is_found_by_name_code_or_postcode():
    there = CommuneFactory(code="99101", name="Élan-sur-Mer", postcodes=["99100", "99110"])
    CommuneFactory(code="99102", name="Autre", postcodes=["99100"])
    assert api.commune_choices() == [
        ("99102", "Autre (99100)"),
        ("99101", "Élan-sur-Mer (99100)"),
    ]
    assert queries.communes_named("elan-sur-mer") == [there]
    assert queries.communes_named("99101") == [there]
    assert len(queries.communes_named("99100")) == 2
    assert queries.communes_named("nowhere") == queries.communes_named(" ") == []


@pytest.mark.django_db
def test_a_group_is_its_head_and_all_its_members():
    head = OrganisationFactory()
    one, other = OrganisationFactory.create_batch(2, group=head)
    OrganisationFactory()
    assert set(queries.same_undertaking(one)) == {head, other}
    assert set(queries.same_undertaking(head)) == {one, other}
    assert queries.same_undertaking(OrganisationFactory()) == []
    assert api.group_of(one.pk) == {head.pk, one.pk, other.pk}


@pytest.mark.django_db
def test_establishments_of_one_enterprise_are_one_undertaking():
    head = OrganisationFactory()
    first = OrganisationFactory(siren=SIREN, siret=SIRET, group=head)
    second = OrganisationFactory(siren=SIREN)
    stranger = OrganisationFactory(siren=numbered("99900000"))
    assert set(queries.same_undertaking(second)) == {head, first}
    assert queries.same_undertaking(stranger) == []


@pytest.mark.django_db
def test_merged_duplicates_are_of_the_group_too():
    kept = OrganisationFactory(group=OrganisationFactory())
    gone = OrganisationFactory()
    gone.merged_into = kept
    gone.save()
    whole = {kept.pk, gone.pk, kept.group_id}
    assert api.group_of(gone.pk) == api.group_of(kept.pk) == whole
    assert api.group_of(0) == frozenset()


@pytest.mark.django_db
def test_queries_count_a_merged_pair_once():
    last = OrganisationFactory()
    middle, first = OrganisationFactory(), OrganisationFactory()
    first.merged_into = middle
    first.save()
    middle.merged_into = last
    middle.save()
    held = [MembershipFactory(organisation=one) for one in (first, middle, last)]
    found = Membership.objects.filter(pk__in=[one.pk for one in held])
    stands = found.annotate(stands=queries.surviving("organisation"))
    assert set(stands.values_list("stands", flat=True)) == {last.pk}


@pytest.mark.django_db
def test_who_is_listed_has_a_public_page():
    listed, hidden = OrganisationFactory(listed=True), OrganisationFactory()
    gone = OrganisationFactory(merged_into=listed)
    assert api.public_codes([listed.pk, hidden.pk, gone.pk, 0]) == {
        listed.pk: listed.code,
        gone.pk: listed.code,
    }


@pytest.mark.django_db
def test_an_activity_is_found_with_or_without_its_dot():
    made = ActivityFactory(code="90.01Z")
    assert queries.activity_of_code("9001z", "2") == made
    assert queries.activity_of_code(" 90.01Z", "2") == made
    assert queries.activity_of_code("90.01Z", "2025") is None


@pytest.mark.django_db
def test_a_list_of_choices_stays_one_that_a_person_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    chamber = OrganisationFactory(kind="chamber")
    company, offering = OrganisationFactory(kind="company"), OrganisationFactory(kind="company")
    works = MembershipFactory(organisation=OrganisationFactory(kind="company")).organisation
    every = {one.pk for one in (chamber, company, offering, works)}
    assert {key for key, _name in api.structure_choices()} >= every
    monkeypatch.setattr(choosing, "MOST_TO_READ", 3)
    shown = {key for key, _name in api.structure_choices([offering.pk])}
    assert {chamber.pk, offering.pk, works.pk} <= shown
    assert company.pk not in shown


@pytest.mark.django_db
def test_among_many_an_organisation_is_found_by_what_people_write(monkeypatch) -> None:
    monkeypatch.setattr(choosing, "MOST_TO_READ", 1)
    one = OrganisationFactory(name={"fr": "École du Volcan", "en": "Volcano school"}, siren=SIREN)
    two = OrganisationFactory(name={"fr": "École du Volcan et des Arts"})
    OrganisationFactory(name={"fr": "École du Volcan"}, merged_into=two)
    found = api.ORGANISATIONS
    assert found.few() is None
    for words in ("ecole du volcan", " Volcano School ", SIREN, one.code):
        assert [key for key, _label in found.called(words)] == [one.pk], words
        assert api.known_as(words) == [one.pk]
    assert {key for key, _label in found.called("du volcan")} == {one.pk, two.pk}
    assert api.known_as("du volcan") == []
    assert found.called("100% autre") == found.called(" ") == []
    assert SIREN in found.called(SIREN)[0][1]
    assert [key for key, _label in found.but(one.pk).called("volcan")] == [two.pk]
    assert found.name(one.pk)
    assert found.name(0) == ""
