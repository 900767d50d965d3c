"""Files: what is taken, what is refused, who may read, what is swept away."""

import io
import os
import struct
import zipfile
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image

from diapason.kernel import files
from diapason.kernel.files import (
    DOCUMENTS,
    IMAGES,
    SHEETS,
    FileKind,
    StoredFileField,
    check,
    clean_name,
    kinds_in_words,
    remove_orphans,
    sniff,
    store,
)
from diapason.kernel.models import StoredFile
from diapason.kernel.refusals import Refusal
from diapason.kernel.registries import file_readers
from tests.plan.factories import ReadingFactory

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(content: bytes, name: str = "thing.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def image(
    kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (8, 4), **save: Any
) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, 128).save(made, format=kind, **save)
    return made.getvalue()


def archive(**parts: bytes | str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def open_document(kind: str, **parts: bytes | str) -> bytes:
    return archive(mimetype=f"application/vnd.oasis.opendocument.{kind}", **parts)


def workbook() -> bytes:
    made = io.BytesIO()
    book = Workbook()
    book.active["A1"] = "x"
    book.save(made)
    return made.getvalue()


def refusal(content: bytes, **options: Any) -> str:
    with pytest.raises(Refusal) as caught:
        check(upload(content), **options)
    return str(caught.value)


SAMPLES = {
    FileKind.PDF: PDF,
    FileKind.PNG: image(),
    FileKind.JPEG: image("JPEG"),
    FileKind.WEBP: image("WEBP"),
    FileKind.XLSX: workbook(),
    FileKind.ODS: open_document("spreadsheet"),
    FileKind.ODT: open_document("text"),
    FileKind.DOCX: archive(**{"word/document.xml": "<w/>"}),
    FileKind.CSV: "nom;âge\nÉva;3\n".encode("cp1252"),
}


@pytest.mark.parametrize("kind", FileKind)
def test_each_kind_is_told_by_its_content_whatever_its_name(kind: FileKind) -> None:
    found = check(upload(SAMPLES[kind], "page.html"))
    assert found.kind is kind
    assert found.name == f"page.{kind.value}"


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"\xef\xbb\xbf \n<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02",
        b"GIF89a\x01\x00",
        b"PK\x03\x04 not really",
        archive(**{"AndroidManifest.xml": "x"}),
        open_document("presentation"),
    ],
)
def test_other_kinds_are_refused_with_the_list_of_what_is_taken(content: bytes) -> None:
    assert refusal(content, kinds=DOCUMENTS) == (
        "This file is of a kind that we cannot take. Send one of these: PDF, ODT, DOCX."
    )
    assert sniff(content) is None


def test_a_kind_that_this_place_does_not_take_is_refused_beside_its_field() -> None:
    with pytest.raises(Refusal, match="PNG, JPEG, WEBP") as caught:
        check(upload(PDF), kinds=IMAGES, field="photo")
    assert caught.value.field == "photo"
    assert kinds_in_words(SHEETS) == "ODS, XLSX, CSV"


def test_empty_and_heavy_files_are_refused_in_words() -> None:
    assert refusal(b"") == "This file is empty. Choose another one."
    heavy = b"a" * (files.MAX_BYTES + 1)
    assert refusal(heavy) == "This file weighs 16 MB. Send one of at most 15 MB."
    assert check(upload(b"a" * files.MAX_BYTES)).kind is FileKind.CSV


def test_a_picture_loses_what_was_hidden_in_it() -> None:
    exif = Image.Exif()
    exif[0x0110] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    dirty = image("JPEG", exif=exif, comment=b"SECRET-COMMENT") + b"<script>SECRET</script>"
    assert b"SECRET" in dirty
    clean = check(upload(dirty)).content
    assert b"SECRET" not in clean
    with Image.open(io.BytesIO(clean)) as picture:
        assert not picture.getexif()
        assert picture.size == (8, 4)


def test_a_picture_is_turned_upright_and_keeps_its_transparency() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = check(upload(image("JPEG", exif=exif))).content
    with Image.open(io.BytesIO(turned)) as picture:
        assert picture.size == (4, 8)
    for kind in ("PNG", "WEBP"):
        with Image.open(io.BytesIO(check(upload(image(kind, "RGBA"))).content)) as picture:
            assert picture.mode == "RGBA"
    with Image.open(io.BytesIO(check(upload(image("JPEG", "CMYK"))).content)) as picture:
        assert picture.mode == "RGB"


