"""Two rows that are one organisation."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from diapason.directory import actions, api, queries
from diapason.directory.contracts import Role
from diapason.directory.models import Organisation
from diapason.kernel import audit
from diapason.kernel.refusals import Refusal
from tests.directory.factories import (
    SIREN,
    SIRET,
    ContactFactory,
    MembershipFactory,
    OrganisationFactory,
    person,
)
from tests.directory.pages import words
from tests.plan.racing import race


def merge(kept, duplicate, by=None):
    return actions.merge_organisations(
        by=by or person(Role.ADVISOR), kept=kept, duplicate=duplicate
    )


@pytest.mark.django_db
def test_merged_and_apart_again_nothing_is_lost():
    kept = OrganisationFactory()
    duplicate = OrganisationFactory(siren=SIREN, siret=SIRET)
    contact = ContactFactory(organisation=duplicate)
    held = MembershipFactory(organisation=duplicate)
    before = Organisation.objects.values().get(pk=duplicate.pk)
    by = person(Role.ADVISOR)
    merge(kept, duplicate, by)
    assert duplicate not in queries.organisations()
    assert api.card(duplicate.pk).pk == kept.pk
    assert [one.pk for one in api.organisations_of(held.user)] == [kept.pk]
    assert list(queries.contacts_at(queries.family(kept))) == [contact]
    assert audit.history(duplicate)[-1].user_id == by.pk
    actions.unmerge_organisation(by=by, duplicate=duplicate)
    after = Organisation.objects.values().get(pk=duplicate.pk)
    assert {**after, "version": 1} == before
    assert api.card(duplicate.pk).pk == duplicate.pk
    assert len(audit.history(duplicate)) == 3


@pytest.mark.django_db
def test_what_cannot_be_merged_is_refused():
    one, other, third = OrganisationFactory.create_batch(3)
    with pytest.raises(Refusal):
        merge(one, one)
    assert merge(one, other).version == merge(one, other).version
    for kept, duplicate in ((other, third), (third, other)):
        with pytest.raises(Refusal, match=other.code):
            merge(kept, duplicate)
    head = OrganisationFactory()
    OrganisationFactory(group=head)
    with pytest.raises(Refusal, match=head.code):
        merge(one, head)
    with pytest.raises(PermissionDenied):
        merge(one, third, by=person(Role.MEMBER))


@pytest.mark.django_db
def test_apart_again_is_refused_where_another_has_its_number():
    kept = OrganisationFactory()
    duplicate = OrganisationFactory(siren=SIREN, siret=SIRET)
    merge(kept, duplicate)
    OrganisationFactory(siren=SIREN, siret=SIRET)
    with pytest.raises(Refusal, match="SIRET"):
        actions.unmerge_organisation(by=person(Role.ADVISOR), duplicate=duplicate)
    assert Organisation.objects.get(pk=duplicate.pk).merged_into_id == kept.pk


@pytest.mark.django_db(transaction=True)
def test_two_merged_into_each_other_at_once_never_run_in_a_circle():
    one, other, by = OrganisationFactory(), OrganisationFactory(), person(Role.ADVISOR)
    told = race(lambda: merge(one, other, by), lambda: merge(other, one, by))
    assert sorted(type(each).__name__ for each in told) == ["Organisation", "Refusal"]
    assert Organisation.objects.filter(merged_into__isnull=False).count() == 1


@pytest.mark.django_db
def test_likely_duplicates_come_with_their_reasons():
    made = OrganisationFactory(
        name={"fr": "Studio Élan", "en": ""}, siren=SIREN, email="a@example.org"
    )
    number = OrganisationFactory(name={"fr": "Autre chose"}, siren=SIREN)
    address = OrganisationFactory(name={"fr": "Rien de tel"}, email="A@example.org")
    named = OrganisationFactory(name={"fr": "Studios Elan"})
    both = OrganisationFactory(name={"fr": "studio elan"}, siren=SIREN)
    OrganisationFactory(name={"fr": "Théâtre du Puy"})
    OrganisationFactory(name={"fr": "Studio Élan"}, merged_into=number)
    found = {one.organisation: len(one.reasons) for one in queries.duplicates_of(made)}
    assert found == {number: 1, address: 1, named: 1, both: 2}
    assert queries.duplicates_of(made)[0].organisation == both


@pytest.mark.django_db
def test_the_page_merges_and_takes_apart(client):
    client.force_login(person(Role.ADVISOR))
    kept = OrganisationFactory(name={"fr": "Studio Élan"})
    other = OrganisationFactory(name={"fr": "Studio Elan"})
    address = reverse("directory:duplicates", args=[kept.pk])
    assert "Studio Elan" in words(client.get(address))
    for wrong in ("", "x", "9" * 30, str(kept.pk)):
        assert client.post(address, {"duplicate": wrong}).url == address
    client.post(address, {"duplicate": other.pk})
    other.refresh_from_db()
    assert other.merged_into == kept
    assert "Studio Elan" in words(client.get(reverse("directory:organisation", args=[kept.pk])))
    client.post(reverse("directory:unmerge", args=[other.pk]))
    other.refresh_from_db()
    assert other.merged_into is None


@pytest.mark.django_db
def test_a_new_organisation_that_looks_like_another_asks_first(client):
    client.force_login(person(Role.ADVISOR))
    OrganisationFactory(name={"fr": "Studio Élan"})
    page = client.post(
        reverse("directory:organisation_new"), {"name_fr": "Studio Elan", "kind": "company"}
    )
    made = Organisation.objects.get(code="studio-elan")
    assert page.url == reverse("directory:duplicates", args=[made.pk])
