"""What rooms offer to the common pages, without anybody knowing which rooms exist.

A room fills these registries from its `offers.py`, which the kernel imports once all models are
loaded. Each offer has a key, `room.name`, unique in its registry.

    @day_items.offer("plan.readings_to_approve")
    def readings_to_approve(user: Any) -> Iterable[DayItem]:
        ...

    navigation.add("plan.plan", NavigationItem(label=_("The plan"), url_name="plan:plan"))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from diapason.kernel.periods import Window
from diapason.kernel.worded import Worded

T = TypeVar("T")


class Registry(Generic[T]):
    """Offers of one type, by key, in a stable order: by `order`, then by key."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._offers: dict[str, tuple[int, T]] = {}

    def add(self, key: str, offer: T, *, order: int = 100) -> T:
        """Add an offer. Raises ValueError for a key that has no room or is taken."""
        room, dot, name = key.partition(".")
        if not (room and dot and name):
            raise ValueError(f"{key!r} must be written room.name")
        if key in self._offers:
            raise ValueError(f"{key} is already in the registry {self.name}")
        self._offers[key] = (order, offer)
        return offer

    def offer(self, key: str, *, order: int = 100) -> Callable[[T], T]:
        """`add` as a decorator."""
        return lambda made: self.add(key, made, order=order)

    @contextmanager
    def lent(self, key: str, offer: T, *, order: int = 100) -> Iterator[T]:
        """The offer is there inside the block only."""
        self.add(key, offer, order=order)
        try:
            yield offer
        finally:
            del self._offers[key]

    def items(self) -> list[tuple[str, T]]:
        ranked = sorted(self._offers.items(), key=lambda entry: (entry[1][0], entry[0]))
        return [(key, offer) for key, (_order, offer) in ranked]

    def __getitem__(self, key: str) -> T:
        return self._offers[key][1]

    def __contains__(self, key: str) -> bool:
        return key in self._offers

    def __iter__(self) -> Iterator[T]:
        return iter([offer for _key, offer in self.items()])

    def __len__(self) -> int:
        return len(self._offers)

    def __repr__(self) -> str:
        return f"Registry({self.name}: {', '.join(key for key, _offer in self.items())})"


class Tone(StrEnum):
    """How a thing feels; always shown with a word, never by colour alone."""

    PLAIN = "plain"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, kw_only=True)
class DayItem:
    """One thing that waits for a person, with its one next act.

    `title` is a sentence; `act` labels the link to `url`; `due` is the day by which.
    """

    title: str
    url: str
    act: str
    detail: str = ""
    due: date | None = None
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of another room's record page.

    `model`: `app_label.model` of the record. `context` gives what the template needs, or None
    where there is nothing to show to that user.
    """

    model: str
    title: Any
    template: str
    context: Callable[[Any, Any], dict[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One answer of a search; `rank` is from 0 to 1, the best first."""

    title: str
    url: str
    detail: str = ""
    rank: float = 0.5


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """`search(user, words, limit)` answers only with what `user` may see."""

    label: Any
    search: Callable[[Any, str, int], Iterable[Hit]]


class LegalBasis(Worded):
    """RGPD, article 6.1."""

    CONSENT = "consent", _("consent of the person (RGPD 6.1.a)")
    CONTRACT = "contract", _("contract with the person (RGPD 6.1.b)")
    LEGAL_OBLIGATION = "legal_obligation", _("legal obligation (RGPD 6.1.c)")
    VITAL_INTERESTS = "vital_interests", _("vital interests (RGPD 6.1.d)")
    PUBLIC_TASK = "public_task", _("task in the public interest (RGPD 6.1.e)")
    LEGITIMATE_INTERESTS = "legitimate_interests", _("legitimate interests (RGPD 6.1.f)")


class Concerned(Worded):
    """Whom something that is kept is about, in the order in which the privacy page tells it: a
    person finds there what concerns them without reading the rest."""

    ANYBODY = "anybody", _("You fill in a form")
    PROJECT = "project", _("You ask for help with a project")
    ORGANISATION = "organisation", _("You are an organisation, or the person to reach in one")
    ACCOUNT = "account", _("You have an account")
    STAFF = "staff", _("You work here on the plan")


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """Why fields of a model hold something about a person, and for how long.

    `model`: `app_label.model`. `fields`: names of the fields declared together.
    """

    model: str
    fields: tuple[str, ...]
    purpose: Any
    legal_basis: LegalBasis
    retention: Any
    concerned: Concerned = Concerned.STAFF


