"""The numbers of the yearly survey: turnover and its share abroad, jobs, training, survival.

None of them is told for fewer than five enterprises, nor where what else is published would give
away a few. The answers of a survey count once it is closed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DecimalField,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from diapason.directory.api import surviving
from diapason.kernel.measures import Evidence, Ratio, Sum, Unit, measure
from diapason.kernel.periods import Window, years_later
from diapason.kernel.permissions import allowed
from diapason.kernel.registries import CohortKind
from diapason.observatory.contracts import Question
from diapason.observatory.models import Answer, Invitation
from diapason.observatory.queries import cohorts, results
from diapason.observatory.queries.disclosure import LEAST

PERCENT = 100


def _survey_tables() -> tuple[str, ...]:
    return results.TABLES


def _support_tables() -> tuple[str, ...]:
    return results.tables()


def _event_tables() -> tuple[str, ...]:
    return (*results.TABLES, *cohorts.tables(CohortKind.EVENT))


class _LastDay(Func):
    """The last day of a year."""

    function = "make_date"
    template = "%(function)s((%(expressions)s)::int, 12, 31)"
    output_field = DateField()


def _answers() -> QuerySet[Answer]:
    """Every answer that counts, with the last day of the year that it speaks of, its sector and its
    commune."""
    return results.with_places(_counted()).annotate(
        told_on=_LastDay(F("campaign__year")), year=F("campaign__year")
    )


def _counted() -> QuerySet[Answer]:
    return Answer.objects.filter(campaign__closed_on__isnull=False)


def _evidence(rows: QuerySet[Any], value: Sum | Ratio, **more: Any) -> Evidence:
    return Evidence(
        rows=rows,
        value=value,
        on="told_on",
        label="organisation__name",
        entity="enterprise",
        by={"sector": "sector", "commune": "commune"},
        opened_by=_staff,
        link=lambda reader, pk: reverse("observatory:found", args=[pk]),
        minimum_entities=LEAST,
        empty_is_zero=False,
        withheld_parts=_withheld(rows),
        **more,
    )


def _staff(reader: Any) -> Q:
    """Staff open every row; to others it counts without its name or its amount."""
    return Q() if allowed(reader, "observatory.record_answers") else Q(pk__in=[])


def _withheld(rows: QuerySet[Any]) -> Any:
    """The sectors and communes that must not be told, since together with the others they would
    give a few enterprises away."""

    @cache
    def places() -> Mapping[str, Collection[str]]:
        found = {
            one["enterprise"]: one
            for one in rows.order_by().values("enterprise", "sector", "commune")
        }
        shown = results.published(found)
        return {
            "sector": {one["sector"] for one in found.values()} - shown.sectors,
            "commune": {one["commune"] for one in found.values()} - shown.communes,
        }

    return lambda dimension: places()[dimension]


def _in_units(cents: Any) -> Cast:
    """Money as the rows of a figure tell it: in units of currency, not in the cents kept."""
    money = DecimalField(max_digits=20, decimal_places=2)
    return Cast(Cast(cents, money) / Value(Decimal(100)), money)


def _share(window: Window, amount: Question) -> Evidence:
    rows = (
        _answers()
        .filter(
            told_on__gte=window.start,
            told_on__lt=window.end,
            turnover__isnull=False,
            **{f"{amount.value}__isnull": False},
        )
        .annotate(told=_in_units(F(amount.value)), of_turnover=_in_units(F("turnover")))
    )
    return replace(
        _evidence(rows, Ratio(PERCENT), amount="told", denominator="of_turnover"),
        expected=_asked(window),
    )


def _asked(window: Window) -> int | None:
    """How many enterprises were asked about the years that end in the window, or answered."""
    found: set[int] = set()
    for model in (Invitation, Answer):
        rows = model._default_manager.filter(campaign__closed_on__isnull=False).annotate(
            told_on=_LastDay(F("campaign__year")), enterprise=surviving("organisation")
        )
        inside = rows.filter(told_on__gte=window.start, told_on__lt=window.end).order_by()
        found |= set(inside.values_list("enterprise", flat=True))
    return len(found) or None


@measure(
    "observatory.international_share",
    unit=Unit.PERCENT,
    title=_("Share of turnover made abroad"),
    tables=_survey_tables,
)
def international_share(window: Window) -> Evidence:
    """Turnover made abroad over the whole turnover of the enterprises that told both, in the years
    that end in the window: a ratio of sums."""
    return _share(window, Question.ABROAD)


@measure(
    "observatory.training_share",
    unit=Unit.PERCENT,
    title=_("Share of turnover spent on digital training"),
    tables=_survey_tables,
)
def training_share(window: Window) -> Evidence:
    """Spending on employees' digital training over the turnover of the enterprises that told both,
    in the years that end in the window: a ratio of sums."""
    return _share(window, Question.TRAINING)


@measure(
    "observatory.jobs_created",
    unit=Unit.JOBS,
    title=_("Jobs created by supported enterprises"),
    tables=_support_tables,
)
def jobs_created(window: Window) -> Evidence:
    """Jobs at the end of the year less those of a year before, in the enterprises that had been
    helped by then and told both, for the years that end in the window; jobs lost count too."""
    helped = cohorts.entered_before(CohortKind.SUPPORT, window.end)
    earlier = _counted().filter(
        organisation=OuterRef("organisation"), campaign__year=OuterRef("year") - 1
    )
    every = _answers().filter(told_on__gte=window.start, told_on__lt=window.end)
    rows = (
        every.filter(enterprise__in=list(helped), headcount__isnull=False)
        .annotate(
            was=Subquery(earlier.values("headcount")[:1]),
            entered=_entered(helped),
        )
        .filter(was__isnull=False, told_on__gte=F("entered"))
        .annotate(created=Cast(F("headcount"), IntegerField()) - Cast(F("was"), IntegerField()))
    )
    found = _evidence(rows, Sum(), amount="created")
    return replace(found, sealed=_jobs_tell_a_few(rows))


def _entered(entries: Mapping[int, date]) -> Case:
    """The day on which the row's organisation entered."""
    return Case(
        *(When(enterprise=who, then=Value(day)) for who, day in entries.items()),
        default=Value(None),
        output_field=DateField(),
    )


