"""The file between its trial and its import."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from diapason.kernel import files
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import (
    Column,
    ImportRefused,
    RowRefusal,
    kept_sheet,
    number,
    read,
    seal,
)
from tests.directory.factories import UserFactory


@pytest.mark.django_db
def test_a_sealed_file_comes_back_to_whoever_sealed_it_only(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    owner = UserFactory()
    stored = files.store(SimpleUploadedFile("l.csv", b"a;b\n1;2\n"), kinds=files.SHEETS)
    sealed = seal(stored, owner, salt="here")
    assert kept_sheet(sealed, owner, salt="here") == stored
    for token, user, salt in (
        (sealed, UserFactory(), "here"),
        (sealed, owner, "there"),
        ("forged", owner, "here"),
    ):
        with pytest.raises(Refusal) as refusal:
            kept_sheet(token, user, salt=salt)
        assert refusal.value.field == "file"
    stored.delete()
    with pytest.raises(Refusal):
        kept_sheet(sealed, owner, salt="here")


def test_refusals_of_lines_are_told_with_their_cells():
    columns = [Column("name", "Name"), Column("size", "Size")]
    reading = read(SimpleUploadedFile("l.csv", b"Size;Name\n1;2\n"), columns)
    refused = ImportRefused([RowRefusal(2, "name", "no"), RowRefusal(2, "", "never")])
    assert [(one.address, one.message) for one in refused.located(reading)] == [
        ("B2", "no"),
        ("2", "never"),
    ]


def test_refusals_stand_among_the_cells_that_could_not_be_understood():
    columns = [Column("name", "Name"), Column("size", "Size", number())]
    reading = read(SimpleUploadedFile("l.csv", b"Size;Name\nx;a\n1;b\ny;c\n"), columns)
    assert [row.number for row in reading.sound().rows] == [3]
    refused = ImportRefused([RowRefusal(3, "name", "no")])
    assert [one.address for one in refused.located(reading)] == ["A2", "B3", "A4"]
