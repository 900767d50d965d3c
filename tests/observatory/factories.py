"""Surveys, whom they ask and what came back, for tests."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import date
from typing import Any

import factory
import pgtrigger
from factory.django import DjangoModelFactory

from diapason.kernel.links import digest
from diapason.kernel.periods import Window
from diapason.kernel.registries import Cohort, CohortEntry, CohortKind, cohorts
from diapason.observatory.contracts import Origin, Status
from diapason.observatory.models import Answer, Campaign, Invitation
from diapason.observatory.queries.surveys import personal_secret
from tests.directory.factories import OrganisationFactory


class CampaignFactory(DjangoModelFactory):
    """Closed: its answers count."""

    class Meta:
        model = Campaign

    year = factory.Sequence(lambda n: 1990 + n % 30)
    opened_on = factory.LazyAttribute(lambda made: date(made.year + 1, 2, 1))
    closes_on = factory.LazyAttribute(lambda made: date(made.year + 1, 4, 30))
    closed_on = factory.LazyAttribute(lambda made: date(made.year + 1, 5, 10))


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = Invitation

    campaign = factory.SubFactory(CampaignFactory, year=2019)
    organisation = factory.SubFactory(
        OrganisationFactory, email=factory.Sequence(lambda n: f"asked-{n}@example.org")
    )
    key = factory.LazyFunction(uuid.uuid4)
    token_hash = factory.LazyAttribute(lambda made: digest(personal_secret(made.key)))
    invited_on = date(2020, 2, 1)


class AnswerFactory(DjangoModelFactory):
    """What staff recorded while the survey was open, though it may be closed by now."""

    class Meta:
        model = Answer

    @classmethod
    def _create(cls, model_class: type[Answer], *args: Any, **fields: Any) -> Answer:
        in_time = fields.get("origin") != Origin.LINK
        names = ["observatory.Answer:open_to_enterprises"] if in_time else []
        with pgtrigger.ignore(*names) if names else nullcontext():
            return super()._create(model_class, *args, **fields)

    campaign = factory.SubFactory(CampaignFactory, year=2019)
    organisation = factory.SubFactory(OrganisationFactory)
    turnover = 10_000_000
    abroad = 1_000_000
    headcount = 4
    fte = 3
    training = 50_000
    clients = 3
    markets = 1
    origin = Origin.STAFF
    answered_on = date(2020, 3, 1)
    ceased_on = factory.LazyAttribute(lambda made: None if made.active else date(2019, 9, 30))
    active = True
    source = factory.LazyAttribute(
        lambda made: "Accounts" if made.status == Status.ESTIMATED else ""
    )
    verified_on = factory.LazyAttribute(
        lambda made: date(2020, 5, 1) if made.status == Status.VERIFIED else None
    )
    verified_with = factory.LazyAttribute(
        lambda made: "Accounts" if made.status == Status.VERIFIED else ""
    )
    status = Status.DECLARED


def secret_of(invitation: Any) -> str:
    return personal_secret(invitation.key)


def survey(year: int) -> Campaign:
    """The survey about that year, made once."""
    found = Campaign.objects.filter(year=year).first()
    return found or CampaignFactory(year=year)


@contextmanager
def entered(entries: dict[Any, date], kind: CohortKind = CohortKind.SUPPORT) -> Iterator[None]:
    """These organisations, and no others, entered a support or an event on these days."""

    def inside(window: Window) -> list[CohortEntry]:
        return [
            CohortEntry(entity=one.pk, label=one.code, entered_on=day)
            for one, day in entries.items()
            if day in window
        ]

    with ExitStack() as lent:
        for key, cohort in cohorts.items():
            if cohort.kind is kind:
                del cohorts._offers[key]
                lent.callback(cohorts.add, key, cohort)
        lent.enter_context(
            cohorts.lent(f"tests.{kind}", Cohort(label="Entered", entries=inside, kind=kind))
        )
        yield