def _jobs_tell_a_few(rows: QuerySet[Any]) -> bool:
    """Whether the jobs created, beside the jobs of all enterprises that are published for each
    year, would tell those of a few: of the enterprises that this figure leaves out in a year,
    there must be none or at least `LEAST`."""
    inside: dict[int, set[int]] = {}
    for year, who in rows.order_by().values_list("year", "enterprise"):
        inside.setdefault(year, set()).add(who)
    if not inside:
        return False
    every: dict[int, set[int]] = {}
    told = _answers().filter(headcount__isnull=False, year__gte=min(inside) - 1)
    for year, who in told.values_list("year", "enterprise"):
        every.setdefault(year, set()).add(who)
    left_out = [
        every.get(of, set()) - members
        for year, members in inside.items()
        for of in (year, year - 1)
    ]
    return any(0 < len(group) < LEAST for group in left_out)


def _cohort_of_years(
    kind: CohortKind, window: Window, lag_years: int, at: date
) -> tuple[dict[int, date], QuerySet[Answer]]:
    """Who entered in the window, and their answers about the year that is `lag_years` after that
    of their entry, as far as it was over at `at`."""
    entries = cohorts.first_entries(kind, window)
    asked = Q(pk__in=[])
    for year in {day.year for day in entries.values()}:
        if date(year + lag_years, 12, 31) <= at:
            of_year = [who for who, day in entries.items() if day.year == year]
            asked |= Q(enterprise__in=of_year, campaign__year=year + lag_years)
    return entries, _answers().filter(asked)


def _growth(kind: CohortKind, window: Window, lag_years: int, at: date) -> Evidence:
    entries, rows = _cohort_of_years(kind, window, lag_years, at)
    base = _counted().filter(
        organisation=OuterRef("organisation"), campaign__year=OuterRef("year") - lag_years
    )
    rows = (
        rows.filter(turnover__isnull=False)
        .annotate(before=Subquery(base.values("turnover")[:1]))
        .filter(before__gt=0)
        .annotate(base=_in_units(F("before")), grown=_in_units(F("turnover") - F("before")))
    )
    found = _evidence(rows, Ratio(PERCENT), amount="grown", denominator="base")
    return replace(
        found, by={}, expected=len(entries) or None, sealed=_growth_tells(rows, lag_years)
    )


