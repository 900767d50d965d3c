"""What the database itself refuses of organisations, whoever asks."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from stdnum.fr import siren as siren_numbers
from stdnum.fr import siret as siret_numbers

from diapason.directory.models import Organisation
from tests.directory.factories import SIREN, SIRET, OrganisationFactory, numbered

POST_OFFICE_SIREN = "356000000"
# The head office follows the common rule, the other establishments that of La Poste.
HEAD_OFFICE, POST_OFFICE = "35600000000048", "35600000009075"


def write(pk: int, assignments: str, *values: object) -> None:
    """Around Python: what a person with a database console would do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE directory_organisation SET {assignments} WHERE id = %s",
            [*values, pk],
        )


def refused(constraint: str, pk: int, assignments: str, *values: object) -> None:
    with pytest.raises(IntegrityError) as caught:
        write(pk, assignments, *values)
    diag = caught.value.__cause__.diag
    assert constraint in (diag.constraint_name or diag.message_primary)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("siren", "siret"),
    [
        (SIREN, ""),
        (SIREN, SIRET),
        (POST_OFFICE_SIREN, HEAD_OFFICE),
        (POST_OFFICE_SIREN, POST_OFFICE),
        ("", ""),
    ],
)
def test_sound_numbers_are_taken_by_the_database_and_the_library(siren, siret):
    write(OrganisationFactory().pk, "siren = %s, siret = %s", siren, siret)
    assert not siren or siren_numbers.is_valid(siren)
    assert not siret or siret_numbers.is_valid(siret)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", ["99912345", SIREN + "0", str(int(SIREN) + 1), "abcdefghi", "999 12345", " "]
)
def test_a_siren_that_is_none_is_refused(wrong):
    # What is too long for the column does not even come to the rule.
    if len(wrong) <= 9:
        refused("siren_sound", OrganisationFactory().pk, "siren = %s", wrong)
    assert not siren_numbers.is_valid(wrong) or wrong != siren_numbers.compact(wrong)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [SIREN, str(int(SIRET) + 1), "35600000009076", "35600000000049", SIREN + "abcde"]
)
def test_a_siret_that_is_none_is_refused(wrong):
    pk = OrganisationFactory(siren=wrong[:9]).pk
    refused("siret_sound", pk, "siret = %s", wrong)
    assert not siret_numbers.is_valid(wrong)


@pytest.mark.django_db
def test_the_database_and_the_library_agree_on_every_last_digit():
    for stem in ("99912345", "35600000", "00000000", "98765432"):
        for digit in "0123456789":
            number = stem + digit
            with connection.cursor() as cursor:
                cursor.execute("SELECT directory_number_sound(%s, 9)", [number])
                assert cursor.fetchone()[0] == siren_numbers.is_valid(number)
    for stem in (SIREN + "0001", "3560000000907", "3560000000004"):
        for digit in "0123456789":
            number = stem + digit
            with connection.cursor() as cursor:
                cursor.execute("SELECT directory_number_sound(%s, 14)", [number])
                assert cursor.fetchone()[0] == siret_numbers.is_valid(number)


@pytest.mark.django_db
def test_a_siret_belongs_to_one_organisation_and_to_its_siren():
    OrganisationFactory(siren=SIREN, siret=SIRET)
    other = OrganisationFactory(siren=SIREN)
    refused("siret_once", other.pk, "siret = %s", SIRET)
    another = numbered("99954321")
    refused("siret_of_siren", other.pk, "siren = %s, siret = %s", another, SIRET)


@pytest.mark.django_db
def test_a_verified_number_is_not_replaced_unseen():
    made = OrganisationFactory(siren=SIREN)
    refused("verified_whole", made.pk, "verified_at = now()")
    refused("verified_whole", made.pk, "verified_with = 'a statement'")
    write(made.pk, "verified_at = now(), verified_with = 'a statement'")
    refused("verified anew", made.pk, "siren = %s", numbered("99954321"))
    refused("verified anew", made.pk, "siret = %s", SIRET)
    write(made.pk, "siret = %s, verified_at = NULL, verified_with = ''", SIRET)


@pytest.mark.django_db
def test_merging_never_runs_in_a_circle():
    first, second, third = OrganisationFactory.create_batch(3)
    refused("not_into_itself", first.pk, "merged_into_id = %s", first.pk)
    write(first.pk, "merged_into_id = %s", second.pk)
    refused("itself merged", third.pk, "merged_into_id = %s", first.pk)
    refused("itself merged", second.pk, "merged_into_id = %s", first.pk)
    write(second.pk, "merged_into_id = %s", third.pk)
    write(first.pk, "version = version + 1")


@pytest.mark.django_db
def test_a_group_has_one_level():
    head, one, other = OrganisationFactory.create_batch(3)
    refused("not_own_group", head.pk, "group_id = %s", head.pk)
    write(one.pk, "group_id = %s", head.pk)
    refused("head of a group", other.pk, "group_id = %s", one.pk)
    refused("head of a group", head.pk, "group_id = %s", other.pk)
    assert Organisation.objects.filter(group=head).count() == 1


@pytest.mark.django_db
def test_a_kind_that_nobody_knows_is_refused():
    refused("known_kind", OrganisationFactory().pk, "kind = 'club'")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["{}", '{"fr": "", "en": ""}'])
def test_an_organisation_has_a_name(name):
    refused("has_a_name", OrganisationFactory().pk, f"name = '{name}'")
