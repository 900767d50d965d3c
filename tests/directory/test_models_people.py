"""What a person holds, and how soon a change of it is seen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from diapason.directory.contracts import Role
from diapason.directory.models import Membership, User
from tests.directory.factories import MembershipFactory, OrganisationFactory, person

pytestmark = pytest.mark.django_db


def as_found(user: Any) -> Any:
    """The person as the next request finds them."""
    return User.objects.get(pk=user.pk)


def test_a_request_asks_only_whether_roles_changed() -> None:
    advisor = as_found(person(Role.ADVISOR))
    held = advisor.roles()
    assert {role for role, _where in held} == {Role.ADVISOR}
    again = as_found(advisor)
    with CaptureQueriesContext(connection) as asked:
        assert again.roles() == held
    assert len(asked) == 1
    assert "kernel_change" in asked[0]["sql"]


def test_a_change_of_roles_is_seen_by_the_next_request() -> None:
    advisor = person(Role.ADVISOR)
    assert as_found(advisor).holds(Role.ADVISOR)
    MembershipFactory(user=advisor, role=Role.OPERATOR)
    assert as_found(advisor).holds(Role.OPERATOR)
    Membership.objects.filter(user=advisor, role=Role.ADVISOR).delete()
    assert not as_found(advisor).holds(Role.ADVISOR)


def test_a_role_ends_with_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    advisor = MembershipFactory(
        role=Role.ADVISOR, starts=date(2019, 1, 1), ends=date(2019, 6, 1)
    ).user
    for day, holds in ((date(2019, 5, 31), True), (date(2019, 6, 1), False)):
        monkeypatch.setattr("diapason.kernel.clock.today", lambda day=day: day)
        assert as_found(advisor).holds(Role.ADVISOR) is holds


def test_a_role_in_what_is_merged_is_held_at_once_in_what_stands() -> None:
    standing, duplicate = OrganisationFactory(), OrganisationFactory()
    advisor = MembershipFactory(organisation=duplicate, role=Role.ADVISOR).user
    assert not as_found(advisor).holds(Role.ADVISOR, organisation_id=standing.pk)
    duplicate.merged_into = standing
    duplicate.save()
    assert as_found(advisor).holds(Role.ADVISOR, organisation_id=standing.pk)


def test_what_a_write_that_failed_would_have_given_is_not_kept() -> None:
    member = person(Role.MEMBER)
    with transaction.atomic():
        MembershipFactory(user=member, role=Role.OPERATOR)
        assert as_found(member).holds(Role.OPERATOR)
        transaction.set_rollback(True)
    assert not as_found(member).holds(Role.OPERATOR)
