"""Roles given and ended, accounts closed and opened; and that somebody always operates."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone
from django.utils.translation import override

from diapason.directory.actions import (
    deactivate_account,
    end_role,
    give_role,
    reactivate_account,
)
from diapason.directory.contracts import Role
from diapason.directory.models import Membership, User
from diapason.directory.queries import history_of_person
from diapason.kernel.refusals import Refusal
from tests.directory.factories import MembershipFactory, OrganisationFactory, UserFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


def together(*deeds: Callable[[], object]) -> list[object]:
    """Run deeds at the same moment, each on its own connection; gives results or refusals."""
    gate = threading.Barrier(len(deeds))
    results: list[object] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=10)
            results[place] = deed()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def test_a_role_starts_today_and_is_held_at_once():
    user, place = UserFactory(), OrganisationFactory()
    give_role(user_id=user.pk, organisation_id=place.pk, role=Role.ADVISOR)
    held = User.objects.get(pk=user.pk)
    assert held.holds(Role.ADVISOR, organisation_id=place.pk)
    assert not held.holds(Role.OPERATOR)


def test_a_role_to_come_is_not_held_yet():
    user, place = UserFactory(), OrganisationFactory()
    tomorrow = timezone.localdate() + timedelta(days=1)
    give_role(user_id=user.pk, organisation_id=place.pk, role=Role.JUROR, starts=tomorrow)
    assert not user.holds(Role.JUROR)


def test_the_same_role_twice_is_refused_beside_the_role():
    held = MembershipFactory(role=Role.ADVISOR)
    with pytest.raises(Refusal) as refusal:
        give_role(user_id=held.user_id, organisation_id=held.organisation_id, role=Role.ADVISOR)
    assert refusal.value.field == "role"


def test_dates_the_wrong_way_round_are_refused():
    user, place, today = UserFactory(), OrganisationFactory(), timezone.localdate()
    with pytest.raises(Refusal):
        give_role(
            user_id=user.pk, organisation_id=place.pk, role=Role.JUROR, starts=today, ends=today
        )


def test_the_database_itself_refuses_overlapping_roles():
    held = MembershipFactory(role=Role.ADVISOR)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO directory_membership (user_id, organisation_id, role, starts, ends) "
            "VALUES (%s, %s, 'advisor', %s, %s)",
            [held.user_id, held.organisation_id, "2016-01-01", "2017-01-01"],
        )


def test_a_role_may_be_held_again_later():
    held = MembershipFactory(role=Role.ADVISOR)
    end_role(membership_id=held.pk)
    again = give_role(user_id=held.user_id, organisation_id=held.organisation_id, role=Role.ADVISOR)
    assert again.pk != held.pk


def test_an_ended_role_is_no_longer_held_and_ending_it_again_changes_nothing():
    held = MembershipFactory(role=Role.ADVISOR)
    ended = end_role(membership_id=held.pk)
    assert ended.ends == timezone.localdate()
    assert not User.objects.get(pk=held.user_id).holds(Role.ADVISOR)
    end_role(membership_id=held.pk, ends=timezone.localdate() + timedelta(days=30))
    held.refresh_from_db()
    assert held.ends == timezone.localdate()


def test_the_last_operator_keeps_the_role_and_the_account():
    last = MembershipFactory(role=Role.OPERATOR)
    with pytest.raises(Refusal, match="last operator"):
        end_role(membership_id=last.pk)
    with pytest.raises(Refusal, match="last operator"):
        deactivate_account(user_id=last.user_id)


def test_an_operator_who_is_closed_or_leaving_does_not_count_as_another():
    last = MembershipFactory(role=Role.OPERATOR)
    MembershipFactory(role=Role.OPERATOR, user__is_active=False)
    MembershipFactory(role=Role.OPERATOR, ends=timezone.localdate() + timedelta(days=3))
    with pytest.raises(Refusal):
        end_role(membership_id=last.pk)


def test_an_operator_may_leave_when_another_stays():
    leaving, _staying = MembershipFactory(role=Role.OPERATOR), MembershipFactory(role=Role.OPERATOR)
    end_role(membership_id=leaving.pk)
    leaving.refresh_from_db()
    assert leaving.ends


def test_a_closed_account_holds_nothing_until_it_is_opened_again():
    user = person(Role.ADVISOR)
    deactivate_account(user_id=user.pk)
    assert not User.objects.get(pk=user.pk).holds(Role.ADVISOR)
    with pytest.raises(Refusal):
        give_role(user_id=user.pk, organisation_id=OrganisationFactory().pk, role=Role.JUROR)
    reactivate_account(user_id=user.pk)
    assert User.objects.get(pk=user.pk).holds(Role.ADVISOR)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OPERATOR])
def test_nobody_but_an_operator_changes_roles_or_accounts(role):
    stranger, held = person(role), MembershipFactory(role=Role.ADVISOR)
    given = {"user_id": held.user_id, "organisation_id": held.organisation_id}
    for deed in (
        lambda: give_role(**given, role=Role.OPERATOR, by=stranger),
        lambda: end_role(membership_id=held.pk, by=stranger),
        lambda: deactivate_account(user_id=held.user_id, by=stranger),
        lambda: reactivate_account(user_id=held.user_id, by=stranger),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    assert User.objects.get(pk=held.user_id).roles() == {(Role.ADVISOR, held.organisation_id)}


def test_history_tells_what_changed_and_who_did_it():
    operator, user = person(Role.OPERATOR, name="Odile"), UserFactory(name="Ada")
    given = give_role(
        user_id=user.pk, organisation_id=OrganisationFactory().pk, role=Role.ADVISOR, by=operator
    )
    end_role(membership_id=given.pk, by=operator)
    place = str(given.organisation)
    told = [(about, entry.deed, entry.who) for about, entry in history_of_person(user)]
    assert told == [
        (f"Advisor, {place}", "changed", "Odile"),
        (f"Advisor, {place}", "created", "Odile"),
        ("Account", "created", "the program"),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_operators_who_remove_each_other_at_once_leave_one():
    one, two = MembershipFactory(role=Role.OPERATOR), MembershipFactory(role=Role.OPERATOR)
    results = together(
        lambda: end_role(membership_id=one.pk), lambda: deactivate_account(user_id=two.user_id)
    )
    assert sum(isinstance(result, Refusal) for result in results) == 1, results
    running = Membership.objects.on(timezone.localdate()).filter(
        role=Role.OPERATOR, user__is_active=True
    )
    assert running.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_role_given_twice_at_once_is_given_once():
    user, place = UserFactory(), OrganisationFactory()
    results = together(
        *[
            lambda: give_role(user_id=user.pk, organisation_id=place.pk, role=Role.JUROR)
            for _ in range(2)
        ]
    )
    assert sum(isinstance(result, Refusal) for result in results) == 1, results
    assert Membership.objects.count() == 1
