"""Backup and restore: the same rows, the same files, or a clear refusal."""

import hashlib
import json
import shutil
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction

from diapason.directory.models import User
from diapason.kernel import files
from diapason.kernel.backup import BackupRefused, backup, hashes, read_manifest, restore
from diapason.kernel.models import StoredFile
from tests.plan.factories import ReadingFactory

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7\nsome bytes\n%%EOF\n"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path / "home"
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


def make_records() -> StoredFile:
    kept = files.store(SimpleUploadedFile("Bilan.pdf", PDF))
    ReadingFactory(document=kept, state="declared")
    User.objects.create(email="ada@example.org", name="Éva “☂” O'Hara\n\t\\")
    return kept


@contextmanager
def new_database(name: str) -> Iterator[None]:
    """The connection leads to a database that has nothing at all."""
    before = connection.settings_dict["NAME"]
    name = f"{before}_{name}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def made(home: Path) -> Path:
    make_records()
    path = home / "diapason.zip"
    backup(path)
    return path


def altered(made: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The same backup with its parts changed, or taken away where `change` gives None."""
    other = made.with_name("altered.zip")
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            content = change(name, source.read(name))
            if content is not None:
                target.writestr(name, content)
    return other


def refusal(path: Path, **options: Any) -> str:
    before = hashes()
    with pytest.raises(BackupRefused) as caught:
        restore(path, **options)
    assert hashes() == before
    return str(caught.value)


def test_an_empty_server_gets_the_same_rows_and_files(made: Path, settings: Any) -> None:
    before = hashes()
    assert before["directory_user"].rows == 1
    assert before["plan_reading"].rows == 1
    settings.MEDIA_ROOT = made.parent / "elsewhere"
    with new_database("restored"):
        manifest = restore(made)
        assert hashes() == before == manifest.tables
        kept = StoredFile.objects.get()
        assert kept.content.read() == PDF
        assert User.objects.get().name == "Éva “☂” O'Hara\n\t\\"
        User.objects.create(email="bo@example.org")  # sequences go on where they were
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert [path.name for path in made.parent.glob(".*partial")] == []


def test_an_instance_that_holds_something_is_kept_unless_told(made: Path) -> None:
    User.objects.create(email="later@example.org")
    assert "already holds something" in refusal(made)
    restore(made, overwrite=True)
    assert [user.email for user in User.objects.all()] == ["ada@example.org"]


def test_an_instance_that_was_only_set_up_is_replaced(made: Path) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in hashes():
            if not name.startswith(("django_", "auth_")):
                cursor.execute(f'DELETE FROM "{name}"')
    restore(made)
    assert User.objects.get().email == "ada@example.org"


def test_people_go_on_working_while_a_backup_is_made(home: Path) -> None:
    make_records()
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            User.objects.create(email=f"user{number}@example.org")
            number += 1
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        manifest = backup(home / "busy.zip")
    finally:
        stop.set()
        worker.join()
    assert User.objects.count() > manifest.tables["directory_user"].rows
    with new_database("busy"):
        restore(home / "busy.zip")
        assert hashes() == manifest.tables


def test_a_truncated_backup_is_refused(made: Path) -> None:
    whole = made.read_bytes()
    for part in (0, 10, len(whole) // 2, len(whole) - 5):
        made.write_bytes(whole[:part])
        assert "is not a backup, or its end is missing" in refusal(made, overwrite=True)


@pytest.mark.parametrize("name", ["database.dump", "files/"])
def test_an_altered_backup_is_refused(made: Path, name: str) -> None:
    def flip(part: str, content: bytes) -> bytes:
        if part.startswith(name):
            return content[:-1] + bytes([content[-1] ^ 1])
        return content

    assert "damaged or was altered" in refusal(altered(made, flip), overwrite=True)


def test_flipped_bits_are_found(made: Path) -> None:
    whole = bytearray(made.read_bytes())
    for place in range(200, len(whole) // 2, len(whole) // 7):
        whole[place] ^= 0x10
        made.write_bytes(whole)
        assert refusal(made, overwrite=True)
        whole[place] ^= 0x10


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda name, content: None if name == "manifest.json" else content, "manifest"),
        (lambda name, content: b"{}" if name == "manifest.json" else content, "manifest"),
        (lambda name, content: None if name == "database.dump" else content, "manifest says"),
        (lambda name, content: None if name.startswith("files/") else content, "manifest says"),
    ],
)
def test_missing_parts_are_refused(made: Path, change: Any, said: str) -> None:
    assert said in refusal(altered(made, change), overwrite=True)


def retold(**changes: Any) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        if name != "manifest.json":
            return content
        return json.dumps(json.loads(content) | changes).encode()

    return change


def test_a_newer_backup_is_refused(made: Path) -> None:
    newer = altered(made, retold(format=99, version="9.9"))
    assert "newer version (9.9)" in refusal(newer, overwrite=True)


def test_a_file_cannot_be_written_outside_the_storage(made: Path, home: Path) -> None:
    evil = home / "evil.zip"
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(evil, "w") as target:
        told = json.loads(source.read("manifest.json"))
        name = next(name for name in told["parts"] if name != "database.dump")
        for part in (*told["parts"], "manifest.json"):
            if part == "manifest.json":
                told["parts"]["files/../../evil"] = told["parts"].pop(name)
                target.writestr(part, json.dumps(told))
            else:
                target.writestr("files/../../evil" if part == name else part, source.read(part))
    assert "forbidden name" in refusal(evil, overwrite=True)


def test_rows_that_differ_from_the_manifest_are_told(made: Path) -> None:
    told = read_manifest(made).tables | {"directory_user": (7, "0.0")}
    other = altered(made, retold(tables={name: list(pair) for name, pair in told.items()}))
    with pytest.raises(BackupRefused, match="differ from the backup's in directory_user"):
        restore(other, overwrite=True)


def test_a_dump_that_the_server_refuses_changes_nothing(made: Path) -> None:
    def break_dump(name: str, content: bytes) -> bytes:
        return content[: len(content) // 2] if name == "database.dump" else content

    shortened = altered(made, break_dump)
    with zipfile.ZipFile(shortened) as archive:
        dump = archive.read("database.dump")
    parts = {name: list(pair) for name, pair in read_manifest(made).parts.items()}
    parts["database.dump"] = [len(dump), hashlib.sha256(dump).hexdigest()]
    shutil.move(shortened, made)
    assert "was left as it was" in refusal(altered(made, retold(parts=parts)), overwrite=True)


def test_a_lost_file_is_told_and_stops_nothing(home: Path) -> None:
    kept = make_records()
    (home / "media" / kept.content.name).unlink()
    assert backup(home / "b.zip").missing == [kept.content.name]
    assert read_manifest(home / "b.zip").missing == [kept.content.name]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match=r"There is no folder .*nowhere\. Make it"):
        backup(tmp_path / "nowhere" / "instance.zip")


def test_nothing_is_written_over(made: Path) -> None:
    with pytest.raises(BackupRefused, match="exists already"):
        backup(made)
    with pytest.raises(BackupRefused, match="There is no file"):
        restore(made.with_name("none.zip"))
