"""The directory's own jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from diapason.directory import actions
from diapason.directory.models import User
from diapason.directory.queries import sheets
from diapason.kernel import jobs, spreadsheets
from diapason.kernel.jobs import task
from diapason.kernel.models import StoredFile
from diapason.kernel.refusals import Refusal


@task("directory.import_sheet")
def import_sheet(
    *,
    progress: str,
    by: int,
    language: str,
    file: str,
    places: Mapping[str, int],
    choices: Mapping[str, str],
    rest: str,
) -> None:
    """Import the organisations of a spreadsheet that was tried, as `import_organisations` does.

    `file` is the kept file's id, `places` and `choices` what was said of its columns and lines.
    """
    with override(language), jobs.running(progress) as steps:
        try:
            rows = actions.import_organisations(
                by=User.objects.get(pk=by),
                rows=sheets.lines_of(_read(file, places)),
                choices={int(number): said for number, said in choices.items()},
                rest=rest,
                steps=steps,
            )
        except spreadsheets.ImportRefused as refused:
            raise Refusal(
                _("%(why)s Try the file again to see which.") % {"why": refused}
            ) from refused
        jobs.finish(
            progress, result_url=reverse("directory:organisations"), message=sheets.said_of(rows)
        )


def _read(file: str, places: Mapping[str, int]) -> Any:
    kept = StoredFile.objects.filter(pk=file).first()
    if kept is None:
        raise Refusal(_("This file is not kept any more. Choose it again."))
    with kept.content.open("rb") as content:
        read = spreadsheets.read(content, sheets.columns(), field="file", places=places)
    if read.errors:
        # Somebody removed a commune or an activity that it names since it was tried.
        raise Refusal(_("Something in this file is not known any more. Try it again to see what."))
    return read
