"""Fields of the observatory that are about nobody, and what it keeps of a person."""

from __future__ import annotations

from typing import Any

from tests.directory.factories import ContactFactory
from tests.observatory.factories import AnswerFactory, CampaignFactory, InvitationFactory

NOT_PERSONAL: dict[str, str] = {}


def plant(person: Any, canary: str) -> None:
    campaign = CampaignFactory(year=2018, opened_by=person)
    to_reach = ContactFactory(name=canary, email=person.email)
    InvitationFactory(campaign=campaign, organisation=to_reach.organisation, contact=to_reach)
    AnswerFactory(campaign=campaign, answered_by=person)
