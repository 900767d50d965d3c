"""What the workspace's pages have in common: the plan that they speak of, and saying no."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from diapason.kernel.refusals import Refusal
from diapason.plan.models import Plan
from diapason.plan.queries import figures


def plan_or_404() -> Plan:
    plan = figures.current_plan()
    if plan is None:
        raise Http404
    return plan


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """The fields and the files of the form that was sent; (None, None) where none was, so that a
    form sent empty is refused like any other."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Say a refusal beside its field, or above the form where the form has no such field."""
    known = refusal.field in form.fields and not form.fields[refusal.field].widget.is_hidden
    form.add_error(refusal.field if known else None, str(refusal))


def key_of(request: HttpRequest) -> uuid.UUID:
    """The key of the form that was sent, so that sending it twice makes one thing; a form without
    a legible one gets a new one."""
    try:
        return uuid.UUID(request.POST.get("request_key", ""))
    except ValueError:
        return uuid.uuid4()


def crumbs(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    """The way to a page: (label, address) of each step, the last without an address."""
    return [{"label": label, "url": url} for label, url in steps]


def nobody(person: Any) -> str:
    """A person's name; accounts may be gone, and the plan itself gives figures too."""
    return str(person) if person is not None else _("nobody any more")
