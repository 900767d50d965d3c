"""The numbers that the front desk gives: projects incubated and supported, businesses and jobs
created, contacts received, visits made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from diapason.desk.contracts import (
    Channel,
    Gender,
    OutcomeKind,
    ReferralState,
    Sector,
    Stage,
    VisitState,
)
from diapason.desk.models import CaseStage, DeskContact, Outcome, Referral, Visit
from diapason.desk.queries.cases import visible_to
from diapason.directory.api import names_by_code, surviving, surviving_code
from diapason.kernel import clock
from diapason.kernel.measures import Count, CountDistinct, Evidence, Guarded, Sum, Unit, measure
from diapason.kernel.periods import Window
from diapason.kernel.permissions import allowed

# `structure`: the one that helps where the rows are supports, else the one in charge of the case,
# so that what came of a project counts once however many helped.
_PLACED = {"sector": "case__sector", "commune": "case__commune__name", "structure": "structure_"}
_STAGED = _PLACED | {"stage": "case__stage"}
_SUPPORTED = (ReferralState.ACCEPTED, ReferralState.ENDED)

# What a case shows and what decides who sees it.
CASE_TABLES = (
    "desk_case",
    "desk_referral",
    "desk_frontdoor",
    "desk_loan",
    "directory_commune",
    "directory_organisation",
)


@measure(
    "desk.enterprises_incubated",
    unit=Unit.ENTERPRISES,
    title=_("Enterprises incubated"),
    tables=("desk_casestage", *CASE_TABLES),
)
def enterprises_incubated(window: Window) -> Evidence:
    """Enterprises or projects whose incubation began in the window, each counted the first time."""
    earlier = CaseStage.objects.filter(
        Q(began_on__lt=OuterRef("began_on"))
        | Q(began_on=OuterRef("began_on"), pk__lt=OuterRef("pk")),
        case=OuterRef("case"),
        stage=Stage.INCUBATION,
    )
    rows = CaseStage.objects.filter(
        ~Exists(earlier),
        stage=Stage.INCUBATION,
        began_on__gte=window.start,
        began_on__lt=window.end,
    )
    return _of_enterprises(rows, "stage", on="began_on", by=_PLACED)


@measure(
    "desk.startups_accelerated",
    unit=Unit.BUSINESSES,
    title=_("Startups accelerated"),
    tables=("desk_casestage", *CASE_TABLES),
)
def startups_accelerated(window: Window) -> Evidence:
    """Enterprises that completed an acceleration in the window; those who stopped do not count."""
    rows = CaseStage.objects.filter(
        stage=Stage.ACCELERATION,
        completed=True,
        ended_on__gte=window.start,
        ended_on__lt=window.end,
    )
    return _of_enterprises(rows, "stage", on="ended_on", by=_PLACED)


@measure(
    "desk.student_projects_supported",
    unit=Unit.PROJECTS,
    title=_("Student projects supported"),
    tables=CASE_TABLES,
)
def student_projects_supported(window: Window) -> Evidence:
    """Projects of students or student entrepreneurs that a structure began to support in the
    window, each counted once."""
    rows = _supported(window).filter(case__student=True)
    return _of_cases(
        rows, "referral", on="answered_on", by=_STAGED, value=CountDistinct(), entity="case_id"
    )


@measure(
    "desk.enterprises_supported",
    unit=Unit.ENTERPRISES,
    title=_("Enterprises supported"),
    tables=CASE_TABLES,
)
def enterprises_supported(window: Window) -> Evidence:
    """Enterprises or projects that a structure began to support in the window, each counted once
    however many structures helped and however many cases it has."""
    found = _of_enterprises(_supported(window), "referral", on="answered_on", by=_STAGED)
    year = _last_year_over(window)
    if year is None:
        return found
    # Only here, and of one year that is over: no two figures split by it share a row.
    of_year = _of_enterprises(_supported(year), "referral", on="answered_on", by={})
    said = Guarded("case__gender", of_year.rows, during=str(year.start.year))
    return replace(found, guarded={"gender": said})


@measure(
    "desk.businesses_created",
    unit=Unit.BUSINESSES,
    title=_("Businesses created"),
    tables=("desk_outcome", *CASE_TABLES),
)
def businesses_created(window: Window) -> Evidence:
    """Businesses that supported projects created in the window, by the day of their
    registration, each counted once."""
    return _of_outcomes(OutcomeKind.BUSINESS_CREATED, window, value=Count())


@measure(
    "desk.jobs_created",
    unit=Unit.JOBS,
    title=_("Jobs created"),
    tables=("desk_outcome", *CASE_TABLES),
)
def jobs_created(window: Window) -> Evidence:
    """Jobs that supported projects created in the window, by the day of hiring."""
    return _of_outcomes(OutcomeKind.JOBS_CREATED, window, value=Sum(), amount="count")


@measure(
    "desk.contacts_received",
    unit=Unit.CONTACTS,
    title=_("Contacts received"),
    tables=("desk_deskcontact", "directory_organisation"),
)
def contacts_received(window: Window) -> Evidence:
    """Contacts by phone, e-mail or visit that the welcome desk recorded in the window."""
    rows = DeskContact.objects.filter(on__gte=window.start, on__lt=window.end).annotate(
        oriented_=surviving_code("oriented_to")
    )
    return Evidence(
        rows=rows,
        value=Count(),
        on="on",
        label="subject",
        by={"channel": "channel", "oriented_to": "oriented_"},
        words={
            "channel": lambda value: Channel(value).label,
            "oriented_to": _organisations(rows, "oriented_"),
        },
        opened_by=_who_records_contacts,
    )


@measure(
    "desk.visits",
    unit=Unit.VISITS,
    title=_("Visits to enterprises"),
    tables=("desk_visit", "directory_organisation", "directory_commune"),
)
def visits(window: Window) -> Evidence:
    """Visits to enterprises that were made in the window, by the day of the visit."""
    rows = Visit.objects.filter(
        state=VisitState.DONE, done_on__gte=window.start, done_on__lt=window.end
    )
    return Evidence(
        rows=rows,
        value=Count(),
        on="done_on",
        label="organisation__name",
        by={"sector": "sector", "commune": "organisation__commune__name"},
        words={"sector": _sector},
        opened_by=_who_visits,
        link=lambda reader, pk: reverse("desk:visit", args=[pk]),
    )


def _sector(value: str) -> Any:
    return Sector(value).label


def _stage(value: str) -> Any:
    return Stage(value).label


def _organisations(rows: QuerySet[Any], code: str) -> Callable[[str], str]:
    """What says the name of an organisation that rows name by its code: read once, when asked."""

    @cache
    def names() -> dict[str, str]:
        codes = rows.order_by().values_list(code, flat=True).distinct()
        return names_by_code(one for one in codes if one)

    return lambda value: names().get(value, value)


def _last_year_over(window: Window) -> Window | None:
    """The last calendar year that lies whole in the window and is over."""
    end = min(window.end, clock.today())
    first = date(end.year - 1, 1, 1)
    return Window(first, date(end.year, 1, 1)) if first >= window.start else None


def _supported(window: Window) -> QuerySet[Any]:
    return Referral.objects.filter(
        state__in=_SUPPORTED, answered_on__gte=window.start, answered_on__lt=window.end
    )


def _of_cases(rows: QuerySet[Any], kind: str, **how: Any) -> Evidence:
    """Rows of cases, opened by whoever sees the case; `kind` says of which kind they are."""
    structure = "structure" if rows.model is Referral else "case__owner"
    rows = rows.annotate(structure_=surviving_code(structure))
    return Evidence(
        rows=rows,
        words={
            "gender": lambda value: Gender(value).label,
            "sector": _sector,
            "stage": _stage,
            "structure": _organisations(rows, "structure_"),
        },
        label="case__title",
        opened_by=_who_sees_the_case,
        link=_to_case(kind),
        **how,
    )


def _of_enterprises(rows: QuerySet[Any], kind: str, **how: Any) -> Evidence:
    """The same, where each enterprise counts once however many cases it has and however many
    duplicates of it were merged; a project without an enterprise is its case."""
    enterprise = Case(
        When(
            case__organisation__isnull=False,
            then=Concat(Value("o"), Cast(surviving("case__organisation"), CharField())),
        ),
        default=Concat(Value("c"), Cast("case_id", CharField())),
    )
    rows = rows.annotate(enterprise=enterprise)
    return _of_cases(rows, kind, value=CountDistinct(), entity="enterprise", **how)


def _of_outcomes(kind: OutcomeKind, window: Window, **how: Any) -> Evidence:
    rows = Outcome.objects.filter(
        kind=kind, withdrawn_on__isnull=True, on__gte=window.start, on__lt=window.end
    )
    return _of_cases(rows, "outcome", on="on", by=_STAGED, reference="link", **how)


def _to_case(kind: str) -> Callable[[Any, Any], str]:
    """The address that finds the case of a record of that kind."""
    return lambda reader, pk: reverse("desk:found", kwargs={"kind": kind, "pk": pk})


def _who_sees_the_case(reader: Any) -> Q:
    if not allowed(reader, "desk.follow_cases"):
        return Q(pk__in=[])
    return Q(case_id__in=visible_to(reader).order_by().values("pk"))


def _who_visits(reader: Any) -> Q:
    return Q() if allowed(reader, "desk.visit") else Q(pk__in=[])


def _who_records_contacts(reader: Any) -> Q:
    return Q() if allowed(reader, "desk.record_contact") else Q(pk__in=[])
