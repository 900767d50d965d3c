"""What the database itself refuses, whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from diapason.desk.models import Referral
from tests.desk.factories import (
    CaseFactory,
    CaseStageFactory,
    OfferFactory,
    OutcomeFactory,
    ReferralFactory,
)

pytestmark = pytest.mark.django_db


def refused(sql: str, *values: object) -> bool:
    """Whether the database refuses a statement, with nothing of ours in between."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except IntegrityError:
        return True
    return False


def copy(table: str, pk: int, **changes: object) -> tuple[str, list[object]]:
    """A statement that inserts a row again, with other values for some columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = %s AND column_name <> 'id' ORDER BY ordinal_position",
            [table],
        )
        columns = [row[0] for row in cursor.fetchall()]
    taken = ", ".join("%s" if name in changes else f'"{name}"' for name in columns)
    named = ", ".join(f'"{name}"' for name in columns)
    values = [changes[name] for name in columns if name in changes]
    return (
        f"INSERT INTO {table} ({named}) SELECT {taken} FROM {table} WHERE id = %s",
        [*values, pk],
    )


def test_an_open_case_is_never_lost() -> None:
    case = CaseFactory()
    assert refused("UPDATE desk_case SET next_on = NULL WHERE id = %s", case.pk)
    assert refused("UPDATE desk_case SET owner_id = NULL WHERE id = %s", case.pk)
    closed = "UPDATE desk_case SET next_on = NULL, closed_on = %s, closing = 'done' WHERE id = %s"
    assert not refused(closed, date(2018, 2, 1), case.pk)
    # Opening it again without a next step is refused as well.
    again = "UPDATE desk_case SET closed_on = NULL, closing = '' WHERE id = %s"
    assert refused(again, case.pk)


@pytest.mark.parametrize("state", ["proposed", "accepted"])
def test_a_structure_has_a_case_once_while_it_is_open(state: str) -> None:
    open_one = ReferralFactory(state=state)
    for again in ("proposed", "accepted"):
        day = None if again == "proposed" else date(2018, 1, 9)
        sql, values = copy("desk_referral", open_one.pk, state=again, answered_on=day)
        assert refused(sql, *values), again
    # Neither by leaving out who: the index would not see a missing structure or case.
    for column in ("structure_id", "case_id", "offer_id"):
        sql, values = copy("desk_referral", open_one.pk, **{column: None})
        assert refused(sql, *values), column
    assert Referral.objects.count() == 1


def test_a_structure_that_declined_may_be_asked_again() -> None:
    declined = ReferralFactory(state="declined")
    sql, values = copy("desk_referral", declined.pk, state="proposed", answered_on=None, reason="")
    assert not refused(sql, *values)
    assert refused(sql, *values)


def test_the_index_of_open_proposals_is_unique_and_holds_them_all() -> None:
    ReferralFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = 'desk_referral_once_while_open'"
        )
        (definition,) = cursor.fetchone()
        cursor.execute("ANALYZE desk_referral")
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE relname = 'desk_referral_once_while_open'"
        )
        (rows,) = cursor.fetchone()
    assert "UNIQUE" in definition
    assert "proposed" in definition
    assert rows == 1


def test_no_offer_holds_more_projects_than_it_has_seats() -> None:
    offer = OfferFactory(seats=1)
    waiting = ReferralFactory(offer=offer)
    ReferralFactory(offer=offer, state="accepted")
    take = "UPDATE desk_referral SET state = 'accepted', answered_on = %s WHERE id = %s"
    assert refused(take, date(2018, 1, 9), waiting.pk)
    sql, values = copy("desk_referral", waiting.pk, state="accepted", answered_on=date(2018, 1, 9))
    assert refused(sql, *values)


def test_no_offer_is_promised_to_more_projects_than_it_has_seats() -> None:
    offer = OfferFactory(seats=2)
    ReferralFactory(offer=offer, state="accepted")
    waiting = ReferralFactory(offer=offer)
    sql, values = copy("desk_referral", waiting.pk, case_id=CaseFactory().pk)
    assert refused(sql, *values)
    ReferralFactory(offer=offer, state="declined")


@pytest.mark.parametrize(
    ("make", "sql"),
    [
        (ReferralFactory, "UPDATE desk_referral SET state = 'declined', answered_on = now()"),
        (ReferralFactory, "UPDATE desk_referral SET state = 'accepted'"),
        (ReferralFactory, "UPDATE desk_referral SET state = 'lost', answered_on = now()"),
        (CaseFactory, "UPDATE desk_case SET stage = 'dreaming'"),
        (CaseFactory, "UPDATE desk_case SET needs = '{}'"),
        (CaseFactory, "UPDATE desk_case SET needs = '{money}'"),
        (CaseFactory, "UPDATE desk_case SET closed_on = '2017-01-01', closing = 'done'"),
        (OfferFactory, "UPDATE desk_offer SET stages = '{}'"),
        (OfferFactory, "UPDATE desk_offer SET ends = '2014-01-01'"),
        (CaseStageFactory, "UPDATE desk_casestage SET completed = true"),
        (CaseStageFactory, "UPDATE desk_casestage SET ended_on = '2017-01-01'"),
        (OutcomeFactory, "UPDATE desk_outcome SET evidence = ''"),
        (OutcomeFactory, "UPDATE desk_outcome SET count = 0"),
        (OutcomeFactory, "UPDATE desk_outcome SET fte = 2"),
        (OutcomeFactory, "UPDATE desk_outcome SET withdrawn_on = now()"),
        (OutcomeFactory, "UPDATE desk_outcome SET withdrawal_reason = 'A mistake'"),
        (OutcomeFactory, "UPDATE desk_outcome SET kind = 'business_created', count = 2"),
    ],
)
def test_what_cannot_be_is_refused(make: Callable[[], object], sql: str) -> None:
    make()
    assert refused(sql)


def test_a_case_is_at_one_stage_at_a_time() -> None:
    running = CaseStageFactory()
    sql, values = copy("desk_casestage", running.pk, stage="incubation")
    assert refused(sql, *values)


def test_an_outcome_counts_once() -> None:
    jobs = OutcomeFactory()
    sql, values = copy("desk_outcome", jobs.pk)
    assert refused(sql, *values)
    business = OutcomeFactory(kind="business_created")
    sql, values = copy("desk_outcome", business.pk, evidence="Another extract")
    assert refused(sql, *values)
