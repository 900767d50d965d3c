"""Writes of the observatory: answers from a spreadsheet, and what is forgotten."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pghistory
import pytest

from diapason.kernel.refusals import Refusal
from diapason.observatory import actions
from diapason.observatory.contracts import Status
from diapason.observatory.models import Answer, Campaign
from diapason.observatory.queries import surveys
from diapason.observatory.queries.personal import personal_export
from diapason.observatory.tasks import forget_old_contacts
from tests.directory.factories import (
    SIRET,
    ContactFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.observatory.factories import (
    AnswerFactory,
    CampaignFactory,
    InvitationFactory,
    secret_of,
)
from tests.observatory.people import GOOD, advisor, english, manager, running

__all__ = ["advisor", "english", "manager", "running"]  # fixtures

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------------------------- importing


def line(importing: actions.Importing, named: str, **fields: Any) -> Answer:
    given = {"facts": GOOD, "status": Status.DECLARED, "source": ""} | fields
    return importing.line(named=named, **given)


def test_a_line_names_an_enterprise_by_number_code_or_name(advisor: Any, running: Campaign) -> None:
    numbered = OrganisationFactory(siret=SIRET, siren=SIRET[:9])
    named = OrganisationFactory(name={"fr": "Label Fictif", "en": "Fictitious label"})
    importing = actions.Importing(by=advisor, survey=running, request_key=uuid.uuid4())
    assert line(importing, f"{SIRET[:9]} {SIRET[9:]}").organisation_id == numbered.pk
    assert line(importing, "fictitious LABEL").organisation_id == named.pk
    assert Answer.objects.filter(origin="sheet").count() == 2
    again = actions.Importing(by=advisor, survey=running, request_key=importing.request_key)
    assert line(again, SIRET).version == 1


def test_a_line_that_cannot_be_says_why(advisor: Any, running: Campaign) -> None:
    OrganisationFactory.create_batch(2, name={"fr": "Double", "en": "Double"})
    sure = AnswerFactory(campaign=running, status=Status.VERIFIED).organisation
    once = OrganisationFactory()
    importing = actions.Importing(by=advisor, survey=running)
    line(importing, once.code)
    for named, why in (
        ("Nobody", "knows no"),
        (SIRET, "knows no"),
        ("Double", "Several"),
        (once.code, "twice"),
        (sure.code, "verified"),
    ):
        with pytest.raises(Refusal, match=why) as refusal:
            line(importing, named)
        assert refusal.value.field == "organisation"


# --------------------------------------------------------------------------------------- leaving


def test_a_person_who_leaves_is_named_nowhere(running: Campaign) -> None:
    user = UserFactory(email="ada@example.org")
    contact = ContactFactory(email="Ada@Example.org")
    asked = InvitationFactory(campaign=running, contact=contact, to_person=True)
    running.opened_by = user
    running.save()
    said = AnswerFactory(campaign=running, answered_by=user)
    told = personal_export(user)
    assert told["surveys_received"][0]["enterprise"] == asked.organisation.code
    assert (told["surveys_opened"], told["answers_recorded"]) == (1, 1)
    actions.forget_person(user)
    for record, name in ((asked, "contact"), (running, "opened_by"), (said, "answered_by")):
        record.refresh_from_db()
        assert getattr(record, name) is None
    for model, name in ((Campaign, "opened_by"), (Answer, "answered_by")):
        (events,) = pghistory.core.event_models(tracks_model=model)
        assert not events.objects.filter(**{name: user.pk}).exists()


def test_each_night_old_surveys_forget_whom_they_asked() -> None:
    old = CampaignFactory(year=2015, closed_on=date(2016, 6, 1))
    new = CampaignFactory(year=2019, closed_on=None)
    contact = ContactFactory()
    asked = [InvitationFactory(campaign=each, contact=contact) for each in (old, new)]
    forget_old_contacts()
    for one in asked:
        one.refresh_from_db()
    assert [one.contact for one in asked] == [None, contact]


def test_a_link_leads_to_one_invitation() -> None:
    one, other = InvitationFactory(), InvitationFactory(campaign__year=2018)
    assert surveys.invitation_behind(secret_of(one)) == one
    assert surveys.invitation_behind(secret_of(other)) == other
    assert surveys.invitation_behind("0" * 64) is None
