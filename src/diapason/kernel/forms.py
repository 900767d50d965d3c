"""What every form that writes does with what was sent to it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest

from diapason.kernel.refusals import Refusal, SentOtherwise


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """The fields and the files of the form that was sent; (None, None) where none was, so that a
    form sent empty is refused like any other."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def key_of(request: HttpRequest) -> uuid.UUID:
    """The key of the form that was sent, so that sending it twice makes one thing; a form without
    a legible one gets a new one."""
    try:
        return uuid.UUID(request.POST.get("request_key", ""))
    except ValueError:
        return uuid.uuid4()


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Say a refusal beside its field, or above the form where the form has no such field.

    A form that was sent before with other words gets a new key: sent again, it adds these.
    """
    if isinstance(refusal, SentOtherwise) and "request_key" in form.fields:
        typed = form.data.copy()  # type: ignore[attr-defined]
        typed[form.add_prefix("request_key")] = str(uuid.uuid4())
        form.data = typed
    known = refusal.field in form.fields and not form.fields[refusal.field].widget.is_hidden
    form.add_error(refusal.field if known else None, str(refusal))


class Versioned(forms.Form):
    """A form for a record that others may change meanwhile; its field `version` says which version
    the person saw."""

    def see(self, version: int) -> None:
        """Take it that the person has now seen that version; what they typed stays."""
        typed: Any = self.data
        self.data = typed.copy()
        self.data[self.add_prefix("version")] = str(version)  # type: ignore[index]
