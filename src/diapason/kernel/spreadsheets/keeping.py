"""Between the trial of a list and its import: the file that was tried, and what was wrong in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diapason.kernel.models import StoredFile
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets.reading import MAX_ERRORS, CellError, Reading


@dataclass(frozen=True)
class RowRefusal:
    """Why one line of a spreadsheet cannot be taken; `field` names its column."""

    number: int
    field: str
    message: str


class ImportRefused(Refusal):
    """A spreadsheet of which no line was taken; `rows` says why, line by line."""

    def __init__(self, rows: Sequence[RowRefusal]) -> None:
        lines = len({row.number for row in rows})
        super().__init__(
            ngettext(
                "Nothing was imported: %(count)s line has to be mended.",
                "Nothing was imported: %(count)s lines have to be mended.",
                lines,
            )
            % {"count": lines}
        )
        self.rows = tuple(rows)

    def located(self, read: Reading) -> list[CellError]:
        """All that is wrong with the file that was read, in its order: cells that could not be
        understood, and these refusals, each with the address of its cell."""
        refused = [
            CellError(row.number, read.address(row.field, row.number), row.message)
            for row in self.rows
        ]
        found = sorted([*read.errors, *refused], key=lambda error: error.row)
        return found[:MAX_ERRORS]


def seal(stored: StoredFile, user: Any, *, salt: str) -> str:
    """What a page sends back so that what is confirmed is the file that was shown."""
    return signing.dumps([str(stored.pk), user.pk], salt=salt, compress=True)


def kept_sheet(sealed: str, user: Any, *, salt: str, field: str = "file") -> StoredFile:
    """The file that this person sealed. Raises Refusal where it is not there any more."""
    try:
        key, owner = signing.loads(sealed, salt=salt)
    except (signing.BadSignature, ValueError):
        key, owner = None, None
    stored = StoredFile.objects.filter(pk=key).first() if owner == user.pk else None
    if stored is None:
        raise Refusal(_("This file is not kept any more. Choose it again."), field=field)
    return stored
