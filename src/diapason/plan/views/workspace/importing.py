"""Many figures at once, from a spreadsheet: a file to fill in, a trial, then all or nothing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
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
from diapason.kernel.models import StoredFile
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.plan import actions
from diapason.plan.forms import sheets
from diapason.plan.forms.readings import ImportForm
from diapason.plan.models import Plan, Reading
from diapason.plan.queries.desk import readings as desk
from diapason.plan.views.workspace.pages import crumbs, key_of, plan_or_404, refuse, sent
from diapason.plan.views.workspace.readings import value_in_words

SALT = "plan.readings.sheet"
ROWS_SHOWN = 50


@dataclass(frozen=True)
class Trial:
    """What importing a file would do: the figures it would declare, or what is wrong with it."""

    readings: list[Reading] = field(default_factory=list)
    errors: list[spreadsheets.CellError] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


@requires("plan.declare_reading")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def importing(request: HttpRequest) -> HttpResponse:
    """Try a spreadsheet, show what is wrong cell by cell, and import it once it is right.

    The file that was tried is kept, so that what is confirmed is what was shown.
    """
    plan = plan_or_404()
    form = ImportForm(*sent(request))
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            kept = _kept(request)
            if kept is not None:
                made = _import(request, plan, kept)
                messages.success(request, made)
                return redirect("plan:readings")
            if form.is_valid():
                context = _tried(request, plan, form)
        except Refusal as refusal:
            refuse(form, refusal)
    return render(
        request,
        "plan/workspace/import.html",
        {
            "form": form,
            "breadcrumb": crumbs(
                (_("Figures"), reverse("plan:readings")), (_("Import a spreadsheet"), "")
            ),
            **context,
        },
    )


@requires("plan.declare_reading")
@require_safe
def template(request: HttpRequest) -> FileResponse:
    """The spreadsheet to fill in."""
    made = sheets.template(desk.choices(plan_or_404()))
    return FileResponse(
        made,
        as_attachment=True,
        filename=_("figures") + ".xlsx",
        content_type=spreadsheets.XLSX_TYPE,
    )


def _tried(request: HttpRequest, plan: Plan, form: ImportForm) -> dict[str, Any]:
    upload = form.cleaned_data["file"]
    trial = _try(request, plan, upload)
    if trial.errors:
        return {"trial": trial, "name": upload.name}
    stored = files.store(upload, kinds=files.SHEETS, field="file")
    return {
        "trial": trial,
        "name": upload.name,
        "sealed": spreadsheets.seal(stored, request.user, salt=SALT),
        "request_key": uuid.uuid4(),
        "preview": [
            (reading.indicator.title, value_in_words(reading), reading.on, reading.source)
            for reading in trial.readings[:ROWS_SHOWN]
        ],
        "more": max(0, len(trial.readings) - ROWS_SHOWN),
    }


def _read(plan: Plan, file: Any) -> spreadsheets.Reading:
    return spreadsheets.read(file, sheets.columns(desk.choices(plan)), field="file")


def _try(request: HttpRequest, plan: Plan, file: Any) -> Trial:
    read = _read(plan, file)
    try:
        readings = actions.import_readings(
            by=request.user, plan=plan, rows=sheets.rows_of(read.sound()), dry_run=True
        )
    except spreadsheets.ImportRefused as refused:
        return Trial(errors=refused.located(read), ignored=read.ignored)
    return Trial(readings=readings, errors=read.errors, ignored=read.ignored)


def _import(request: HttpRequest, plan: Plan, stored: StoredFile) -> str:
    with stored.content.open("rb") as file:
        read = _read(plan, file)
    made = actions.import_readings(
        by=request.user, plan=plan, rows=sheets.rows_of(read), request_key=key_of(request)
    )
    return ngettext(
        "%(count)s figure now waits for approval.",
        "%(count)s figures now wait for approval.",
        len(made),
    ) % {"count": len(made)}


def _kept(request: HttpRequest) -> StoredFile | None:
    """The file that was tried, where the person confirms it; None for a new file."""
    sealed = request.POST.get("sealed", "")
    if not sealed or request.FILES.get("file"):
        return None
    return spreadsheets.kept_sheet(sealed, request.user, salt=SALT)
