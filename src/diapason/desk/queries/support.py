"""What is on offer, who could help a project, and where demand is above capacity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diapason.desk.contracts import LoanState, Need, ReferralState, Sector, Stage, Tongue, Worded
from diapason.desk.models import Absence, Case, DeskContact, Loan, Offer, Referral
from diapason.desk.models.cases import OPEN_REFERRALS
from diapason.desk.queries import places
from diapason.desk.queries.assignment import among
from diapason.desk.queries.cases import own_organisations, unplaced
from diapason.desk.queries.months import Course, months_full
from diapason.directory.api import structure_choices, surviving, survivors
from diapason.kernel import clock
from diapason.kernel.permissions import allowed


def _count(rows: QuerySet[Any], group: str) -> Any:
    counted = rows.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def running(at: date) -> QuerySet[Offer]:
    """The offers that run on a day, with the seats `taken` by projects, `held` by those that await
    an answer, `lent` to others’ projects, and `free`; how many await one of the structure
    (`waits`), whether it is `away` that day, and which organisation `stands` for it. One query."""
    accepted = Referral.objects.filter(offer=OuterRef("pk"), state=ReferralState.ACCEPTED)
    held = Referral.objects.filter(offer=OuterRef("pk"), state=ReferralState.PROPOSED)
    lent = Loan.objects.filter(offer=OuterRef("pk"), state=LoanState.AGREED)
    proposed = Referral.objects.filter(
        structure=OuterRef("structure"), state=ReferralState.PROPOSED
    )
    # Of structures that were merged, each is away when one of them is.
    away = Absence.objects.annotate(stands=surviving("structure")).filter(
        stands=OuterRef("stands"), starts__lte=at, ends__gte=at
    )
    return (
        Offer.objects.filter(Q(ends__isnull=True) | Q(ends__gte=at), starts__lte=at)
        .select_related("structure")
        .annotate(
            stands=surviving("structure"),
            taken=_count(accepted, "offer"),
            held=_count(held, "offer"),
            lent=_count(lent, "offer"),
            waits=_count(proposed, "structure"),
            away=Exists(away),
        )
        .annotate(free=F("seats") - F("taken") - F("held") - F("lent"))
    )


def under_their_names(offers: Iterable[Any]) -> list[Any]:
    """The offers that `running` gives, to be read: a structure that was merged bears the name of
    the one that took its place. A query more where there is one."""
    read = list(offers)
    merged = {offer.stands for offer in read if offer.stands != offer.structure_id}
    if merged:
        structures = Offer._meta.get_field("structure").related_model._default_manager
        standing = structures.in_bulk(merged)
        for offer in read:
            offer.structure = standing.get(offer.stands, offer.structure)
    return read


@dataclass(frozen=True)
class AtHand:
    """What is there for one need: how many structures, and the seats that they have free."""

    structures: int
    free: int

    def __str__(self) -> str:
        if not self.structures:
            return _("Not on offer yet: ask all the same")
        there = ngettext("%(count)s structure", "%(count)s structures", self.structures) % {
            "count": self.structures
        }
        if not self.free:
            return _("%(structures)s, full for now") % {"structures": there}
        seats = ngettext("%(free)s free seat", "%(free)s free seats", self.free) % {
            "free": self.free
        }
        return _("%(structures)s, %(seats)s") % {"structures": there, "seats": seats}


def at_hand(at: date) -> dict[Need, AtHand]:
    """What is there for each need on a day. One query."""
    offers = list(running(at))
    found = {}
    for need in Need:
        serving = [offer for offer in offers if need in offer.needs]
        found[need] = AtHand(
            structures=len({offer.stands for offer in serving}),  # type: ignore[attr-defined]
            free=sum(max(offer.free, 0) for offer in serving if not offer.away),  # type: ignore[attr-defined]
        )
    return found


def known_sector(case: Case) -> str:
    """The case's sector; empty where it is none of the list, which excludes from nothing."""
    return "" if case.sector == Sector.OTHER else case.sector


def reaching(case: Case) -> Q:
    """The offers that are for the case's sector and commune, as far as both are known."""
    reached = Q()
    if sector := known_sector(case):
        reached &= Q(sectors=[]) | Q(sectors__contains=[sector])
    if case.commune_id:
        reached &= Q(communes=[]) | Q(communes__contains=[case.commune_id])
    return reached


