"""Visits: whom to visit next and why, what is to come, what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractYear
from django.utils.translation import gettext as _

from diapason.desk.contracts import Difficulty, FindingKind, Sector, VisitState
from diapason.desk.models import Case, Offer, Visit, VisitFinding
from diapason.desk.models.visits import COMING
from diapason.directory.api import OrganisationKind, survivors
from diapason.kernel.permissions import allowed
from diapason.kernel.wording import date_long

# Whom visits are for.
VISITED = (OrganisationKind.COMPANY, OrganisationKind.ASSOCIATION, OrganisationKind.FESTIVAL)
# Out of so many who were not seen for longest, the programme is spread.
POOL = 200
# How many years of waiting one more visit to the same sector, or the same commune, outweighs.
SECTOR_WEIGHS, COMMUNE_WEIGHS = 2.0, 1.0
NEVER_WEIGHS = 10.0


def visible_to(user: Any) -> QuerySet[Visit]:
    """Staff see every visit; nobody else any: enterprises speak of their troubles in them."""
    rows = Visit.objects.select_related("organisation", "organisation__commune", "visitor")
    return rows if allowed(user, "desk.visit") else rows.none()


def listed(user: Any) -> QuerySet[Visit]:
    """The visits with how many needs and difficulties each found."""

    def found(kind: FindingKind) -> Any:
        rows = VisitFinding.objects.filter(visit=OuterRef("pk"), kind=kind).order_by()
        counted = rows.values("visit").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

    return visible_to(user).annotate(
        needs=found(FindingKind.NEED), difficulties=found(FindingKind.DIFFICULTY)
    )


def visit_of(user: Any, pk: int) -> Visit | None:
    return visible_to(user).filter(pk=pk).first()


def behind(case: Case) -> Visit | None:
    """The visit whose need became that case."""
    return Visit.objects.filter(
        pk__in=VisitFinding.objects.filter(case=case).values("visit")
    ).first()


def findings_of(visit: Visit) -> list[VisitFinding]:
    return list(VisitFinding.objects.filter(visit=visit).select_related("case"))


def visits_of(organisation: int, user: Any) -> list[Visit]:
    """The visits to one enterprise and its merged duplicates, the latest first."""
    own = Q(organisation=organisation) | Q(organisation__merged_into=organisation)
    return list(visible_to(user).filter(own).order_by("-year", "-pk")[:10])


@dataclass(frozen=True)
class Programme:
    """How a year's programme stands."""

    year: int
    done: int
    to_come: int

    @property
    def total(self) -> int:
        return self.done + self.to_come


def programme(year: int) -> Programme:
    counts = Visit.objects.aggregate(
        done=Count("pk", filter=Q(state=VisitState.DONE, done_on__year=year)),
        to_come=Count("pk", filter=Q(state__in=COMING, year=year)),
    )
    return Programme(year, counts["done"], counts["to_come"])


@dataclass
class Candidate:
    """An enterprise that could be visited, and why, in words."""

    organisation: Any
    last: date | None
    sector: Sector
    reasons: list[str] = field(default_factory=list)

    @property
    def commune(self) -> str:
        place = self.organisation.commune
        return place.name if place is not None else ""

    def years_unseen(self, at: date) -> float:
        return NEVER_WEIGHS if self.last is None else (at - self.last).days / 365.25


def proposed(year: int, at: date, count: int) -> list[Candidate]:
    """The enterprises to visit next, the best first: those not seen for longest, spread over
    sectors and communes, given what the year's programme holds already.

    Never one that has a visit to come, or was visited in that year, or offers support itself.
    """
    held = Visit.objects.filter(Q(year=year, state__in=COMING) | Q(done_on__year=year))
    sectors: Counter[str] = Counter()
    communes: Counter[str] = Counter()
    for sector, commune in held.values_list("sector", "organisation__commune__name"):
        sectors[sector] += 1
        communes[commune or ""] += 1
    pool = _pool(year)
    chosen: list[Candidate] = []
    while pool and len(chosen) < count:
        best = max(
            pool,
            key=lambda one: (
                one.years_unseen(at)
                - SECTOR_WEIGHS * sectors[one.sector]
                - COMMUNE_WEIGHS * (communes[one.commune] if one.commune else 0),
                -one.organisation.pk,
            ),
        )
        best.reasons = list(_reasons(best, sectors, communes))
        sectors[best.sector] += 1
        communes[best.commune] += 1
        pool.remove(best)
        chosen.append(best)
    return chosen


