"""Which organisations the lines of a spreadsheet may be."""

from __future__ import annotations

import pytest

from diapason.directory.contracts import OrganisationRow
from diapason.directory.queries.likeness import likely_rows
from tests.directory.factories import SIREN, CommuneFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def likely(**fields):
    row = OrganisationRow(number=2, **{"name": "Nobody Else", **fields})
    return [one.pk for one in likely_rows([row]).get(2, ())]


@pytest.mark.parametrize(
    ("theirs", "ours", "found"),
    [
        ("Studio Inventé", "STUDIO INVENTE", True),
        ("Association Les Images Imaginaires", "Images imaginaires", True),
        ("Studio Inventé", "Studio Réel", False),
        ("Les Images", "Le Son", False),
        ("SARL", "SARL", True),
    ],
)
def test_names_are_compared_without_case_accents_and_small_words(theirs, ours, found):
    there = OrganisationFactory(name={"fr": theirs})
    assert likely(name=ours) == ([there.pk] if found else [])


def test_either_language_of_a_name_is_enough():
    there = OrganisationFactory(name={"fr": "Le Diapason Bleu", "en": "The Blue Tuning Fork"})
    assert likely(name="Blue tuning fork") == [there.pk]


def test_the_likeliest_comes_first_with_all_its_reasons():
    by_name = OrganisationFactory(name={"fr": "Studio Inventé"})
    by_all = OrganisationFactory(
        name={"fr": "Studio Inventé Deux"},
        siren=SIREN,
        email="A@example.org",
        commune=CommuneFactory(name="Élan"),
    )
    row = OrganisationRow(number=2, name="Studio Inventé", siren=SIREN, email="a@example.org")
    first, second = likely_rows([row])[2]
    assert (first.pk, first.commune, len(first.reasons)) == (by_all.pk, "Élan", 3)
    assert second.pk == by_name.pk


def test_a_merged_duplicate_is_no_candidate():
    OrganisationFactory(name={"fr": "Studio Inventé"}, merged_into=OrganisationFactory())
    assert likely(name="Studio Inventé") == []


def test_many_lines_cost_as_many_queries_as_one(django_assert_max_num_queries):
    rows = [OrganisationRow(number=n, name=f"Atelier {n}") for n in range(300)]
    OrganisationFactory.create_batch(5)
    with django_assert_max_num_queries(4):
        likely_rows(rows)
