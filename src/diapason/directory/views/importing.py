"""Organisations from a spreadsheet: its columns matched, a trial, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from diapason.directory import actions, tasks
from diapason.directory.contracts import ADD, LEAVE, ImportedRow, RowFate
from diapason.directory.forms import sheets as forms
from diapason.directory.queries import sheets
from diapason.kernel import drafts, files, jobs, spreadsheets
from diapason.kernel.forms import key_of
from diapason.kernel.models import StoredFile
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import CellError, Column
from diapason.ui.breadcrumb import crumbs

SALT = "directory.organisations.sheet"
ROWS_SHOWN = 50
# So many lines in question are asked about one by one; the others follow the answer for the rest.
ASKED_AT_MOST = 200
# About two seconds. More lines are imported by a job, which tells how far it has got.
AT_ONCE = 1000


@dataclass(frozen=True)
class Trial:
    """What importing a file would do, or what is wrong with it."""

    rows: list[ImportedRow]
    errors: list[CellError]
    ignored: list[str]

    def of(self, *fates: RowFate) -> list[ImportedRow]:
        return [row for row in self.rows if row.fate in fates]


@requires("directory.edit_organisation")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def importing(request: HttpRequest) -> HttpResponse:
    """Match the columns of a spreadsheet, try it, and import it once it is right.

    The file is kept from one step to the next, so that what is confirmed is what was shown.
    """
    posted = request.method == "POST"
    form = forms.UploadForm(*(request.POST, request.FILES) if posted else ())
    context: dict[str, Any] = {"form": form}
    if posted:
        try:
            if request.FILES.get("file"):
                upload = form.files["file"]
                context |= _matching(request, _stored(upload))
            elif request.POST.get("sealed"):
                sealed = request.POST["sealed"]
                kept = spreadsheets.kept_sheet(sealed, request.user, salt=SALT)
                context |= _next(request, kept)
        except Refusal as refusal:
            form.is_valid()
            form.errors.pop("file", None)
            form.add_error("file", str(refusal))
    if "job" in context:
        return redirect("kernel:progress", key=context["job"])
    if "done" in context:
        messages.success(request, context["done"])
        return redirect("directory:organisations")
    context["breadcrumb"] = crumbs(
        (_("Organisations"), reverse("directory:organisations")), (_("Import a spreadsheet"), "")
    )
    return render(request, "directory/import.html", context)


@requires("directory.edit_organisation")
@require_safe
def template(request: HttpRequest) -> FileResponse:
    """A spreadsheet to fill in, for who has none yet."""
    return FileResponse(
        spreadsheets.template(sheets.columns(), title=_("Organisations")),
        as_attachment=True,
        filename=_("organisations") + ".xlsx",
        content_type=spreadsheets.XLSX_TYPE,
    )


def _stored(upload: Any) -> StoredFile:
    # Read first: what is no list is refused before anything is kept.
    spreadsheets.columns_in(upload, sheets.columns(), field="file")
    return files.store(upload, kinds=files.SHEETS, field="file")


def _matching(request: HttpRequest, kept: StoredFile) -> dict[str, Any]:
    """The step that says which column is what, as guessed."""
    ours = sheets.columns()
    with kept.content.open("rb") as file:
        found = spreadsheets.columns_in(file, ours, field="file")
    return _of_file(request, kept) | {"match": forms.MatchForm(found, ours)}


def _of_file(request: HttpRequest, kept: StoredFile) -> dict[str, Any]:
    return {
        "sealed": spreadsheets.seal(kept, request.user, salt=SALT),
        "name": kept.name,
    }


def _next(request: HttpRequest, kept: StoredFile) -> dict[str, Any]:
    """Try the file with the columns as matched, or import it where the person confirms."""
    ours = sheets.columns()
    with kept.content.open("rb") as file:
        match = forms.MatchForm(
            spreadsheets.columns_in(file, ours, field="file"), ours, request.POST
        )
        context = _of_file(request, kept) | {"match": match}
        if not match.is_valid():
            return context
        read = spreadsheets.read(file, ours, field="file", places=match.places())
    confirmed = request.POST.get("step") == "import"
    choices = forms.choices_of(request.POST)
    rest = ADD if request.POST.get("rest") == ADD else LEAVE
    if confirmed and not read.errors and len(read.rows) > AT_ONCE:
        return {"job": _later(request, kept, match.places(), choices, rest)}
    dry_run = not confirmed or bool(read.errors)
    trial = _tried(request, read, choices=choices, rest=rest, dry_run=dry_run)
    if confirmed and not trial.errors:
        return {"done": sheets.said_of(trial.rows)}
    return context | _shown(trial, match, ours)


@transaction.atomic
def _later(
    request: HttpRequest,
    kept: StoredFile,
    places: Mapping[str, int],
    choices: Mapping[int, str],
    rest: str,
) -> UUID:
    """Ask for the import as a job, once however often the form is sent; gives its progress."""
    progress = jobs.start_progress(
        drafts.owner_of(request) or "",
        _("Import of %(file)s") % {"file": kept.name},
        key=key_of(request),
        back_url=reverse("directory:organisations_import"),
    )
    jobs.enqueue(
        tasks.import_sheet,
        key=f"directory.import_sheet:{progress.pk}",
        progress=str(progress.pk),
        by=request.user.pk,
        language=get_language() or "",
        file=str(kept.pk),
        places=places,
        choices={str(number): said for number, said in choices.items()},
        rest=rest,
    )
    return progress.pk


def _tried(request: HttpRequest, read: spreadsheets.Reading, **how: Any) -> Trial:
    lines = sheets.lines_of(read.sound())
    try:
        rows = actions.import_organisations(by=request.user, rows=lines, **how)
    except spreadsheets.ImportRefused as refused:
        return Trial([], refused.located(read), read.ignored)
    return Trial([] if read.errors else rows, read.errors, read.ignored)


def _shown(trial: Trial, match: forms.MatchForm, ours: list[Column]) -> dict[str, Any]:
    headings = {column.key: str(column.heading) for column in ours}

    def in_words(keys: tuple[str, ...]) -> str:
        return ", ".join(headings[key].lower() for key in headings if key in keys)

    asked = trial.of(RowFate.ASKED)
    added = trial.of(RowFate.NEW)
    return {
        "trial": trial,
        "tried": bool(trial.rows),
        "asked": asked[:ASKED_AT_MOST],
        "asked_more": max(0, len(asked) - ASKED_AT_MOST),
        "added": added[:ROWS_SHOWN],
        "added_more": max(0, len(added) - ROWS_SHOWN),
        "changed": [
            (row, in_words(row.filled), in_words(row.kept))
            for row in trial.of(RowFate.FILLED, RowFate.SAME)
            if row.filled or row.kept
        ][:ROWS_SHOWN],
        "counts": [
            {"label": _("To add"), "value": len(added)},
            {"label": _("To fill in"), "value": len(trial.of(RowFate.FILLED))},
            {"label": _("As they are"), "value": len(trial.of(RowFate.SAME))},
            {"label": _("In question"), "value": len(asked)},
        ],
        "rest_form": forms.RestForm(),
        "matched": [(name, match[name].value()) for name in match.fields],
        "request_key": uuid4(),
        "add": ADD,
        "leave": LEAVE,
    }
