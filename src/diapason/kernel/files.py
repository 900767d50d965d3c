"""Files that people hand in: checked, cleaned, kept, and given back to those who may read them.

What a file is, is told by its content, never by its name. Images are drawn anew, so that nothing
hidden in them (places, serial numbers, scripts) is kept.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import uuid
import zipfile
import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from diapason.kernel.models import StoredFile
from diapason.kernel.refusals import Refusal
from diapason.kernel.registries import file_readers

MEGABYTE = 1_000_000
MAX_BYTES = 15 * MEGABYTE
MAX_PIXELS = 40_000_000
MAX_UNPACKED = 300 * MEGABYTE
# A file that nothing refers to may still be part of a transaction, or of a form being filled in.
ORPHAN_AFTER = timedelta(days=1)

_NAME_LENGTH = 120
_NOT_IN_NAMES = re.compile(r"[^\w\s.,()+’'-]", re.UNICODE)
_MARKUP = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*<", re.DOTALL)
# What reading a damaged archive may raise.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
_OFFICE = "application/vnd.openxmlformats-officedocument"


class FileKind(StrEnum):
    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"
    ODS = "ods"
    XLSX = "xlsx"
    CSV = "csv"
    ODT = "odt"
    DOCX = "docx"

    @property
    def content_type(self) -> str:
        return {
            "pdf": "application/pdf",
            "png": "image/png",
            "jpg": "image/jpeg",
            "webp": "image/webp",
            "ods": f"{_OPEN_DOCUMENT}.spreadsheet",
            "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
            "csv": "text/csv; charset=utf-8",
            "odt": f"{_OPEN_DOCUMENT}.text",
            "docx": f"{_OFFICE}.wordprocessingml.document",
        }[self.value]

    @property
    def label(self) -> str:
        return "JPEG" if self is FileKind.JPEG else self.value.upper()


IMAGES = frozenset({FileKind.PNG, FileKind.JPEG, FileKind.WEBP})
SHEETS = frozenset({FileKind.ODS, FileKind.XLSX, FileKind.CSV})
DOCUMENTS = frozenset({FileKind.PDF, FileKind.ODT, FileKind.DOCX})
ALL = frozenset(FileKind)
# What browsers show without running anything of it.
_SHOWN_INLINE = frozenset(kind.content_type for kind in IMAGES | {FileKind.PDF})


@dataclass(frozen=True)
class Checked:
    """A file that may be stored: its clean name and content."""

    name: str
    kind: FileKind
    content: bytes


def kinds_in_words(kinds: Iterable[FileKind]) -> str:
    """ "PDF, PNG, JPEG": the formats, in the order of their declaration."""
    chosen = set(kinds)
    return ", ".join(kind.label for kind in FileKind if kind in chosen)


def check(upload: Any, *, kinds: Collection[FileKind] = ALL, field: str = "") -> Checked:
    """The upload, checked and cleaned. `upload` has `name`, `size` and `read()`.

    Raises Refusal, in words that say what to do instead, for a file that is empty, too big, of
    another kind, damaged, or holds macros.
    """
    try:
        return _check(upload, kinds)
    except Refusal as refusal:
        raise Refusal(refusal.message, field=field) from refusal


def _check(upload: Any, kinds: Collection[FileKind]) -> Checked:
    if upload.size > MAX_BYTES:
        raise Refusal(
            _("This file weighs %(size)s MB. Send one of at most %(limit)s MB.")
            % {"size": -(-upload.size // MEGABYTE), "limit": MAX_BYTES // MEGABYTE}
        )
    upload.seek(0)
    content = upload.read(MAX_BYTES + 1)
    if not content:
        raise Refusal(_("This file is empty. Choose another one."))
    kind = sniff(content)
    if kind is None or kind not in kinds:
        raise Refusal(
            _("This file is of a kind that we cannot take. Send one of these: %(kinds)s.")
            % {"kinds": kinds_in_words(kinds)}
        )
    if kind in IMAGES:
        content = _redrawn(content, kind)
    elif kind in {FileKind.ODS, FileKind.XLSX, FileKind.ODT, FileKind.DOCX}:
        check_archive(content, limit=MAX_UNPACKED)
    return Checked(clean_name(upload.name or "", kind), kind, content)


def sniff(content: bytes) -> FileKind | None:
    """The kind of a file, from its content; None where it is none that we know."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileKind.WEBP
    if content.startswith(b"%PDF-"):
        return FileKind.PDF
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    return FileKind.CSV if _is_plain_text(content) else None


