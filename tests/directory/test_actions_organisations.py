"""Organisations made, changed and verified."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from diapason.directory import actions
from diapason.directory.contracts import ActivityRevision, OrganisationFacts, Role
from diapason.directory.models import Organisation
from diapason.kernel import audit, clock
from diapason.kernel.refusals import Refusal
from tests.directory.factories import (
    SIREN,
    SIRET,
    ActivityFactory,
    CommuneFactory,
    OrganisationFactory,
    numbered,
    person,
)
from tests.plan.racing import race

FACTS = OrganisationFacts(name={"fr": "Studio Inventé", "en": "Invented Studio"})


@pytest.fixture
def advisor(db):
    return person(Role.ADVISOR)


def refusal(**changes):
    with pytest.raises(Refusal) as caught:
        actions.create_organisation(by=person(Role.ADVISOR), facts=replace(FACTS, **changes))
    assert not Organisation.objects.filter(name__fr="Studio Inventé").exists()
    return caught.value


def test_it_is_made_with_its_number_tidied_and_unverified(advisor):
    made = actions.create_organisation(
        by=advisor,
        facts=replace(
            FACTS,
            siret=f"{SIRET[:3]} {SIRET[3:6]} {SIRET[6:9]} {SIRET[9:]}",
            commune_id=CommuneFactory().pk,
            activity_id=ActivityFactory().pk,
        ),
    )
    made.refresh_from_db()
    assert (made.siren, made.siret, made.code) == (SIREN, SIRET, "studio-invente")
    assert not made.is_verified
    assert not made.listed
    assert audit.history(made)[0].user_id == advisor.pk


@pytest.mark.parametrize("language", ["fr", "en"])
def test_its_code_is_the_same_in_whatever_language_it_was_typed_in(advisor, language):
    with translation.override(language):
        assert actions.create_organisation(by=advisor, facts=FACTS).code == "studio-invente"


def test_two_of_one_name_have_two_codes(advisor):
    for code in ("studio-invente", "studio-invente-2", "studio-invente-3"):
        assert actions.create_organisation(by=advisor, facts=FACTS).code == code


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": {"fr": "  "}}, "name"),
        ({"siren": "123456789"}, "siren"),
        ({"siret": SIRET[:-1]}, "siret"),
        ({"siren": numbered("99954321"), "siret": SIRET}, "siret"),
        ({"phone": "call me"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"url": "not a link"}, "url"),
        ({"commune_id": "ZZZZZ"}, "commune"),
        ({"activity_id": 0x7FFF}, "activity"),
        ({"group_id": 0x7FFF}, "group"),
        ({"checked_on": clock.today() + timedelta(days=1)}, "checked_on"),
        ({"name": {"fr": "x" * 201}}, "name"),
        ({"kind": "club"}, "kind"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(changes, field):
    assert refusal(**changes).field == field


@pytest.mark.django_db
def test_a_siret_of_somebody_else_says_whose_it_is():
    OrganisationFactory(name={"fr": "Le premier"}, siren=SIREN, siret=SIRET)
    assert "Le premier" in str(refusal(siret=SIRET))


@pytest.mark.django_db
def test_an_activity_stands_in_its_own_list():
    new = ActivityFactory(revision=ActivityRevision.THIRD)
    assert refusal(activity_id=new.pk).field == "activity"


@pytest.mark.django_db
def test_a_group_has_one_head():
    head = OrganisationFactory()
    inside = OrganisationFactory(group=head)
    assert refusal(group_id=inside.pk).field == "group"
    with pytest.raises(Refusal) as caught:
        actions.change_organisation(
            by=person(Role.ADVISOR),
            organisation=head,
            version=1,
            facts=replace(FACTS, group_id=OrganisationFactory().pk),
        )
    assert caught.value.field == "group"


def test_only_staff_write(advisor):
    organisation = OrganisationFactory(siren=SIREN)
    for who in (person(Role.MEMBER), person(Role.JUROR), person()):
        with pytest.raises(PermissionDenied):
            actions.create_organisation(by=who, facts=FACTS)
        with pytest.raises(PermissionDenied):
            actions.change_organisation(by=who, organisation=organisation, version=1, facts=FACTS)
        with pytest.raises(PermissionDenied):
            actions.verify_number(
                by=who, organisation=organisation, version=1, verified_with="a statement"
            )


def test_a_change_is_kept_with_the_former_words(advisor):
    made = actions.create_organisation(by=advisor, facts=FACTS)
    changed = actions.change_organisation(
        by=advisor, organisation=made, version=1, facts=replace(FACTS, phone="04 00 00 00 00")
    )
    assert changed.version == 2
    change = next(one for one in audit.history(made)[-1].changes if one.field == "phone")
    assert (change.before, change.after) == ("", "04 00 00 00 00")
    same = replace(FACTS, phone="04 00 00 00 00")
    again = actions.change_organisation(by=advisor, organisation=made, version=2, facts=same)
    assert again.version == 2


def test_a_change_based_on_an_older_version_overwrites_nothing(advisor):
    made = actions.create_organisation(by=advisor, facts=FACTS)
    other = person(Role.PROGRAMME_MANAGER)
    actions.change_organisation(
        by=other, organisation=made, version=1, facts=replace(FACTS, postcode="99000")
    )
    with pytest.raises(actions.EditConflict) as caught:
        actions.change_organisation(
            by=advisor, organisation=made, version=1, facts=replace(FACTS, address="1 rue Neuve")
        )
    assert [entry.user_id for entry in caught.value.entries] == [other.pk]
    made.refresh_from_db()
    assert (made.postcode, made.address) == ("99000", "")


def test_a_number_is_verified_by_somebody_and_a_new_one_anew(advisor):
    made = actions.create_organisation(by=advisor, facts=replace(FACTS, siren=SIREN))
    with pytest.raises(Refusal) as caught:
        actions.verify_number(by=advisor, organisation=made, version=1, verified_with=" ")
    assert caught.value.field == "verified_with"
    made = actions.verify_number(
        by=advisor, organisation=made, version=1, verified_with="a statement of the register"
    )
    assert (made.is_verified, made.verified_by, made.checked_on) == (True, advisor, clock.today())
    made = actions.change_organisation(
        by=advisor, organisation=made, version=2, facts=replace(FACTS, siren=SIREN, postcode="1")
    )
    assert made.is_verified
    made = actions.change_organisation(
        by=advisor, organisation=made, version=3, facts=replace(FACTS, siren=numbered("99954321"))
    )
    assert not made.is_verified
    without = OrganisationFactory()
    with pytest.raises(Refusal):
        actions.verify_number(by=advisor, organisation=without, version=1, verified_with="x")


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_many_times_at_once_makes_one_organisation():
    advisor, key = person(Role.ADVISOR), uuid4()
    made = race(
        *[lambda: actions.create_organisation(by=advisor, facts=FACTS, request_key=key)] * 8
    )
    assert len({one.pk for one in made}) == 1
    assert Organisation.objects.filter(request_key=key).count() == 1


@pytest.mark.django_db(transaction=True)
def test_organisations_of_one_name_made_at_once_have_codes_of_their_own():
    advisor = person(Role.ADVISOR)
    made = race(*[lambda: actions.create_organisation(by=advisor, facts=FACTS)] * 5)
    assert len({one.code for one in made}) == 5


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_one_siret_at_once_one_is_told():
    advisor, facts = person(Role.ADVISOR), replace(FACTS, siret=SIRET)
    made = race(*[lambda: actions.create_organisation(by=advisor, facts=facts)] * 2)
    assert sorted(type(one).__name__ for one in made) == ["Organisation", "Refusal"]
