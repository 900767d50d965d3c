"""The rules of the observatory, held by the database itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from diapason.observatory.contracts import Facts, Status
from diapason.observatory.models import Answer, Campaign, Invitation
from tests.directory.factories import OrganisationFactory
from tests.observatory.factories import AnswerFactory, CampaignFactory, InvitationFactory

pytestmark = pytest.mark.django_db


def refused(record: Any, **fields: Any) -> str:
    """Write around Python; gives the name of what refused."""
    names = ", ".join(f'"{name}" = %s' for name in fields)
    with (
        pytest.raises(IntegrityError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"UPDATE {record._meta.db_table} SET {names} WHERE id = %s",
            [*fields.values(), record.pk],
        )
    return caught.value.__cause__.diag.constraint_name


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"year": 2020}, "year_is_over"),
        ({"year": 1200}, "year_is_over"),
        ({"closes_on": date(2020, 1, 31)}, "dates"),
        ({"closed_on": date(2020, 1, 31)}, "closed_after"),
        ({"questions": ["shoe_size"]}, "known_questions"),
        ({"questions": []}, "known_questions"),
        ({"questions": ["abroad"]}, "shares_of_turnover"),
    ],
)
def test_a_survey_that_cannot_be_is_refused(fields: dict[str, Any], name: str) -> None:
    assert refused(CampaignFactory(year=2019), **fields) == f"observatory_campaign_{name}"


def test_a_year_has_one_survey() -> None:
    CampaignFactory(year=2018)
    assert refused(CampaignFactory(year=2019), year=2018) == "observatory_campaign_one_a_year"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"active": False}, "end_is_dated"),
        ({"ceased_on": date(2019, 5, 5)}, "end_is_dated"),
        ({"turnover": -1, "abroad": None}, "amounts"),
        ({"turnover": 10**14 + 1}, "amounts"),
        ({"training": -1}, "amounts"),
        ({"fte": -1}, "amounts"),
        ({"abroad": 10_000_001}, "abroad_within"),
        ({"turnover": None}, "abroad_within"),
        ({"status": "certain"}, "known_words"),
        ({"origin": "rumour"}, "known_words"),
        ({"status": "estimated"}, "estimate_rests_on"),
        ({"status": "verified"}, "verified_whole"),
        ({"verified_on": date(2020, 5, 5)}, "verified_whole"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(fields: dict[str, Any], name: str) -> None:
    assert refused(AnswerFactory(), **fields) == f"observatory_answer_{name}"


def test_an_enterprise_is_asked_once_and_answers_once() -> None:
    asked, answered = InvitationFactory(), AnswerFactory(campaign__year=2018)
    twin = InvitationFactory(campaign=asked.campaign)
    other = AnswerFactory(campaign=answered.campaign)
    assert refused(twin, organisation_id=asked.organisation_id) == "observatory_invitation_once"
    assert refused(other, organisation_id=answered.organisation_id) == "observatory_answer_once"


def test_nobody_is_reminded_of_a_letter_that_was_not_sent() -> None:
    name = refused(InvitationFactory(), reminded_on=date(2020, 3, 1))
    assert name == "observatory_invitation_sent_first"


def test_a_closed_survey_takes_no_answer_by_link() -> None:
    answer = AnswerFactory(campaign__closed_on=None, origin="link")
    Campaign.objects.update(closed_on=date(2020, 6, 1))
    assert refused(answer, turnover=20_000_000) == "observatory_answer_while_open"
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        AnswerFactory(campaign=answer.campaign, origin="link")
    # What does not change the figures passes, and so do those that staff correct.
    Answer.objects.filter(pk=answer.pk).update(version=2)
    Answer.objects.filter(pk=answer.pk).update(turnover=20_000_000, origin="staff")


def test_a_closed_survey_takes_no_new_answer_of_staff_either() -> None:
    answer = AnswerFactory(campaign__closed_on=date(2020, 6, 1))
    late = AnswerFactory.build(campaign=answer.campaign, organisation=OrganisationFactory())
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        late.save()


def test_a_link_changes_nothing_that_was_verified() -> None:
    answer = AnswerFactory(status=Status.VERIFIED, origin="link", campaign__closed_on=None)
    undone = {"verified_on": None, "verified_with": ""}
    assert refused(answer, status="declared", **undone) == "observatory_answer_verified_stays"


def test_only_the_hash_of_a_link_is_kept() -> None:
    from tests.observatory.factories import secret_of

    invitation = InvitationFactory()
    kept = " ".join(map(str, Invitation.objects.filter(pk=invitation.pk).values_list().get()))
    assert secret_of(invitation) not in kept
    assert len(secret_of(invitation)) == 64


def test_what_an_answer_says() -> None:
    assert AnswerFactory().facts() == Facts(
        turnover=10_000_000,
        abroad=1_000_000,
        headcount=4,
        fte=3,
        training=50_000,
        clients=3,
        markets=1,
    )