def reaches(case: Case, offer: Offer) -> bool:
    """The same of one offer."""
    return among(known_sector(case), offer.sectors) and among(case.commune_id, offer.communes)


def reaches_of(offers: Sequence[Offer]) -> dict[int, list[str]]:
    """For whom each offer is, in words: its sectors, its territory, its languages; nothing where it
    is for everybody."""
    named = places.territories(offer.communes for offer in offers)
    return {
        offer.pk: [
            words
            for words in (
                ", ".join(str(one.label) for one in Sector if one in offer.sectors),
                places.in_short(named[tuple(offer.communes)]),
                ", ".join(str(one.label) for one in Tongue if one in offer.languages),
            )
            if words
        ]
        for offer in offers
    }


@dataclass(frozen=True)
class Proposal:
    """A structure that could help, and why, in words."""

    offer: Offer
    reasons: Sequence[str]
    covered: frozenset[str]
    right_stage: bool
    understood: bool = True

    @property
    def rank(self) -> tuple[Any, ...]:
        return (
            -self.understood,
            -self.right_stage,
            -len(self.covered),
            self.offer.waits,  # type: ignore[attr-defined]
            -self.offer.free,  # type: ignore[attr-defined]
            self.offer.pk,
        )


def proposals(case: Case, at: date) -> list[Proposal]:
    """The structures that could take the case on that day, the best first; one line each.

    Never one that is full, away, ended or not yet begun, nor one that has the case or declined it.
    """
    asked = (
        Referral.objects.annotate(stands=surviving("structure"))
        .filter(case=case, stands=OuterRef("stands"))
        .filter(state__in=[*OPEN_REFERRALS, ReferralState.DECLINED.value])
    )
    fitting = running(at).filter(
        ~Exists(asked), reaching(case), needs__overlap=list(case.needs), free__gt=0, away=False
    )
    offers = under_their_names(fitting)
    ranked = sorted((proposal(case, offer) for offer in offers), key=lambda one: one.rank)
    best: dict[int, Proposal] = {}
    for one in ranked:
        best.setdefault(one.offer.stands, one)  # type: ignore[attr-defined]
    return list(best.values())


def proposal(case: Case, offer: Any) -> Proposal:
    """Why the offer, as `running` gives it, could help the case."""
    covered = frozenset(case.needs) & frozenset(offer.needs)
    right = case.stage in offer.stages
    named = ", ".join(str(Need(each).label) for each in case.needs if each in covered)
    reasons = [
        _("Answers: %(needs)s") % {"needs": named},
        (
            _("Takes projects at this stage")
            if right
            else _("Usually takes projects at another stage")
        ),
        ngettext(
            "%(count)s free seat of %(seats)s", "%(count)s free seats of %(seats)s", offer.free
        )
        % {"count": offer.free, "seats": offer.seats},
        (
            ngettext(
                "%(count)s project awaits its answer",
                "%(count)s projects await its answer",
                offer.waits,
            )
            % {"count": offer.waits}
            if offer.waits
            else _("Nobody waits there")
        ),
    ]
    understood = among(case.language, offer.languages)
    reasons += _reach(case, offer, understood)
    return Proposal(offer, reasons, covered, right, understood)


def _reach(case: Case, offer: Any, understood: bool) -> list[str]:
    """Why an offer that is not for everybody is for this project, and what speaks against it."""
    told = []
    if known_sector(case) in offer.sectors:
        told.append(_("For this sector: %(sector)s") % {"sector": Sector(case.sector).label})
    if case.commune_id and case.commune_id in offer.communes:
        told.append(_("For projects of this commune"))
    if not understood:
        told.append(
            _("Does not help in the language of the project: %(language)s")
            % {"language": Tongue(case.language).label}
        )
    if offer.hours:
        told.append(
            ngettext("%(count)s expert hour a month", "%(count)s expert hours a month", offer.hours)
            % {"count": offer.hours}
        )
    return told


def structures() -> list[tuple[int, str]]:
    """Who may support projects, as choices of a form field."""
    return structure_choices(Offer.objects.values_list("structure", flat=True))


