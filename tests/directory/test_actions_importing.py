"""Organisations from a spreadsheet: each line once, and never somebody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from diapason.directory import actions
from diapason.directory.contracts import ADD, LEAVE, OrganisationRow, Role, RowFate
from diapason.directory.models import Membership, Organisation
from diapason.kernel import audit
from diapason.kernel.spreadsheets import ImportRefused
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

OTHER_SIRET = numbered(SIREN + "0002")
ROW = OrganisationRow(number=2, name="Studio Inventé", phone="04 00 00 00 00")


@pytest.fixture
def advisor(db):
    return person(Role.ADVISOR)


def listed():
    """The organisations besides those of the people who try."""
    return Organisation.objects.exclude(pk__in=Membership.objects.values("organisation"))


def bring(by, *rows, **how):
    return actions.import_organisations(by=by, rows=rows, **how)


def fates(told):
    return [row.fate for row in told]


def faults(by, *rows, **how):
    with pytest.raises(ImportRefused) as refused:
        bring(by, *rows, **how)
    return [(row.number, row.field) for row in refused.value.rows]


def test_new_lines_are_added_unverified_and_unlisted(advisor):
    row = replace(
        ROW,
        siret=f"{SIRET[:9]} {SIRET[9:]}",
        commune_id=CommuneFactory().pk,
        activity_id=ActivityFactory().pk,
        description="Records music.",
    )
    told = bring(advisor, row, replace(ROW, number=3, name="Studio Tout Autre"))
    assert fates(told) == [RowFate.NEW, RowFate.NEW]
    made = Organisation.objects.get(siret=SIRET)
    assert (made.siren, made.code, str(made.description)) == (
        SIREN, "studio-invente", "Records music.",
    )  # fmt: skip
    assert not made.is_verified
    assert not made.listed
    assert audit.history(made)[0].user_id == advisor.pk


def test_a_dry_run_writes_nothing(advisor):
    there = OrganisationFactory(name={"fr": "Studio Inventé"}, siren=SIREN, siret=SIRET)
    told = bring(
        advisor, replace(ROW, siret=SIRET), replace(ROW, number=3, name="Autre"), dry_run=True
    )
    assert fates(told) == [RowFate.FILLED, RowFate.NEW]
    assert listed().count() == 1
    there.refresh_from_db()
    assert (there.phone, there.version) == ("", 1)


def test_the_same_lines_again_change_nothing(advisor):
    rows = [replace(ROW, siret=SIRET), replace(ROW, number=3, name="Sans Numéro")]
    bring(advisor, *rows)
    before = list(Organisation.objects.order_by("pk").values())
    again = bring(advisor, *(replace(row, number=row.number + 5) for row in rows))
    assert fates(again) == [RowFate.SAME, RowFate.SAME]
    assert list(Organisation.objects.order_by("pk").values()) == before


def test_what_the_directory_says_already_is_kept(advisor):
    there = OrganisationFactory(
        name={"fr": "Studio Inventé"}, siren=SIREN, siret=SIRET, phone="04 11 11 11 11"
    )
    (told,) = bring(advisor, replace(ROW, siret=SIRET, email="hello@example.org"))
    there.refresh_from_db()
    assert (there.phone, there.email, there.version) == ("04 11 11 11 11", "hello@example.org", 2)
    assert (told.pk, told.filled, told.kept) == (there.pk, ("email",), ("phone",))


def test_a_likeness_is_attached_by_a_person_only(advisor):
    there = OrganisationFactory(name={"fr": "Studio Invente"}, email="Hello@Example.org")
    row = replace(ROW, email="hello@example.org")
    (asked,) = bring(advisor, row)
    assert asked.fate is RowFate.ASKED
    (likely,) = asked.likely
    assert (likely.pk, len(likely.reasons)) == (there.pk, 2)
    assert listed().count() == 1
    assert fates(bring(advisor, row, choices={2: LEAVE})) == [RowFate.LEFT]
    assert fates(bring(advisor, row, choices={2: str(there.pk)})) == [RowFate.FILLED]
    there.refresh_from_db()
    assert there.phone == ROW.phone
    assert fates(bring(advisor, row, rest=ADD)) == [RowFate.NEW]
    assert listed().count() == 2


def test_the_siren_alone_does_not_say_which_establishment_it_is(advisor):
    OrganisationFactory(name={"fr": "Tout Autre"}, siren=SIREN, siret=SIRET)
    (told,) = bring(advisor, replace(ROW, siret=OTHER_SIRET))
    assert told.fate is RowFate.ASKED


def test_a_siret_that_another_name_bears_is_not_believed_at_once(advisor):
    there = OrganisationFactory(name={"fr": "Orchestre Prétendu"}, siren=SIREN, siret=SIRET)
    row = replace(ROW, siret=SIRET)
    (told,) = bring(advisor, row, rest=ADD)
    assert (told.fate, [one.pk for one in told.likely]) == (RowFate.ASKED, [there.pk])
    there.refresh_from_db()
    assert there.phone == ""
    assert fates(bring(advisor, row, choices={2: str(there.pk)})) == [RowFate.FILLED]


def test_a_line_of_another_number_is_not_attached_even_when_told_to(advisor):
    there = OrganisationFactory(name={"fr": "Studio Inventé"}, siren=SIREN, siret=SIRET)
    row = replace(ROW, siret=OTHER_SIRET)
    assert faults(advisor, row, choices={2: str(there.pk)}) == [(2, "siret")]
    there.refresh_from_db()
    assert there.phone == ""


def test_a_merged_organisation_leads_to_the_one_that_took_its_place(advisor):
    kept = OrganisationFactory(name={"fr": "Studio Inventé"})
    OrganisationFactory(name={"fr": "Studio"}, siren=SIREN, siret=SIRET, merged_into=kept)
    (told,) = bring(advisor, replace(ROW, siret=SIRET))
    assert (told.fate, told.pk) == (RowFate.FILLED, kept.pk)
    (chosen,) = Organisation.objects.filter(phone=ROW.phone)
    assert chosen == kept


def test_a_choice_that_is_gone_is_told(advisor):
    there = OrganisationFactory(name={"fr": "Studio Inventé"})
    gone = OrganisationFactory(merged_into=there)
    for choice in (str(gone.pk), "0", "nonsense"):
        assert faults(advisor, ROW, choices={2: choice}) == [(2, "")]


def test_every_fault_is_told_at_once_and_nothing_is_written(advisor):
    rows = [
        replace(ROW, name=" "),
        replace(ROW, number=3, name="Un", siret="123"),
        replace(ROW, number=4, name="Deux", phone="call"),
        replace(ROW, number=5, name="Trois", siret=SIRET),
        replace(ROW, number=6, name="Quatre", siret=SIRET),
        replace(ROW, number=7, name="Cinq", siret=SIRET, siren=numbered("11122233")),
        replace(ROW, number=8, name="Six" * 100),
    ]
    assert faults(advisor, *rows) == [
        (2, "name"), (3, "siret"), (4, "phone"), (6, "siret"), (7, "siret"), (8, "name"),
    ]  # fmt: skip
    assert not listed().exists()


def test_a_verified_number_is_not_touched(advisor):
    there = OrganisationFactory(name={"fr": "Studio Inventé"}, siren=SIREN)
    actions.verify_number(by=advisor, organisation=there, version=1, verified_with="a statement")
    (told,) = bring(advisor, replace(ROW, siret=SIRET), choices={2: str(there.pk)})
    there.refresh_from_db()
    assert (there.siret, there.is_verified, there.phone) == ("", True, ROW.phone)
    assert told.filled == ("phone",)


def test_two_lines_may_be_one_organisation(advisor):
    there = OrganisationFactory(name={"fr": "Studio Inventé"})
    rows = [ROW, replace(ROW, number=3, name="Studio Invente", phone="", email="a@example.org")]
    bring(advisor, *rows, choices={2: str(there.pk), 3: str(there.pk)})
    there.refresh_from_db()
    assert (there.phone, there.email, there.version) == (ROW.phone, "a@example.org", 2)


def test_only_staff_import(db):
    for who in (person(Role.MEMBER), person()):
        with pytest.raises(PermissionDenied):
            bring(who, ROW)


@pytest.mark.django_db(transaction=True)
def test_two_who_import_the_same_file_at_once_add_it_once():
    by = [person(Role.ADVISOR), person(Role.ADVISOR)]
    rows = [replace(ROW, siret=SIRET), replace(ROW, number=3, name="Sans Numéro")]
    race(*(lambda one=one: bring(one, *rows) for one in by))
    assert Organisation.objects.filter(phone=ROW.phone).count() == 2


def test_many_lines_ask_the_database_no_more(advisor, django_assert_max_num_queries):
    rows = [replace(ROW, number=n, name=f"Atelier {n} {n * 7919}") for n in range(2, 300)]
    OrganisationFactory.create_batch(20)
    with django_assert_max_num_queries(30):
        told = bring(advisor, *rows, rest=ADD)
    assert len(told) == 298
