"""How to ask for the observatory's pages."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from diapason.kernel.links import digest
from diapason.observatory.queries.surveys import personal_secret
from tests.directory.factories import OrganisationFactory
from tests.observatory.factories import AnswerFactory, CampaignFactory, InvitationFactory
from tests.trust.examples import Example

KEY = UUID(int=11)
STAFFS = "staff follow every survey and every answer; nobody else comes here"


def furnish(world: Any, size: int) -> None:
    if not hasattr(world, "survey"):
        world.survey = CampaignFactory(
            year=2019, closes_on=date(2030, 1, 1), opened_on=date(2020, 2, 1), closed_on=None
        )
        world.survey_secret = personal_secret(KEY)
        world.asked = InvitationFactory(
            campaign=world.survey, key=KEY, token_hash=digest(world.survey_secret)
        )
        earlier = CampaignFactory(year=2018)
        AnswerFactory(campaign=earlier, organisation=world.asked.organisation)
        world.answered = AnswerFactory(campaign=world.survey)
        InvitationFactory(campaign=world.survey, organisation=world.answered.organisation)
        return
    for number in range(size):
        InvitationFactory(campaign=world.survey)
        AnswerFactory(campaign=world.survey, organisation=OrganisationFactory())
        year = 1990 + number
        if year < 2018:
            AnswerFactory(
                campaign=CampaignFactory(year=year), organisation=world.asked.organisation
            )


EXAMPLES = {
    "observatory:respond": Example(own=lambda world, person: {"secret": world.survey_secret}),
    "observatory:keep": Example(own=lambda world, person: {"secret": world.survey_secret}),
    "observatory:export": Example(own=lambda world, person: {"format": "csv"}),
    "observatory:survey": Example(
        own=lambda world, person: {"pk": world.survey.pk},
        everybodys=STAFFS,
        writing="observatory.run_surveys",
    ),
    "observatory:import": Example(
        own=lambda world, person: {"pk": world.survey.pk}, everybodys=STAFFS
    ),
    "observatory:template": Example(
        own=lambda world, person: {"pk": world.survey.pk}, everybodys=STAFFS
    ),
    "observatory:answer": Example(
        own=lambda world, person: {
            "pk": world.survey.pk,
            "organisation": world.asked.organisation_id,
        },
        everybodys=STAFFS,
    ),
    "observatory:found": Example(
        own=lambda world, person: {"pk": world.answered.pk}, everybodys=STAFFS
    ),
}
