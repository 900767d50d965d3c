"""The audit: who did what, when, from where and why, on every tracked record.

django-pghistory's triggers keep each version of a tracked record. This module tells them who
acts, and reads them back as sentences that a person understands.
"""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pghistory
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pghistory import runtime
from pghistory.middleware import HistoryMiddleware

from diapason.kernel.refusals import Refusal
from diapason.kernel.texts import Text, TextField
from diapason.kernel.worded import Worded
from diapason.kernel.wording import date_long, moment, number_kept

_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEPT_BITS = {4: 24, 6: 48}


def address_of(request: HttpRequest) -> str:
    """The network address that the request came from.

    Behind `TRUSTED_PROXIES` proxies of our own, the address that the outermost of them saw; what
    the client itself claims is never believed.
    """
    proxies = getattr(settings, "TRUSTED_PROXIES", 0)
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(passed) >= proxies and passed[-proxies]:
        return passed[-proxies]
    return request.META.get("REMOTE_ADDR", "")


def truncated(address: str) -> str:
    """The network of an address: enough to tell a place, not enough to tell a person.

    Keeps 24 bits of an IPv4 address, 48 of an IPv6 one; gives "" for what is no address.
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped:
        known = known.ipv4_mapped
    return str(ipaddress.ip_network((known, _KEPT_BITS[known.version]), strict=False))


def _path(request: HttpRequest) -> str:
    """The address that was written to, without the secret that a personal link holds."""
    try:
        secret = resolve(request.path_info).kwargs.get("secret")
    except Resolver404:
        secret = None
    return request.path.replace(secret, "…") if secret else request.path


class AuditMiddleware(HistoryMiddleware):
    """Tells the history who writes, from which network and at which address.

    Requests that only read are left alone: they write nothing, and looking up the reader would
    cost them a query.
    """

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        user = getattr(request, "user", None)
        return {
            "user": user.pk if user is not None and user.is_authenticated else None,
            "url": _path(request),
            "where": truncated(address_of(request)),
        }

    def __call__(self, request: HttpRequest) -> Any:
        if request.method not in _WRITING:
            return self.get_response(request)
        return super().__call__(request)


@contextmanager
def _told(**metadata: Any) -> Iterator[None]:
    """What is written inside the block carries `metadata` besides what was told before."""
    outer = getattr(runtime._tracker, "value", None)
    if outer is not None:
        # A context of its own: pghistory would change the one that earlier writes share.
        runtime._tracker.value = runtime.Context(
            id=uuid.uuid4(), metadata={**outer.metadata, **metadata}
        )
        try:
            yield
        finally:
            runtime._tracker.value = outer
        return
    with pghistory.context(**metadata):
        yield
    if connection.in_atomic_block and not connection.needs_rollback:
        # Else the rest of the transaction would still be said to be done for this reason.
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pghistory.context_id', '', true)")


@contextmanager
def because(why: str) -> Iterator[None]:
    """What is written inside the block was done for that reason (a person's own words)."""
    with _told(why=str(why)):
        yield


@contextmanager
def acting(actor: str, *, user: Any = None) -> Iterator[None]:
    """What is written inside the block is done by the program: a command, a job.

    `actor` names it ("load-plan"); `user` is the account that asked for it, where there is one.
    """
    with _told(actor=actor, user=user.pk if user is not None else None):
        yield


@contextmanager
def done_by(user: Any, why: str = "") -> Iterator[None]:
    """What is written inside the block is done by that person, for that reason if one is given.

    Actions say so themselves: they are called from requests, but also with a token's holder.
    """
    with _told(user=user.pk, **({"why": why} if why else {})):
        yield


class Deed(Worded):
    CREATED = "created", _lazy("Created")
    CHANGED = "changed", _lazy("Changed")
    DELETED = "deleted", _lazy("Deleted")


@dataclass(frozen=True)
class FieldChange:
    """A field before and after, as the reader reads it; "" where there was nothing."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class AuditEntry:
    """One deed on a record. `who` is a name; `where` a network; both may be ""."""

    at: datetime
    deed: Deed
    who: str
    user_id: int | None
    where: str
    why: str
    changes: tuple[FieldChange, ...]


def unlink(key: int, tables: Iterable[type[models.Model]]) -> None:
    """Empty every link of these tables, and of their histories, to the account of that number: what
    was done stays. What is about the person alone, and cannot be without them, goes."""
    tables = list(tables)
    for table in tables:
        _empty_links(table, key)
    # Emptying a link is itself noted by the history: so the histories go last.
    for table in tables:
        for events in pghistory.core.event_models(tracks_model=table):
            _empty_links(events, key)


def forget_links(key: int) -> None:
    """The same in the histories of all tables: their context says the number alone, which names
    nobody any more."""
    for events in apps.get_models():
        if getattr(events, "pgh_tracked_model", None):
            _empty_links(events, key)


def _empty_links(table: type[models.Model], key: int) -> None:
    person = get_user_model()
    for field in table._meta.concrete_fields:
        if field.is_relation and field.related_model is person:
            rows = table._base_manager.filter(**{field.attname: key})
            if field.null:
                rows.update(**{field.attname: None})
            else:
                rows.delete()


class NotTracked(LookupError):
    """A model whose history is not kept."""


def history(record: models.Model) -> list[AuditEntry]:
    """Everything that was done to the record, the oldest first, in the reader's language.

    Fields without a name for people (keys of forms, numbers of versions) are not told.

    Raises NotTracked for a model whose history is not kept. Costs a query for the versions, one
    for the people, and one for each relation that changed.
    """
    return history_of(type(record), record.pk)


def history_of(model: type[models.Model], key: Any) -> list[AuditEntry]:
    """`history` of a record that may be gone."""
    found = pghistory.core.event_models(tracks_model=model)
    if not found:
        raise NotTracked(model._meta.label)
    versions = list(
        found[0]
        ._default_manager.filter(pgh_obj_id=key)
        .order_by("pgh_id")
        .select_related("pgh_context")
    )
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and _named(field) and _has(found[0], field.name)
    ]
    names = _related_names(fields, versions)
    people = get_user_model()._default_manager.in_bulk(
        {user for user in (_told_of(version).get("user") for version in versions) if user}
    )
    entries = []
    previous = None
    for version in versions:
        entries.append(_entry(version, previous, fields, names, people))
        previous = version
    return entries


class EditConflict(Refusal):
    """Somebody else wrote the record since the version that was seen; nothing of theirs was
    overwritten.

    `entries` are their deeds, the oldest first; `current` is the record as it is now.
    """

    def __init__(self, message: Any, current: Any, version: int) -> None:
        super().__init__(message)
        versions = pghistory.core.event_models(tracks_model=type(current))[0]._default_manager
        newer = versions.filter(pgh_obj_id=current.pk, version__gt=version).count()
        self.entries = history(current)[-newer:] if newer else []
        self.current = current


def _named(field: models.Field) -> bool:
    """Whether somebody gave the field a name for people; the others are the program's own."""
    return isinstance(field.verbose_name, Promise)


def _has(event_model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in event_model._meta.concrete_fields)


def _told_of(version: Any) -> dict[str, Any]:
    return version.pgh_context.metadata if version.pgh_context else {}


def _entry(
    version: Any,
    previous: Any,
    fields: Sequence[models.Field],
    names: dict[tuple[str, Any], str],
    people: dict[Any, Any],
) -> AuditEntry:
    told = _told_of(version)
    user_id = told.get("user")
    if version.pgh_label == "delete":
        deed = Deed.DELETED
    else:
        deed = Deed.CREATED if version.pgh_label == "insert" else Deed.CHANGED
    changes = []
    for field in fields if deed is not Deed.DELETED else ():
        before = getattr(previous, field.attname) if previous is not None else None
        after = getattr(version, field.attname)
        if before == after:
            continue
        change = FieldChange(
            field.name,
            capfirst(str(field.verbose_name)),
            _in_words(field, before, names),
            _in_words(field, after, names),
        )
        if change.before != change.after:
            changes.append(change)
    return AuditEntry(
        at=version.pgh_created_at,
        deed=deed,
        who=_who(told, people),
        user_id=user_id,
        where=told.get("where", ""),
        why=told.get("why", ""),
        changes=tuple(changes),
    )


def _who(told: dict[str, Any], people: dict[Any, Any]) -> str:
    user_id = told.get("user")
    if user_id is not None:
        person = people.get(user_id)
        return str(person) if person is not None else _("an account that was erased")
    if actor := told.get("actor"):
        return _("the program (%(actor)s)") % {"actor": actor}
    return _("a visitor") if told.get("url") else _("the program")


def _related_names(
    fields: Sequence[models.Field], versions: Sequence[Any]
) -> dict[tuple[str, Any], str]:
    """What the records that the versions refer to are called, in one query per relation."""
    names: dict[tuple[str, Any], str] = {}
    for field in fields:
        if not isinstance(field, models.ForeignKey):
            continue
        keys = {getattr(version, field.attname) for version in versions} - {None}
        if keys:
            target = field.target_field.attname
            related = field.related_model._base_manager.filter(**{f"{target}__in": keys})
            names |= {(field.name, getattr(one, target)): str(one) for one in related}
    return names


def _in_words(field: models.Field, value: Any, names: dict[tuple[str, Any], str]) -> str:
    if value is None or value == "":
        return ""
    if field.is_relation:
        return names.get((field.name, value)) or _("no longer there (%(key)s)") % {"key": value}
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, TextField):
        return str(Text(value))
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return date_long(value)
    if field.get_internal_type() in {"DecimalField", "FloatField"}:
        return number_kept(value)
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)
