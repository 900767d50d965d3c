"""Keys of the API: shown once, worth what their maker is worth."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diapason.directory.actions import (
    create_token,
    deactivate_account,
    revoke_token,
    token_holder,
)
from diapason.directory.contracts import Role
from diapason.directory.models import ApiToken
from diapason.directory.queries import tokens_visible_to
from diapason.kernel.refusals import Refusal
from tests.directory.factories import MembershipFactory, OrganisationFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def managed():
    return MembershipFactory(role=Role.PROGRAMME_MANAGER)


def make(managed, **changes):
    return create_token(
        **{
            "organisation_id": managed.organisation_id,
            "name": "Website",
            "by": managed.user,
            **changes,
        }
    )


def test_a_key_opens_for_its_organisation_and_only_its_hash_is_kept(managed):
    token, raw = make(managed)
    holder = token_holder(raw)
    assert (holder.organisation_id, holder.person_id) == (managed.organisation_id, managed.user_id)
    assert holder.token_id == token.pk
    assert raw not in str(ApiToken.objects.values().get())


@pytest.mark.parametrize("raw", ["", "diapason_", "diapason_unknown", "Bearer x", "0" * 5000])
def test_an_unknown_key_opens_nothing(raw):
    assert token_holder(raw) is None


def test_a_revoked_key_opens_nothing(managed):
    token, raw = make(managed)
    revoke_token(token_id=token.pk)
    first = ApiToken.objects.get().revoked_at
    revoke_token(token_id=token.pk)
    assert token_holder(raw) is None
    assert ApiToken.objects.get().revoked_at == first


def test_a_key_is_revoked_by_those_who_answer_for_its_organisation(managed):
    token, raw = make(managed)
    for stranger in (person(Role.PROGRAMME_MANAGER), person(Role.ADVISOR)):
        with pytest.raises(PermissionDenied):
            revoke_token(token_id=token.pk, by=stranger)
    assert token_holder(raw)
    colleague = MembershipFactory(role=Role.PROGRAMME_MANAGER, organisation=managed.organisation)
    revoke_token(token_id=token.pk, by=colleague.user)
    assert token_holder(raw) is None


def test_a_key_past_its_date_opens_nothing(managed):
    _token, raw = make(managed, expires_at=timezone.now() + timedelta(days=2))
    assert token_holder(raw)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert token_holder(raw) is None


def test_a_key_stops_with_the_account_of_its_maker(managed):
    _token, raw = make(managed)
    deactivate_account(user_id=managed.user_id)
    assert token_holder(raw) is None


def test_a_date_in_the_past_is_refused(managed):
    with pytest.raises(Refusal) as refusal:
        make(managed, expires_at=timezone.now())
    assert refusal.value.field == "expires"


def test_a_manager_makes_keys_for_their_own_organisations_only(managed):
    with pytest.raises(Refusal) as refusal:
        make(managed, organisation_id=OrganisationFactory().pk)
    assert refusal.value.field == "organisation"
    operator = person(Role.OPERATOR)
    assert make(managed, by=operator)


def test_a_name_serves_once_per_organisation_until_revoked(managed):
    token, _raw = make(managed)
    with pytest.raises(Refusal) as refusal:
        make(managed)
    assert refusal.value.field == "name"
    revoke_token(token_id=token.pk)
    assert make(managed)


def test_managers_see_the_keys_of_their_organisations_and_operators_all(managed):
    other = MembershipFactory(role=Role.PROGRAMME_MANAGER)
    mine, theirs = make(managed)[0], make(other)[0]
    assert list(tokens_visible_to(managed.user)) == [mine]
    assert set(tokens_visible_to(person(Role.OPERATOR))) == {mine, theirs}


def test_using_a_key_often_writes_seldom(managed):
    _token, raw = make(managed)
    token_holder(raw)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        token_holder(raw)
    assert len(queries) == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        token_holder(raw)
        assert ApiToken.objects.get().last_used_at > timezone.now() - timedelta(minutes=1)
