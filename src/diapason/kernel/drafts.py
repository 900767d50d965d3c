"""Drafts: what somebody types in a form is kept as they type, until the form is sent.

A form whose element says `data-autosave="<address of the draft>"` is posted there from time to
time by the browser. The next time the form is shown, it holds what was typed.

    draft = drafts.of(request, "plan.reading")
    form = ReadingForm(request.POST or None, initial=draft.initial(ReadingForm))
    …                                   # once the form is sent and accepted:
    draft.discard()
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.signing import BadSignature
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from diapason.kernel import limits
from diapason.kernel.audit import address_of
from diapason.kernel.models import Draft

KEPT_FOR = timedelta(days=30)
MAX_BYTES = 100_000
# Of one person: more forms than anybody fills in at once.
MAX_FORMS = 50
SAVES_A_MINUTE = 60
NEW_VISITORS_AN_HOUR = 100
COOKIE = "diapason-drafts"

_SALT = "diapason.kernel.drafts"
_FORM_KEY = re.compile(r"^[a-z0-9][a-z0-9._:-]{0,119}$")
# What must never be kept, whatever form it stands in.
_NEVER = re.compile(
    r"csrf|pass(?:word|phrase|wd|code)|mot_de_passe|\bpwd|secret|token|\botp|card_?number|cvc|cvv|iban",
    re.IGNORECASE,
)


class TooManyDrafts(Exception):
    """Somebody who already keeps as many drafts as we keep for one person."""


def owner_of(request: HttpRequest) -> str | None:
    """The opaque key of who fills in forms: the account, else the visitor that a cookie names."""
    if request.user.is_authenticated:
        return f"account:{request.user.pk}"
    return _visitor_of(request)


def _visitor_of(request: HttpRequest) -> str | None:
    try:
        key = request.get_signed_cookie(COOKIE, salt=_SALT, max_age=int(KEPT_FOR.total_seconds()))
    except (KeyError, BadSignature):
        return None
    return f"visitor:{key}"


def introduce(response: HttpResponseBase) -> str:
    """Give the visitor a key of their own in a cookie; returns the owner that it makes.

    The cookie only serves the form being filled in, and needs no consent.
    """
    key = secrets.token_urlsafe(24)
    response.set_signed_cookie(
        COOKIE,
        key,
        salt=_SALT,
        max_age=int(KEPT_FOR.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return f"visitor:{key}"


def is_form_key(form: str) -> bool:
    """Whether it can name a form: `plan.reading`, `desk.case:42`."""
    return bool(_FORM_KEY.match(form))


def save(owner: str, form: str, data: QueryDict | Mapping[str, Iterable[str]]) -> None:
    """Keep what was typed, in place of what was kept before, for 30 days.

    Passwords, tokens and numbers of cards or accounts are left out; files never come here. Raises
    ValueError for what cannot name a form, TooManyDrafts past `MAX_FORMS` forms of one owner,
    RequestDataTooBig for more than `MAX_BYTES`, which no form of ours holds.
    """
    if not is_form_key(form):
        raise ValueError(f"{form!r} cannot name a form")
    if Draft.objects.filter(owner=owner).exclude(form=form).count() >= MAX_FORMS:
        raise TooManyDrafts(owner)
    typed = _kept(data)
    if sum(len(name) + sum(map(len, values)) for name, values in typed.items()) > MAX_BYTES:
        raise RequestDataTooBig(form)
    kept = Draft(owner=owner, form=form, data=typed, expires_at=timezone.now() + KEPT_FOR)
    Draft.objects.bulk_create(
        [kept],
        update_conflicts=True,
        unique_fields=["owner", "form"],
        update_fields=["data", "updated_at", "expires_at"],
    )


def _kept(data: QueryDict | Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    lists = data.lists() if isinstance(data, QueryDict) else data.items()
    return {
        name.replace("\x00", ""): [str(value).replace("\x00", "") for value in values]
        for name, values in lists
        if not _NEVER.search(name)
    }


def load(owner: str, form: str) -> dict[str, list[str]] | None:
    """What was typed, by field; None where there is no draft, or it is too old."""
    found = _alive(owner, form)
    return None if found is None else found.data


def _alive(owner: str, form: str) -> Draft | None:
    return Draft.objects.filter(owner=owner, form=form, expires_at__gt=timezone.now()).first()


def discard(owner: str, form: str) -> None:
    """Forget the draft; nothing happens where there is none."""
    Draft.objects.filter(owner=owner, form=form).delete()


def forget(owner: str) -> int:
    """Forget every draft of somebody; gives how many there were."""
    return Draft.objects.filter(owner=owner).delete()[0]


def remove_expired() -> int:
    """Forget the drafts that are too old; gives how many went."""
    return Draft.objects.filter(expires_at__lte=timezone.now()).delete()[0]


@dataclass
class FormDraft:
    """The draft of one form of one person; see `of`. Looked for when it is needed: a form that is
    sent and accepted never asks what was typed before."""

    owners: tuple[str, ...]
    form: str
    kept: QuerySet[Draft] | Draft | None

    @cached_property
    def found(self) -> Draft | None:
        return self.kept.first() if isinstance(self.kept, QuerySet) else self.kept

    @property
    def url(self) -> str:
        """The address for `data-autosave`."""
        return reverse("kernel:draft", args=[self.form])

    @property
    def saved_at(self) -> datetime | None:
        return self.found.updated_at if self.found else None

    def initial(
        self,
        form_class: type[forms.Form] | type[forms.ModelForm],
        initial: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """`initial`, with what was typed over it, as the form's own widgets understand it."""
        merged = dict(initial or {})
        if self.found is None:
            return merged
        typed = QueryDict(mutable=True)
        for name, values in self.found.data.items():
            typed.setlist(name, values)
        for name, field in form_class.base_fields.items():
            if isinstance(field, forms.FileField):
                continue
            if not field.widget.value_omitted_from_data(typed, {}, name) or isinstance(
                field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple
            ):
                merged[name] = field.widget.value_from_datadict(typed, {}, name)
        return merged

    def discard(self) -> None:
        """Forget what was typed, once what the form was for is kept."""
        # One statement: nothing hangs on a draft, and nobody waits for it to go.
        drafts = Draft.objects.filter(owner__in=self.owners, form=self.form)
        drafts._raw_delete(using=drafts.db)


def of(request: HttpRequest, form: str) -> FormDraft:
    """The draft of that form of whoever makes the request.

    What was typed before signing in is found again afterwards.
    """
    owners = tuple(
        dict.fromkeys(owner for owner in (owner_of(request), _visitor_of(request)) if owner)
    )
    kept = Draft.objects.filter(owner__in=owners, form=form, expires_at__gt=timezone.now())
    return FormDraft(owners, form, kept.order_by("-updated_at") if owners else None)


def allowed(request: HttpRequest, owner: str | None) -> bool:
    """Whether one more draft may be saved now: so many a minute for one person, so many new
    visitors an hour from one address."""
    if owner is None:
        return limits.within(
            f"drafts-new:{address_of(request)}", most=NEW_VISITORS_AN_HOUR, seconds=3600
        )
    return limits.within(f"drafts:{owner}", most=SAVES_A_MINUTE, seconds=60)
