"""Backup and restore: the database and the files of an instance in one file, proven equal.

The file is a zip: `database.dump` (PostgreSQL's custom format), the stored files under their own
names, and at its end `manifest.json`, which holds the rows and hash of every table at the moment
of the dump, and the size and SHA-256 of everything else.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from diapason.kernel.backup.hashing import TableHash, hashes, tables
from diapason.kernel.backup.programs import BackupRefused, dumping, home, load_dump
from diapason.kernel.models import StoredFile

__all__ = ["BackupRefused", "Manifest", "TableHash", "backup", "hashes", "read_manifest", "restore"]

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
_STEP = 1_000_000
_MANIFEST_LIMIT = 200_000_000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)
# What a database that nobody has used yet may hold: what setting it up writes.
_SET_UP = ("django_", "auth_", "kernel_", "procrastinate_", "pghistory_", "pgtrigger_")


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `missing` are files that the storage had lost already."""

    format: int
    version: str
    server: int
    made_at: str
    tables: dict[str, TableHash]
    parts: dict[str, tuple[int, str]]
    missing: list[str] = field(default_factory=list)


def backup(path: Path | str) -> Manifest:
    """Write the backup of this instance to `path`, readable by its owner alone.

    The database and the list of its files are of one moment, while people go on working. The file
    appears under its name once it is whole. Memory is bounded whatever the size. Raises
    BackupRefused where `path` exists or pg_dump fails, OSError where the disk refuses.
    """
    target = Path(path)
    if target.exists():
        raise BackupRefused(_("%(path)s exists already. Choose another name.") % {"path": target})
    if not target.parent.is_dir():
        raise BackupRefused(
            _("There is no folder %(path)s. Make it, or choose another.") % {"path": target.parent}
        )
    partial = target.with_name(f".{target.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
                manifest = _fill(archive)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def _fill(archive: zipfile.ZipFile) -> Manifest:
    parts: dict[str, tuple[int, str]] = {}
    missing = []
    with _one_moment() as snapshot:
        counted = hashes()
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            server = int(cursor.fetchone()[0])
        with dumping(snapshot) as dump:
            parts[DUMP] = _add(archive, DUMP, dump)
        for name in StoredFile.objects.order_by("content").values_list("content", flat=True):
            try:
                with default_storage.open(name, "rb") as content:
                    parts[name] = _add(archive, name, content)
            except FileNotFoundError:
                missing.append(name)
    manifest = Manifest(
        format=FORMAT,
        version=metadata.version("diapason") if _installed() else "",
        server=server,
        made_at=timezone.now().isoformat(),
        tables=counted,
        parts=parts,
        missing=missing,
    )
    archive.writestr(
        MANIFEST, json.dumps(asdict(manifest), indent=1), compress_type=zipfile.ZIP_DEFLATED
    )
    return manifest


def _installed() -> bool:
    try:
        metadata.version("diapason")
    except metadata.PackageNotFoundError:
        return False
    return True


@contextmanager
def _one_moment() -> Iterator[str]:
    """A transaction that sees one moment of the database, and the name by which others see it."""
    if connection.in_atomic_block:
        raise RuntimeError("a backup is not made inside a transaction")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _add(archive: zipfile.ZipFile, name: str, source: IO[bytes] | File) -> tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    with archive.open(name, "w", force_zip64=True) as member:
        while chunk := source.read(_STEP):
            member.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def read_manifest(path: Path | str) -> Manifest:
    """What the backup says that it holds. Raises BackupRefused for what is no whole backup."""
    with _opened(Path(path)) as archive:
        return _manifest_of(archive)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    if not path.is_file():
        raise BackupRefused(_("There is no file %(path)s.") % {"path": path})
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise BackupRefused(
            _("%(path)s is not a backup, or its end is missing. Nothing was changed.")
            % {"path": path}
        ) from error
    with archive:
        yield archive


def _manifest_of(archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > _MANIFEST_LIMIT:
            raise ValueError
        told: dict[str, Any] = json.loads(archive.read(MANIFEST))
        told["tables"] = {name: TableHash(*pair) for name, pair in told["tables"].items()}
        told["parts"] = {name: (int(size), str(sha)) for name, (size, sha) in told["parts"].items()}
        manifest = Manifest(**told)
    except (*_BROKEN, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BackupRefused(
            _("This backup has no legible manifest: it is damaged. Nothing was changed.")
        ) from error
    if manifest.format > FORMAT:
        raise BackupRefused(
            _("This backup was made by a newer version (%(version)s). Install that one first.")
            % {"version": manifest.version}
        )
    return manifest


def restore(path: Path | str, *, overwrite: bool = False) -> Manifest:
    """Put a backup in the place of this instance's database and files, and prove it equal.

    The whole file is checked before anything is touched; the database is replaced in one
    transaction. `overwrite` allows it for an instance that holds something: that is lost. Raises
    BackupRefused for a damaged or newer backup, an instance in use, or rows that differ.

    Side effects: every table is replaced, stored files are written; this process's connections
    to the database are closed. A backup of an older version needs its migrations run afterwards.
    """
    with _opened(Path(path)) as archive:
        manifest = _manifest_of(archive)
        _check_parts(archive, manifest)
        if not overwrite and (full := _in_use()):
            raise BackupRefused(
                _(
                    "This database already holds something (%(tables)s). Nothing was changed: "
                    "take an empty one, or say --overwrite to lose what it holds."
                )
                % {"tables": ", ".join(full[:3])}
            )
        for name in manifest.parts:
            if name != DUMP:
                with archive.open(name) as content:
                    _put(name, content)
        with tempfile.TemporaryDirectory(dir=home()) as folder:
            dump = Path(folder) / DUMP
            with archive.open(DUMP) as source, dump.open("wb") as target:
                while chunk := source.read(_STEP):
                    target.write(chunk)
            connections.close_all()
            load_dump(dump)
    _compare(manifest)
    return manifest


def _check_parts(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    found = {entry.filename for entry in archive.infolist()} - {MANIFEST}
    if found != set(manifest.parts) or DUMP not in found:
        raise BackupRefused(
            _("This backup does not hold what its manifest says. Nothing was changed.")
        )
    for name, (size, expected) in manifest.parts.items():
        if name != DUMP and not _is_file_name(name):
            raise BackupRefused(
                _("This backup holds a file of a forbidden name. Nothing was changed.")
            )
        digest = hashlib.sha256()
        counted = 0
        try:
            with archive.open(name) as part:
                while chunk := part.read(_STEP):
                    digest.update(chunk)
                    counted += len(chunk)
        except _BROKEN as error:
            raise _altered(name) from error
        if (counted, digest.hexdigest()) != (size, expected):
            raise _altered(name)


def _altered(name: str) -> BackupRefused:
    return BackupRefused(
        _("This backup is damaged or was altered (%(name)s). Nothing was changed.") % {"name": name}
    )


def _is_file_name(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        str(path) == name
        and path.parts[:1] == ("files",)
        and ".." not in path.parts
        and "\\" not in name
    )


def _put(name: str, content: IO[bytes]) -> None:
    if default_storage.exists(name):
        default_storage.delete(name)
    kept = default_storage.save(name, File(content))
    if kept != name:
        raise BackupRefused(_("The storage refused the name %(name)s.") % {"name": name})


def _in_use() -> list[str]:
    """The tables that hold something that setting up does not write."""
    full = []
    with connection.cursor() as cursor:
        for name in tables():
            if name.startswith(_SET_UP) and name != "kernel_storedfile":
                continue
            statement = sql.SQL("SELECT EXISTS (SELECT FROM {table})").format(
                table=sql.Identifier("public", name)
            )
            cursor.execute(statement.as_string(cursor.connection))
            if cursor.fetchone()[0]:
                full.append(name)
    return full


def _compare(manifest: Manifest) -> None:
    now = hashes()
    names = manifest.tables.keys() | now.keys()
    different = sorted(name for name in names if manifest.tables.get(name) != now.get(name))
    if different:
        raise BackupRefused(
            _("The restored rows differ from the backup's in %(tables)s.")
            % {"tables": ", ".join(different)}
        )