def _growth_tells(rows: QuerySet[Any], lag_years: int) -> bool:
    groups: dict[int, set[int]] = {}
    for year, who in rows.order_by().values_list("year", "enterprise"):
        groups.setdefault(year, set()).add(who)
    if not groups:
        return False
    answers = results.every_answer({year - back for year in groups for back in (0, lag_years)})
    return not all(
        results.growth_tells_nobody(
            both,
            results.groups_told(answers.get(year - lag_years, {})),
            results.groups_told(answers.get(year, {})),
        )
        for year, both in groups.items()
    )


@measure(
    "observatory.turnover_growth",
    unit=Unit.PERCENT,
    title=_("Turnover growth of supported enterprises"),
    tables=_support_tables,
)
def turnover_growth(window: Window, *, lag_years: int, at: date) -> Evidence:
    """Change of turnover between the year of the first support and `lag_years` later, of the
    enterprises first helped in the window that told both years: the sum of the changes over the
    sum of the first year."""
    return _growth(CohortKind.SUPPORT, window, lag_years, at)


@measure(
    "observatory.turnover_growth_shown",
    unit=Unit.PERCENT,
    title=_("Turnover growth of enterprises shown at events"),
    tables=_event_tables,
)
def turnover_growth_shown(window: Window, *, lag_years: int, at: date) -> Evidence:
    """Change of turnover between the year of the first event and `lag_years` later, of the
    enterprises first shown at an event in the window that told both years: the sum of the changes
    over the sum of the first year."""
    return _growth(CohortKind.EVENT, window, lag_years, at)


def _won(window: Window, lag_years: int, at: date, question: Question) -> Evidence:
    entries, rows = _cohort_of_years(CohortKind.EVENT, window, lag_years, at)
    rows = rows.filter(**{f"{question.value}__isnull": False})
    return replace(_evidence(rows, Sum(), amount=question.value), expected=len(entries) or None)


@measure(
    "observatory.new_clients_shown",
    unit=Unit.COUNT,
    title=_("New clients of enterprises shown at events"),
    tables=_event_tables,
)
def new_clients_shown(window: Window, *, lag_years: int, at: date) -> Evidence:
    """Clients won in the year `lag_years` after the first event, by the enterprises first shown at
    an event in the window."""
    return _won(window, lag_years, at, Question.CLIENTS)


@measure(
    "observatory.new_markets_shown",
    unit=Unit.COUNT,
    title=_("New markets of enterprises shown at events"),
    tables=_event_tables,
)
def new_markets_shown(window: Window, *, lag_years: int, at: date) -> Evidence:
    """Markets entered in the year `lag_years` after the first event, by the enterprises first shown
    at an event in the window."""
    return _won(window, lag_years, at, Question.MARKETS)


@measure(
    "observatory.survival_five_years",
    unit=Unit.PERCENT,
    title=_("Survival of supported enterprises"),
    tables=_support_tables,
)
def survival_five_years(window: Window, *, lag_years: int, at: date) -> Evidence:
    """Share still active `lag_years` after their first support, of the enterprises first helped in
    the window for whom that day has come and what became of them by then is known. Those whom
    nobody followed until then are in the coverage, not in the share."""
    entries = cohorts.first_entries(CohortKind.SUPPORT, window)
    due = {
        who: later for who, day in entries.items() if (later := years_later(day, lag_years)) <= at
    }
    settled = _settled(
        due,
        _answers()
        .filter(enterprise__in=list(due))
        .values_list("pk", "enterprise", "year", "active", "ceased_on"),
    )
    rows = (
        _answers()
        .filter(pk__in=settled)
        .annotate(
            alive=Case(
                When(pk__in=[pk for pk, alive in settled.items() if alive], then=Value(1)),
                default=Value(0),
                output_field=IntegerField(),
            ),
            one=Value(1, output_field=IntegerField()),
        )
    )
    found = _evidence(rows, Ratio(PERCENT), amount="alive", denominator="one")
    return replace(found, expected=len(due) or None)


def _settled(
    due: Mapping[int, date], told: Iterable[tuple[int, int, int, bool, date | None]]
) -> dict[int, bool]:
    """For each enterprise whose fate by its day is known, the answer that tells it, and whether it
    was still active."""
    found: dict[int, tuple[int, bool]] = {}
    for pk, who, year, active, ceased_on in sorted(told, key=lambda row: (row[2], row[0])):
        day = due[who]
        if ceased_on is not None:
            found[who] = pk, ceased_on > day
        elif active and date(year, 12, 31) >= day:
            found.setdefault(who, (pk, True))
    return dict(found.values())
