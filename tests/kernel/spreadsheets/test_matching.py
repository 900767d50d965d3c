"""Files with headings of their own."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import Column, columns_in, number, read

COLUMNS = [
    Column("name", "Name", required=True, aliases=("nom", "structure")),
    Column("size", "Size", number(), aliases=("taille",)),
]


def sheet(*lines):
    return SimpleUploadedFile("l.csv", "\n".join(lines).encode())


def guesses(*headings):
    found = columns_in(sheet(";".join(headings), ";".join("x" * len(headings))), COLUMNS)
    return [one.guess for one in found]


def test_each_column_has_its_letter_heading_samples_and_a_guess():
    first, second, third = columns_in(
        sheet("Nom;;Taille", "Un;;1", "Deux;rouge;1", "Trois;bleu;2", "Quatre;vert;3"), COLUMNS
    )
    assert (first.letter, first.heading, first.guess) == ("A", "Nom", "name")
    assert first.samples == ("Un", "Deux", "Trois")
    assert (second.letter, second.heading, second.guess) == ("B", "", "")
    assert (third.samples, third.guess) == (("1", "2", "3"), "size")


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("Nom de la structure", "Taille (m²)"), ["name", "size"]),
        # The heading that says it exactly comes before one that only holds the word.
        (("Nom du contact", "NOM"), ["", "name"]),
        (("Prénom", "Remarque"), ["", ""]),
        (("structure", "nom"), ["name", ""]),
    ],
)
def test_headings_are_guessed_each_of_ours_once(headings, expected):
    assert guesses(*headings) == expected


def test_what_was_matched_is_read_whatever_the_headings_say():
    reading = read(sheet("Taille;Nom", "Un;1", "Deux;x"), COLUMNS, places={"name": 0, "size": 1})
    assert [row.values["name"] for row in reading.rows] == ["Un", "Deux"]
    assert [error.address for error in reading.errors] == ["B3"]
    assert reading.ignored == []
    assert read(sheet("Nom;Autre", "Un;1"), COLUMNS, places={"name": 0}).ignored == ["Autre"]


def test_a_column_that_is_needed_has_to_be_matched():
    with pytest.raises(Refusal, match="Name"):
        read(sheet("Nom", "Un"), COLUMNS, places={"size": 0})
