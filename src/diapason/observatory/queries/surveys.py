"""Surveys, whom they ask and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from diapason.directory.api import surviving
from diapason.kernel import clock, links
from diapason.kernel.permissions import allowed
from diapason.observatory.contracts import Standing, Status
from diapason.observatory.models import Answer, Campaign, Invitation


def personal_secret(key: Any) -> str:
    """The secret of the personal link of the invitation with that key."""
    return links.personal_secret("observatory", key)


def invitation_behind(secret: str) -> Invitation | None:
    """The invitation that a personal link leads to."""
    return (
        Invitation.objects.select_related("campaign", "organisation")
        .filter(token_hash=links.digest(secret))
        .first()
    )


def can_be_written_to(at: date) -> Q:
    """Invitations whose letter would reach somebody: the person is still in the directory, in
    that function, with an address; or the enterprise's own address is known."""
    person = (
        Q(to_person=True, contact__isnull=False, contact__starts__lte=at)
        & (Q(contact__ends__isnull=True) | Q(contact__ends__gt=at))
        & ~Q(contact__email="")
    )
    return person | (Q(to_person=False) & ~Q(organisation__email=""))


def address_of(invitation: Invitation) -> str:
    """Where a letter goes today; empty for nobody."""
    if not invitation.to_person:
        return invitation.organisation.email
    contact, at = invitation.contact, clock.today()
    if contact is None or contact.starts > at or (contact.ends and contact.ends <= at):
        return ""
    return contact.email


def year_to_ask(day: date) -> int:
    """The year that a new survey would ask about: the last one that is over and has none yet."""
    asked = set(Campaign.objects.values_list("year", flat=True))
    over = day.year - 1
    return next((year for year in range(over, over - 10, -1) if year not in asked), over)


def surveys(user: Any) -> QuerySet[Campaign]:
    """Every survey for staff, with how many enterprises were asked and have answered."""
    if not allowed(user, "observatory.record_answers"):
        return Campaign.objects.none()
    return Campaign.objects.annotate(
        asked=_counted(Invitation.objects.all()),
        answered=_counted(Answer.objects.all()),
        verified=_counted(Answer.objects.filter(status=Status.VERIFIED)),
    )


def _counted(rows: QuerySet[Any]) -> Any:
    counted = rows.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    return Coalesce(
        Subquery(counted.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0
    )


def survey_of(user: Any, pk: int) -> Campaign | None:
    return surveys(user).filter(pk=pk).first()


def asked_in(campaign: Campaign, at: date) -> QuerySet[Invitation]:
    """Whom a survey asks, with the `standing` of each and, once there, what they answered."""
    answer = Answer.objects.filter(campaign=campaign, organisation=OuterRef("organisation"))
    waiting = Standing.WAITING
    if not campaign.is_open:
        waiting = Standing.SILENT
    elif at > campaign.closes_on:
        waiting = Standing.LATE
    return (
        Invitation.objects.filter(campaign=campaign)
        .select_related("organisation", "organisation__commune")
        .annotate(
            status=Coalesce(Subquery(answer.values("status")[:1]), Value("")),
            answered_on=Subquery(answer.values("answered_on")[:1]),
            turnover=Subquery(answer.values("turnover")[:1], output_field=BigIntegerField()),
            headcount=Subquery(answer.values("headcount")[:1]),
            reachable=Case(When(can_be_written_to(at), then=Value(True)), default=Value(False)),
        )
        .annotate(
            standing=Case(
                When(~Q(status=""), then=Value(Standing.ANSWERED.value)),
                When(refused_on__isnull=False, then=Value(Standing.REFUSED.value)),
                When(reachable=False, then=Value(Standing.UNREACHABLE.value)),
                default=Value(waiting.value),
                output_field=CharField(),
            )
        )
    )


@dataclass(frozen=True)
class Coverage:
    """How many enterprises a survey asked or heard of, how many answered, and how sure it is."""

    asked: int
    answered: int
    declared: int
    estimated: int
    verified: int

    @property
    def missing(self) -> int:
        return self.asked - self.answered


def coverage(campaign: Campaign) -> Coverage:
    """Two queries. Whoever answered without having been asked counts as asked."""
    answers = Answer.objects.filter(campaign=campaign)
    told = answers.aggregate(
        answered=Count("pk"),
        **{one.value: Count("pk", filter=Q(status=one)) for one in Status},
    )
    silent = Invitation.objects.filter(campaign=campaign).filter(
        ~Exists(answers.filter(organisation=OuterRef("organisation")))
    )
    return Coverage(asked=told["answered"] + silent.count(), **told)


def to_remind(campaign: Campaign, at: date) -> QuerySet[Invitation]:
    """Who is to be reminded on a day: asked by a letter, silent since the survey's latest
    reminding day, without an answer, still willing, still there."""
    days = [campaign.closes_on - timedelta(days=before) for before in campaign.reminder_days]
    due = max((day for day in days if day <= at), default=None)
    if due is None or not campaign.is_open or at > campaign.closes_on:
        return Invitation.objects.none()
    answered = Answer.objects.filter(campaign=campaign, organisation=OuterRef("organisation"))
    return (
        Invitation.objects.filter(
            Q(reminded_on__isnull=True) | Q(reminded_on__lt=due),
            can_be_written_to(at),
            ~Exists(answered),
            campaign=campaign,
            refused_on__isnull=True,
            sent_on__lt=due,
        )
        .select_related("organisation", "contact", "campaign")
        .order_by("pk")
    )


def answer_of(campaign: Campaign, organisation_id: int) -> Answer | None:
    return (
        Answer.objects.select_related("organisation", "campaign", "verified_by", "answered_by")
        .filter(campaign=campaign, organisation=organisation_id)
        .first()
    )


def answers_of(organisation_id: int) -> list[Answer]:
    """An enterprise's years, the latest first, those of its merged duplicates too."""
    every = Answer.objects.annotate(enterprise=surviving("organisation"))
    found = every.filter(enterprise=organisation_id).select_related("campaign")
    return list(found.order_by("-campaign__year", "pk"))


def before(campaign: Campaign, organisation_id: int) -> Answer | None:
    """What the enterprise answered last, about an earlier year."""
    return (
        Answer.objects.filter(organisation=organisation_id, campaign__year__lt=campaign.year)
        .select_related("campaign")
        .order_by("-campaign__year")
        .first()
    )


def invitation_of(campaign: Campaign, organisation_id: int) -> Invitation | None:
    return (
        Invitation.objects.select_related("organisation", "contact", "campaign")
        .filter(campaign=campaign, organisation=organisation_id)
        .first()
    )


def unwilling(organisations: list[int]) -> set[int]:
    """Those that once said that they want no letter."""
    said = Invitation.objects.filter(organisation__in=organisations, refused_on__isnull=False)
    return set(said.values_list("organisation_id", flat=True))