def _pool(year: int) -> list[Candidate]:
    """Who was not seen for longest: those never visited first."""
    organisations: Any = Visit._meta.get_field("organisation").related_model
    held = Visit.objects.filter(Q(state__in=COMING) | Q(done_on__year=year))
    # A visit to a duplicate is one to the organisation that took its place.
    busy = set(survivors(set(held.values_list("organisation", flat=True))).values())
    made = (
        Visit.objects.filter(state=VisitState.DONE)
        .values_list("organisation")
        .annotate(last=Max("done_on"))
        .order_by("last", "organisation")
    )
    ends = survivors({organisation for organisation, _last in made})
    last: dict[int, date] = {ends[organisation]: day for organisation, day in made}
    rows = (
        organisations._default_manager.filter(merged_into__isnull=True, kind__in=VISITED)
        .filter(~Exists(Offer.objects.filter(structure=OuterRef("pk"))))
        .exclude(pk__in=busy)
        .select_related("commune")
    )
    never = list(rows.exclude(pk__in=last).order_by("pk")[:POOL])
    longest = [one for one in last if one not in busy][: POOL * 2]
    again = list(rows.filter(pk__in=longest))
    known = _sectors([one.pk for one in (*never, *again)])
    return [
        Candidate(one, last.get(one.pk), known.get(one.pk, Sector.OTHER)) for one in never + again
    ]


def _sectors(organisations: Sequence[int]) -> dict[int, Sector]:
    """The sector of each enterprise as its last visit says it, else its last case."""
    found: dict[int, Sector] = {}
    for rows in (
        Case.objects.filter(organisation__in=organisations).order_by("opened_on", "pk"),
        Visit.objects.filter(organisation__in=organisations).order_by("year", "pk"),
    ):
        found |= {key: Sector(word) for key, word in rows.values_list("organisation", "sector")}
    return found


def sector_of(organisation: int) -> Sector:
    return _sectors([organisation]).get(organisation, Sector.OTHER)


def _reasons(one: Candidate, sectors: Counter[str], communes: Counter[str]) -> Any:
    if one.last is None:
        yield _("Never visited yet")
    else:
        yield _("Not visited since %(day)s") % {"day": date_long(one.last)}
    if not sectors[one.sector]:
        yield _("The first of the year in this sector: %(sector)s") % {"sector": one.sector.label}
    if one.commune and not communes[one.commune]:
        yield _("The first of the year in %(commune)s") % {"commune": one.commune}


def years_visited() -> list[int]:
    """The years in which visits were made, the latest first."""
    found = Visit.objects.filter(state=VisitState.DONE).annotate(in_year=ExtractYear("done_on"))
    return sorted(set(found.values_list("in_year", flat=True)), reverse=True)


@dataclass(frozen=True)
class Trend:
    """How often a difficulty was met: in all, by sector, and the year before."""

    difficulty: Difficulty
    total: int
    by_sector: Sequence[int]
    before: int | None


@dataclass(frozen=True)
class Trends:
    """The difficulties of a year, the most frequent first."""

    visits: int
    sectors: Sequence[Sector]
    rows: Sequence[Trend]

    @property
    def first(self) -> str:
        """What was met most; those that were met as often are all named."""
        most = max((row.total for row in self.rows), default=0)
        leading = [str(row.difficulty.label) for row in self.rows if most and row.total == most]
        # Inside a sentence: only the first begins with a capital.
        return ", ".join(leading[:1] + [one[:1].lower() + one[1:] for one in leading[1:]])


def trends(year: int) -> Trends:
    """The difficulties that the visits of a year met, by sector, beside the year before."""
    years = (year - 1, year)
    met: Counter[tuple[int, str, str]] = Counter()
    rows = VisitFinding.objects.filter(
        kind=FindingKind.DIFFICULTY, visit__done_on__year__in=years
    ).values_list("visit__done_on__year", "visit__sector", "topic")
    met.update(rows)
    made = Counter(
        Visit.objects.filter(done_on__year__in=years).values_list("done_on__year", flat=True)
    )
    sectors = [one for one in Sector if any(met[year, one, word] for word in Difficulty)]
    found = [
        Trend(
            difficulty=each,
            total=sum(met[year, one, each] for one in Sector),
            by_sector=[met[year, one, each] for one in sectors],
            before=sum(met[year - 1, one, each] for one in Sector) if made[year - 1] else None,
        )
        for each in Difficulty
    ]
    shown = [one for one in found if one.total or one.before]
    shown.sort(key=lambda one: (-one.total, str(one.difficulty.label)))
    return Trends(made[year], sectors, shown)
