"""The ground floor's few answers: files, drafts, the progress of jobs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from diapason.kernel import drafts, files, jobs
from diapason.kernel.models import Progress, StoredFile
from diapason.kernel.permissions import public


@public
@require_safe
def file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A stored file, to those who may read it; for the others there is none."""
    stored = StoredFile.objects.filter(pk=key).first()
    if stored is None or not files.readable(stored, request.user):
        raise Http404
    if f'"{stored.sha256}"' in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": f'"{stored.sha256}"'})
    try:
        return files.response(stored)
    except FileNotFoundError as error:
        raise Http404 from error


@public
@require_POST
def draft(request: HttpRequest, form: str) -> HttpResponse:
    """Keep what is typed in a form: 204 once it is kept, an error's code alone otherwise."""
    if not drafts.is_form_key(form):
        raise Http404
    if request.content_type != "application/x-www-form-urlencoded":
        return HttpResponse(status=415)
    if int(request.META.get("CONTENT_LENGTH") or 0) > drafts.MAX_BYTES:
        return HttpResponse(status=413)
    owner = drafts.owner_of(request)
    if not drafts.allowed(request, owner):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    response = HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    try:
        drafts.save(owner or drafts.introduce(response), form, request.POST)
    except drafts.TooManyDrafts:
        return HttpResponse(status=409)
    return response


def _progress(request: HttpRequest, key: UUID) -> Progress:
    """The progress, to the one who waits for it only."""
    owner = drafts.owner_of(request)
    found = Progress.objects.filter(pk=key, owner=owner).first() if owner else None
    if found is None:
        raise Http404
    return found


def _progress_context(found: Progress) -> dict[str, Any]:
    here = reverse("kernel:progress", args=[found.pk])
    is_done = found.state == Progress.State.DONE
    counted = _("%(done)s of %(total)s") % {
        "done": number_format(found.done, force_grouping=True),
        "total": number_format(found.total or 0, force_grouping=True),
    }
    return {
        "id": found.pk,
        "title": found.title,
        "label": found.get_state_display(),
        "text": counted if found.total and not is_done else "",
        "note": found.message,
        "value": found.done if found.total else (1 if is_done else 0 if found.ended else None),
        "max": found.total or 1,
        "done": found.ended,
        "next_url": found.result_url,
        "next_label": _("See the result") if is_done else _("Go back"),
        "poll_url": here,
        "cancel_url": "" if found.cancel_asked else reverse("kernel:cancel", args=[found.pk]),
    }


@public
@require_safe
def progress(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far a job has got: a page that can be read again, or the fragment that htmx asks for."""
    found = _progress(request, key)
    whole = not request.headers.get("HX-Request")
    template = "kernel/progress.html" if whole else "kernel/progress_fragment.html"
    layout = "ui/workspace.html" if request.user.is_authenticated else "ui/portal.html"
    answer = render(request, template, _progress_context(found) | {"layout": layout})
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "HX-Request, Cookie"
    return answer


@public
@require_POST
def cancel(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask a job to stop, then show its progress again."""
    found = _progress(request, key)
    jobs.ask_to_cancel(found)
    return redirect("kernel:progress", key=found.pk)
