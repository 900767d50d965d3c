"""What the observatory's pages have in common."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from diapason.kernel.refusals import Refusal
from diapason.observatory.models import Campaign
from diapason.observatory.queries import surveys


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Say a refusal beside its field, or above the form where the form has no such field."""
    known = refusal.field in form.fields and not form.fields[refusal.field].widget.is_hidden
    form.add_error(refusal.field if known else None, str(refusal))


def key_of(request: HttpRequest) -> uuid.UUID:
    """The key of the form that was sent; a form without a legible one gets a new one."""
    try:
        return uuid.UUID(request.POST.get("request_key", ""))
    except ValueError:
        return uuid.uuid4()


def crumbs(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    """The way to a page: (label, address) of each step, the last without an address."""
    return [{"label": label, "url": url} for label, url in steps]


def survey_or_404(request: HttpRequest, pk: int) -> Campaign:
    found = surveys.survey_of(request.user, pk)
    if found is None:
        raise Http404
    return found


def title_of(survey: Campaign) -> str:
    return _("Survey about %(year)s") % {"year": survey.year}