@dataclass(frozen=True, kw_only=True)
class PersonalRecords:
    """What a room holds about an account, given to the person and erased on request.

    `export(user)` gives plain values, ready for JSON. `erase(user)` runs inside the transaction
    of the erasure and leaves nothing that names the person, history included.
    """

    export: Callable[[Any], dict[str, Any]]
    erase: Callable[[Any], None]


@dataclass(frozen=True, kw_only=True)
class ApiRouter:
    """A room's part of the API: `router` is mounted under `/api/<prefix>/`."""

    prefix: str
    router: Any


class Shell(StrEnum):
    """Where a link stands: the public portal, the first screen of its home page (what a visitor
    may begin at once), or the workspace of those who signed in."""

    PORTAL = "portal"
    HOME = "home"
    WORKSPACE = "workspace"


@dataclass(frozen=True, kw_only=True)
class NavigationItem:
    """A link of the navigation, shown to those who have `permission` (anybody where empty).

    The links of the portal and of its home page are everybody's: their pages are kept for all
    readers alike. `count` gives the records that wait for a person; those of all links are counted
    in one query. Raises TypeError for a link of the portal with a permission or a count.
    """

    label: Any
    url_name: str
    shell: Shell = Shell.WORKSPACE
    permission: str = ""
    icon: str = ""
    count: Callable[[Any], QuerySet[Any]] | None = None

    def __post_init__(self) -> None:
        if self.shell is not Shell.WORKSPACE and (self.permission or self.count):
            raise TypeError("a link of the portal is everybody's: no permission, no count")


@dataclass(frozen=True, kw_only=True)
class CohortEntry:
    """An entity that entered a support on a day."""

    entity: Any
    label: str
    entered_on: date
    dimensions: dict[str, Any] = field(default_factory=dict)


class CohortKind(StrEnum):
    """What the members of a cohort entered."""

    SUPPORT = "support"
    EVENT = "event"


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """Those who entered a support, or were shown at an event; `entries(window)` are those who did
    so in the window, by the id of their organisation.

    `tables`: the tables that the entries are read from, each with the `Stamped` trigger.
    """

    label: Any
    entries: Callable[[Window], Iterable[CohortEntry]]
    kind: CohortKind = CohortKind.SUPPORT
    tables: tuple[str, ...] = ()


# What waits for a user, on their day. Each source narrows to what the user may do.
# The tables read for what stands around every page, such as the name of the territory.
tables_around: Registry[tuple[str, ...]] = Registry("tables_around")
day_items: Registry[Callable[[Any], Iterable[DayItem]]] = Registry("day_items")
panels: Registry[Panel] = Registry("panels")
search_sources: Registry[SearchSource] = Registry("search_sources")
personal_data: Registry[PersonalData] = Registry("personal_data")
personal_records: Registry[PersonalRecords] = Registry("personal_records")
# Whether a user may read a stored file of the room; any reader that says yes opens it.
file_readers: Registry[Callable[[UUID, Any], bool]] = Registry("file_readers")
# Makers of demonstration records as of a day; each may run twice and makes its records once.
demonstrations: Registry[Callable[[date], None]] = Registry("demonstrations")
api_routers: Registry[ApiRouter] = Registry("api_routers")
navigation: Registry[NavigationItem] = Registry("navigation")
cohorts: Registry[Cohort] = Registry("cohorts")


def day_of(user: Any) -> list[DayItem]:
    """Everything that waits for `user`, what is due first on top, what has no date last."""
    found = [item for source in day_items for item in source(user)]
    return sorted(found, key=lambda item: (item.due is None, item.due or date.max))


def panels_of(record: Any, user: Any) -> list[tuple[Panel, dict[str, Any]]]:
    """The panels that have something to show of `record` to `user`, with their context."""
    shown = []
    for panel in panels:
        if panel.model.lower() == record._meta.label_lower:
            context = panel.context(record, user)
            if context is not None:
                shown.append((panel, context))
    return shown
