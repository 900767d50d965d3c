"""Finding the communes that somebody writes down, and saying them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import ngettext

from diapason.desk.models import Case
from diapason.kernel.tables import folded

MOST = 6


def few() -> list[str] | None:
    """The names of the communes where they are a handful; none where no list is loaded; None where
    they are too many to read."""
    names = list(_communes().order_by(Lower("name")).values_list("name", flat=True)[: MOST + 1])
    return names if len(names) <= MOST else None


def called(words: str) -> list[Any]:
    """The communes of that name or postcode, whatever the case and accents; a few at most."""
    named = (
        _communes()
        .annotate(folded=folded("name"))
        .filter(Q(folded=folded(Value(words))) | Q(postcodes__contains=[words]))
    )
    return list(named.order_by(Lower("name"))[:MOST])


def within(words: str) -> list[Any]:
    """The communes that somebody means who writes a territory: an intercommunality, a commune or a
    postcode. Of a name that several bear, all."""
    whole = _communes().annotate(folded=folded("intercommunality"))
    return list(whole.filter(folded=folded(Value(words)))) or called(words)


def known(codes: Iterable[str]) -> set[str]:
    """Those of these codes that are a commune's."""
    wanted = set(codes)
    return set(_communes().filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def territories(lists: Iterable[Sequence[str]]) -> dict[tuple[str, ...], list[str]]:
    """What each of these lists of codes is called: whole intercommunalities by their name, the
    communes that remain by theirs. Two queries, none where nothing is listed."""
    wanted = {tuple(one) for one in lists}
    codes = {code for one in wanted for code in one}
    if not codes:
        return {one: [] for one in wanted}
    read = {one.pk: one for one in _communes().filter(pk__in=codes)}
    groups: dict[str, set[str]] = {}
    names = {one.intercommunality for one in read.values() if one.intercommunality}
    for pk, name in (
        _communes().filter(intercommunality__in=names).values_list("pk", "intercommunality")
    ):
        groups.setdefault(name, set()).add(pk)
    return {one: _called(set(one), read, groups) for one in wanted}


def _called(codes: set[str], read: dict[str, Any], groups: dict[str, set[str]]) -> list[str]:
    told = [name for name, members in sorted(groups.items()) if members <= codes]
    rest = codes - {code for name in told for code in groups[name]}
    return told + sorted((read[code].name for code in rest if code in read), key=str.casefold)


def in_short(names: Sequence[str]) -> str:
    """A territory in a line; empty for everywhere."""
    if len(names) <= MOST:
        return ", ".join(names)
    more = len(names) - MOST
    return ngettext(
        "%(first)s and %(more)s more commune", "%(first)s and %(more)s more communes", more
    ) % {"first": ", ".join(names[:MOST]), "more": more}


def _communes() -> QuerySet[Any]:
    return Case._meta.get_field("commune").related_model._default_manager.all()