def structures_in_groups(but: int = 0) -> list[tuple[str, list[tuple[int, str]]]]:
    """The same, those with support on offer today apart: among all, few are meant. `but`: one that
    is none of them."""
    offering = {offer.stands for offer in running(clock.today())}  # type: ignore[attr-defined]
    every = [one for one in structures() if one[0] != but]
    return [
        (_("With support on offer"), [one for one in every if one[0] in offering]),
        (_("Others"), [one for one in every if one[0] not in offering]),
    ]


def offers_of(user: Any) -> QuerySet[Offer]:
    """The offers that a person may change: their organisations', all for managers."""
    rows = Offer.objects.select_related("structure")
    if not allowed(user, "desk.offer_support"):
        return rows.none()
    if allowed(user, "desk.see_every_case"):
        return rows
    return rows.filter(structure__in=own_organisations(user))


def stands_for(offer: Offer) -> int:
    """The structure of an offer, or the one that it was merged into."""
    return survivors([offer.structure_id])[offer.structure_id]


def absences(at: date) -> list[Absence]:
    """Who is away, now or later."""
    return list(Absence.objects.filter(ends__gte=at).select_related("structure"))


def own_absences(user: Any, at: date) -> QuerySet[Absence]:
    """Those that a person may end: of their organisations, all for managers."""
    rows = Absence.objects.filter(ends__gte=at)
    if allowed(user, "desk.see_every_case"):
        return rows
    return rows.filter(structure__in=own_organisations(user))


def contacts(user: Any) -> QuerySet[DeskContact]:
    """Staff see every contact received: no name is in them."""
    rows = DeskContact.objects.select_related("oriented_to", "organisation", "recorded_by")
    return rows if allowed(user, "desk.record_contact") else rows.none()


@dataclass(frozen=True)
class Pressure:
    """Demand against capacity for one stage or one need."""

    word: Worded
    seats: int
    free: int
    asking: int
    full_since: date | None
    months_full: int = 0
    hours: int = 0

    @property
    def is_full(self) -> bool:
        return self.free <= 0

    @property
    def face(self) -> str:
        if self.is_full:
            return "bad" if self.asking else "plain"
        return "warning" if self.free < self.asking else "good"

    @property
    def verdict(self) -> str:
        if not self.seats:
            return _("Nobody offers this")
        if self.is_full:
            return _("Full")
        return _("Short of seats") if self.free < self.asking else _("Enough seats")


def pressures(at: date, course: Course | None = None) -> tuple[list[Pressure], list[Pressure]]:
    """By stage and by need, in two queries; `course` tells how often each was full. An offer serves
    several stages and needs with the same seats: each line counts all that could serve it. A
    project that awaits an answer has a seat kept for it: it asks for no other one."""
    # The last seat was given when the latest project that holds one came.
    last = (
        Referral.objects.filter(offer=OuterRef("pk"), state__in=OPEN_REFERRALS)
        .order_by()
        .values("offer")
        .annotate(day=Max(Coalesce("answered_on", "proposed_on")))
        .values("day")
    )
    offers = list(running(at).annotate(last_taken=Subquery(last)))
    asking = list(Case.objects.filter(unplaced()).values_list("stage", "needs"))
    by_stage = [
        _pressure(
            stage,
            [o for o in offers if stage in o.stages],
            [s for s, _n in asking if s == stage],
            months_full(course.of(stage=stage)) if course else 0,
        )
        for stage in Stage
    ]
    by_need = [
        _pressure(
            need,
            [o for o in offers if need in o.needs],
            [1 for _s, n in asking if need in n],
            months_full(course.of(need=need)) if course else 0,
        )
        for need in Need
    ]
    return by_stage, by_need


def _pressure(word: Worded, offers: list[Any], asking: Iterable[Any], full: int) -> Pressure:
    here = [offer for offer in offers if not offer.away]
    free = sum(max(offer.free, 0) for offer in here)
    taken = [offer.last_taken for offer in offers if offer.last_taken]
    return Pressure(
        word=word,
        seats=sum(offer.seats for offer in offers),
        free=free,
        asking=len(list(asking)),
        full_since=max(taken) if offers and free <= 0 and taken else None,
        months_full=full,
        hours=sum(offer.hours or 0 for offer in here),
    )