def _kind_of_archive(content: bytes) -> FileKind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return FileKind.XLSX
            if "word/document.xml" in names:
                return FileKind.DOCX
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                declared = archive.read("mimetype").decode("ascii", "replace").strip()
                for kind in (FileKind.ODS, FileKind.ODT):
                    if declared == kind.content_type:
                        return kind
    except _DAMAGED:
        return None
    return None


def _is_plain_text(content: bytes) -> bool:
    if _MARKUP.match(content[:1000]) or re.search(rb"[\x00-\x08\x0e-\x1f]", content):
        return False
    for encoding in ("utf-8", "cp1252"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def check_archive(content: bytes, *, limit: int = MAX_UNPACKED) -> None:
    """Refuse a zipped document that is damaged, locked, holds macros, or unpacks to more than
    `limit` bytes. Raises Refusal."""
    damaged = _("This file is damaged. Open it in its program, save it again and send that one.")
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if "vbaproject" in entry.filename.lower() or entry.filename.startswith("Basic/"):
                    raise Refusal(
                        _("This file holds macros. Save it without them and send that one.")
                    )
                if entry.flag_bits & 1:
                    raise Refusal(_("This file has a password. Save it without and send that one."))
                with archive.open(entry) as part:  # what it declares may be a lie: read it
                    while chunk := part.read(MEGABYTE):
                        unpacked += len(chunk)
                        if unpacked > limit:
                            raise Refusal(_("This file is too big once it is opened."))
    except _DAMAGED as error:
        raise Refusal(damaged) from error


def _redrawn(content: bytes, kind: FileKind) -> bytes:
    """The picture drawn anew, upright: its first frame, without anything else."""
    name = {FileKind.PNG: "PNG", FileKind.JPEG: "JPEG", FileKind.WEBP: "WEBP"}[kind]
    try:
        with Image.open(io.BytesIO(content), formats=[name]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Refusal(
                    _("This picture has %(size)s million pixels. Send one of at most %(limit)s.")
                    % {
                        "size": -(-picture.width * picture.height // 1_000_000),
                        "limit": MAX_PIXELS // 1_000_000,
                    }
                )
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Refusal(_("This picture is damaged. Choose another one.")) from error
    except Image.DecompressionBombError as error:
        raise Refusal(_("This picture has too many pixels.")) from error
    transparent = "A" in upright.getbands() or "transparency" in upright.info
    mode = "RGBA" if transparent and kind is not FileKind.JPEG else "RGB"
    if upright.mode == "L" and not transparent:
        mode = "L"
    clean = upright.convert(mode)
    clean.info.clear()
    made = io.BytesIO()
    options = {} if kind is FileKind.PNG else {"quality": 90}
    clean.save(made, format=name, **options)
    return made.getvalue()


def clean_name(name: str, kind: FileKind) -> str:
    """A name that is safe in any header and on any disk, with the ending of its kind."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = PurePosixPath(last).stem if "." in last.lstrip(".") else last
    legible = "".join(
        " " if unicodedata.category(letter)[0] in {"C", "Z"} else letter for letter in stem
    )
    stem = " ".join(_NOT_IN_NAMES.sub(" ", legible).split()).strip(". ")[:_NAME_LENGTH].strip(". ")
    return f"{stem or _('file')}.{kind.value}"


def store(
    upload: Any, *, public: bool = False, kinds: Collection[FileKind] = ALL, field: str = ""
) -> StoredFile:
    """Check the upload (or take what `check` gave) and keep it.

    Side effects: a row in the caller's transaction, a file in the storage; where the transaction
    rolls back, the sweep of orphans takes the file away. Raises Refusal as `check` does.
    """
    checked = upload if isinstance(upload, Checked) else check(upload, kinds=kinds, field=field)
    key = uuid.uuid4()
    kept = StoredFile(
        id=key,
        name=checked.name,
        content_type=checked.kind.content_type,
        size=len(checked.content),
        sha256=hashlib.sha256(checked.content).hexdigest(),
        public=public,
    )
    kept.content.save(f"{key}.{checked.kind.value}", ContentFile(checked.content), save=False)
    kept.save(force_insert=True)
    return kept


def _limit_in_words() -> str:
    return _("At most %(limit)s MB.") % {"limit": MAX_BYTES // MEGABYTE}


class StoredFileField(forms.FileField):
    """A form field that gives a `Checked` file, ready for `store`; refusals stand beside it."""

    def __init__(self, *, kinds: Collection[FileKind] = ALL, **kwargs: Any) -> None:
        self.kinds = frozenset(kinds)
        # Said when it is read, in the reader's language: a form is declared long before.
        kwargs.setdefault("help_text", lazy(_limit_in_words, str)())
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attributes = super().widget_attrs(widget)
        attributes["accept"] = ",".join(f".{kind.value}" for kind in FileKind if kind in self.kinds)
        return attributes

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        if upload is None or isinstance(upload, Checked):
            return upload
        try:
            return check(upload, kinds=self.kinds)
        except Refusal as refusal:
            raise ValidationError(str(refusal), code="refused") from refusal


def readable(stored: StoredFile, user: Any) -> bool:
    """Whether the user may read it: anybody a public file, else who a room says may."""
    return stored.public or any(reader(stored.pk, user) for reader in file_readers)


def response(stored: StoredFile) -> FileResponse:
    """The file's content as an answer that cannot run anything in the reader's browser.

    Raises FileNotFoundError where the storage has lost it.
    """
    inline = stored.content_type in _SHOWN_INLINE
    answer = FileResponse(
        stored.content.open("rb"),
        as_attachment=not inline,
        filename=stored.name,
        content_type=stored.content_type,
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    # Viewers of PDF do not work inside a sandbox; they run nothing of ours either.
    sandbox = "" if stored.content_type == FileKind.PDF.content_type else "; sandbox"
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; frame-ancestors 'none'{sandbox}"
    )
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["ETag"] = f'"{stored.sha256}"'
    answer.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if stored.public else "private, no-cache"
    )
    return answer


def remove(keys: Iterable[uuid.UUID]) -> None:
    """Delete files that no record refers to any more, at once: their author wants them gone.

    Side effects: rows go in the caller's transaction, the content once it is kept.
    """
    gone = list(StoredFile.objects.filter(pk__in=list(keys)))
    StoredFile.objects.filter(pk__in=[stored.pk for stored in gone]).delete()
    for stored in gone:
        place, name = stored.content.storage, stored.content.name or ""
        transaction.on_commit(partial(place.delete, name))


def orphans() -> QuerySet[StoredFile]:
    """The files, a day old at least, that no record refers to, histories included."""
    held = StoredFile.objects.filter(created_at__lt=timezone.now() - ORPHAN_AFTER)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel):
            continue
        field = relation.field
        referring = field.model._base_manager.exclude(**{field.name: None})
        held = held.exclude(pk__in=referring.order_by().values(field.name))
    return held


def remove_orphans() -> int:
    """Delete the orphans, and the stored content that has no row any more; gives how many went.

    Side effects: rows and stored content go, the content once the rows are gone for good.
    """
    with transaction.atomic():
        gone = list(orphans().select_for_update())
        StoredFile.objects.filter(pk__in=[stored.pk for stored in gone]).delete()
    for stored in gone:
        stored.content.storage.delete(stored.content.name or "")
    return len(gone) + _remove_lost_content()


def _remove_lost_content() -> int:
    count = 0
    before = timezone.now() - ORPHAN_AFTER
    for folder in _folders("files"):
        names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        known = set(StoredFile.objects.filter(content__in=names).values_list("content", flat=True))
        for name in names:
            if name not in known and default_storage.get_modified_time(name) < before:
                default_storage.delete(name)
                count += 1
    return count


def _folders(top: str) -> list[str]:
    """Every folder under `top`, itself included; none where it does not exist."""
    try:
        below, _files = default_storage.listdir(top)
    except FileNotFoundError:
        return []
    return [top, *(deep for name in below for deep in _folders(f"{top}/{name}"))]