def test_pictures_with_too_many_pixels_or_damaged_are_refused() -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", 9000, 9000, 8, 2, 0, 0, 0)
    huge = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    assert refusal(huge) == "This picture has 81 million pixels. Send one of at most 40."
    for kind in ("PNG", "JPEG", "WEBP"):
        whole = image(kind, size=(64, 64))
        assert "damaged" in refusal(whole[: len(whole) // 2])


def test_archives_with_macros_bombs_or_damage_are_refused(monkeypatch: Any) -> None:
    assert "macros" in refusal(archive(**{"xl/workbook.xml": "x", "xl/vbaProject.bin": "x"}))
    assert "macros" in refusal(open_document("text", **{"Basic/script-lc.xml": "x"}))
    monkeypatch.setattr(files, "MAX_UNPACKED", 3 * files.MEGABYTE)
    bomb = archive(**{"word/document.xml": b"0" * (4 * files.MEGABYTE)})
    assert len(bomb) < 10_000
    assert "too big" in refusal(bomb)
    whole = archive(**{"word/document.xml": b"0123456789" * 1000})
    broken = bytearray(whole)
    broken[60:70] = b"\xff" * 10
    assert "damaged" in refusal(bytes(broken))


@given(st.text(max_size=300))
def test_any_name_becomes_a_safe_one(name: str) -> None:
    clean = clean_name(name, FileKind.PDF)
    assert clean.endswith(".pdf")
    assert len(clean) <= 124
    assert not set(clean) & set('/\\\x00\r\n"<>:;|*?%\u202e')
    assert not clean.startswith(".")
    assert clean_name(clean, FileKind.PDF) == clean


@pytest.mark.parametrize(
    ("given_name", "clean"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\papers\\Bilan 2019 (final).xlsx", "Bilan 2019 (final).pdf"),
        ("été’s plan.pdf.exe", "été’s plan.pdf.pdf"),
        ("facture\u202egpj.exe", "facture gpj.pdf"),
        ("", "file.pdf"),
        ("....", "file.pdf"),
    ],
)
def test_names_are_kept_legible(given_name: str, clean: str) -> None:
    assert clean_name(given_name, FileKind.PDF) == clean


def test_the_form_field_says_no_beside_itself() -> None:
    class Form(forms.Form):
        paper = StoredFileField(kinds=DOCUMENTS)

    assert 'accept=".pdf,.odt,.docx"' in str(Form()["paper"])
    wrong = Form(files={"paper": upload(image(), "x.pdf")})
    assert "we cannot take" in wrong.errors["paper"][0]
    right = Form(files={"paper": upload(PDF, "x.pdf")})
    assert right.is_valid()
    assert right.cleaned_data["paper"].content == PDF
    assert Form(files={}).errors["paper"]


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "15\xa0Mo au plus."), ("en", "At most 15 MB.")]
)
def test_the_form_field_tells_its_limit_in_the_language_of_the_page(language, said) -> None:
    with override("fr"):
        field = StoredFileField()
    with override(language):
        assert str(field.help_text) == said


@pytest.mark.django_db
def test_a_stored_file_keeps_what_was_checked(folder: Path) -> None:
    kept = store(upload(PDF, "../Bilan.pdf"))
    kept.refresh_from_db()
    assert (kept.name, kept.size, kept.content_type) == ("Bilan.pdf", len(PDF), "application/pdf")
    assert kept.content.read() == PDF
    assert "Bilan" not in kept.content.name
    assert (folder / kept.content.name).is_file()


@pytest.mark.django_db
def test_a_private_file_is_for_those_whom_a_room_lets_read_it(client: Client) -> None:
    kept = store(upload(PDF, "été.pdf"))
    address = f"/files/{kept.pk}/"
    assert client.get(address).status_code == 404
    with file_readers.lent("test.never", lambda key, user: False):
        assert client.get(address).status_code == 404
        with file_readers.lent("test.this", lambda key, user: key == kept.pk):
            answer = client.get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["Content-Disposition"] == ("inline; filename*=utf-8''%C3%A9t%C3%A9.pdf")


@pytest.mark.django_db
def test_a_public_file_is_for_anybody_and_only_harmless_kinds_are_shown(client: Client) -> None:
    sheet = store(upload(SAMPLES[FileKind.CSV], "list.csv"), public=True)
    answer = client.get(f"/files/{sheet.pk}/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    picture = store(upload(image(), "p.png"), public=True)
    answer = client.get(f"/files/{picture.pk}/")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "immutable" in answer.headers["Cache-Control"]
    again = client.get(f"/files/{picture.pk}/", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.post(f"/files/{picture.pk}/").status_code == 405


@pytest.mark.django_db
def test_a_file_that_the_storage_lost_is_not_found(client: Client, folder: Path) -> None:
    kept = store(upload(PDF), public=True)
    (folder / kept.content.name).unlink()
    assert client.get(f"/files/{kept.pk}/").status_code == 404
    assert client.get("/files/00000000-0000-0000-0000-000000000000/").status_code == 404


def age(kept: StoredFile) -> None:
    StoredFile.objects.filter(pk=kept.pk).update(created_at=timezone.now() - timedelta(days=2))


@pytest.mark.django_db
def test_what_nothing_refers_to_is_swept_after_a_day(folder: Path) -> None:
    fresh, old, held = (store(upload(PDF)) for _ in range(3))
    age(old)
    age(held)
    ReadingFactory(document=held)
    assert remove_orphans() == 1
    assert set(StoredFile.objects.values_list("pk", flat=True)) == {fresh.pk, held.pk}
    assert not (folder / old.content.name).exists()
    assert (folder / held.content.name).exists()


@pytest.mark.django_db
def test_content_without_a_row_is_swept_after_a_day(folder: Path) -> None:
    kept = store(upload(PDF))
    near = folder / kept.content.name
    lost, fresh = near.with_name("lost.pdf"), near.with_name("fresh.pdf")
    for path in (lost, fresh):
        path.write_bytes(PDF)
    yesterday = timezone.now().timestamp() - 2 * 86400
    os.utime(lost, (yesterday, yesterday))
    os.utime(near, (yesterday, yesterday))
    assert remove_orphans() == 1
    assert sorted(path.name for path in near.parent.iterdir()) == sorted(["fresh.pdf", near.name])


@pytest.mark.django_db
def test_what_its_author_wants_gone_goes_at_once(
    folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    gone, kept = (
        store(SimpleUploadedFile("a.csv", b"a;b\n1;2\n"), kinds=SHEETS) for _time in range(2)
    )
    with django_capture_on_commit_callbacks(execute=True):
        files.remove([gone.pk])
    assert list(StoredFile.objects.all()) == [kept]
    assert [path.name for path in folder.rglob("*.csv")] == [f"{kept.pk}.csv"]
