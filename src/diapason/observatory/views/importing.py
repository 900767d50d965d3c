"""Answers from a spreadsheet: a file to fill in, a trial, then all or nothing."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from diapason.kernel import files, spreadsheets
from diapason.kernel.forms import key_of, refuse
from diapason.kernel.models import StoredFile
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.observatory import actions
from diapason.observatory.contracts import Status
from diapason.observatory.forms import ImportForm, columns, facts_of
from diapason.observatory.models import Answer, Campaign
from diapason.observatory.views.pages import survey_or_404, title_of
from diapason.ui.breadcrumb import crumbs

SALT = "observatory.answers.sheet"
ROWS_SHOWN = 50


@requires("observatory.record_answers")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def importing(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a spreadsheet, show what is wrong cell by cell, and take it in once it is right. The
    file that was tried is kept, so that what is confirmed is what was shown."""
    survey = survey_or_404(request, pk)
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    context: dict[str, Any] = {}
    if posted:
        try:
            kept = _kept(request)
            if kept is not None:
                messages.success(request, _take_in(request, survey, kept))
                return redirect("observatory:survey", pk=pk)
            if form.is_valid():
                context = _tried(request, survey, form.cleaned_data["file"])
        except Refusal as refusal:
            refuse(form, refusal)
    return render(
        request,
        "observatory/workspace/import.html",
        {
            "form": form,
            "survey": survey,
            "breadcrumb": crumbs(
                (_("Surveys"), reverse("observatory:surveys")),
                (title_of(survey), reverse("observatory:survey", args=[pk])),
                (_("Import a spreadsheet"), ""),
            ),
            **context,
        },
    )


@requires("observatory.record_answers")
@require_safe
def template(request: HttpRequest, pk: int) -> FileResponse:
    """The spreadsheet to fill in."""
    survey_or_404(request, pk)
    return FileResponse(
        spreadsheets.template(columns(), title=_("Answers")),
        as_attachment=True,
        filename=_("answers") + ".xlsx",
        content_type=spreadsheets.XLSX_TYPE,
    )


def _applied(
    request: HttpRequest, survey: Campaign, file: Any, *, dry_run: bool
) -> tuple[spreadsheets.Reading, spreadsheets.Outcome]:
    reading = spreadsheets.read(file, columns(), field="file")
    importing = actions.Importing(
        by=request.user, survey=survey, request_key=None if dry_run else key_of(request)
    )

    def line(values: dict[str, Any]) -> Answer:
        return importing.line(
            named=values["organisation"],
            facts=facts_of(values),
            status=Status(values.get("status") or Status.DECLARED),
            source=values.get("source") or "",
        )

    return reading, spreadsheets.apply(reading, line, dry_run=dry_run)


def _tried(request: HttpRequest, survey: Campaign, upload: Any) -> dict[str, Any]:
    reading, outcome = _applied(request, survey, upload, dry_run=True)
    told = {"name": upload.name, "ignored": reading.ignored}
    if outcome.errors:
        return {**told, "errors": outcome.errors}
    stored = files.store(upload, kinds=files.SHEETS, field="file")
    return {
        **told,
        "sealed": spreadsheets.seal(stored, request.user, salt=SALT),
        "request_key": uuid.uuid4(),
        "preview": [
            (row.values["organisation"], answer.turnover, answer.headcount, answer.status_label)
            for row, answer in zip(reading.rows, outcome.results, strict=True)
        ][:ROWS_SHOWN],
        "count": len(outcome.results),
        "more": max(0, len(outcome.results) - ROWS_SHOWN),
    }


def _take_in(request: HttpRequest, survey: Campaign, stored: StoredFile) -> str:
    with stored.content.open("rb") as file:
        _reading, outcome = _applied(request, survey, file, dry_run=False)
    if not outcome.applied:
        raise Refusal(
            _("Something changed since this file was tried. Choose it again."), field="file"
        )
    count = len(outcome.results)
    return ngettext(
        "%(count)s answer is written down.", "%(count)s answers are written down.", count
    ) % {"count": count}


def _kept(request: HttpRequest) -> StoredFile | None:
    """The file that was tried, where the person confirms it; None for a new file."""
    sealed = request.POST.get("sealed", "")
    if not sealed or request.FILES.get("file"):
        return None
    return spreadsheets.kept_sheet(sealed, request.user, salt=SALT)
