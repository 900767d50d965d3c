"""The ground floor's few answers: files."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from diapason.kernel import files
from diapason.kernel.models import StoredFile
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
