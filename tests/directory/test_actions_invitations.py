"""Invitations: sent once, accepted once, by the person they were meant for."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from diapason.directory.actions import (
    accept_invitation,
    invite_by_code,
    invite_person,
    withdraw_invitation,
)
from diapason.directory.contracts import Role
from diapason.directory.models import Invitation, Membership, User
from diapason.kernel.refusals import Refusal
from tests.directory.factories import MembershipFactory, OrganisationFactory, UserFactory, person
from tests.directory.test_actions_roles import together

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


@pytest.fixture
def place():
    return OrganisationFactory(name={"fr": "La Scène", "en": "The Stage"})


@pytest.fixture
def invite(place, django_capture_on_commit_callbacks):
    """Invites somebody; gives the invitation and the secret in its letter."""

    def run(email: str = "ada@example.org", role: Role = Role.ADVISOR, language: str = "en"):
        with django_capture_on_commit_callbacks(execute=True):
            invitation = invite_person(
                email=email, organisation_id=place.pk, role=role, language=language
            )
        return invitation, secret_of(mail.outbox[-1])

    return run


def secret_of(letter) -> str:
    return re.search(r"/invitation/([\w-]+)/", letter.body).group(1)


def accept(secret: str, **changes: str):
    return accept_invitation(**{"secret": secret, "name": "Ada", "language": "en", **changes})


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OPERATOR])
def test_nobody_but_an_operator_invites_or_withdraws(invite, place, role):
    invitation, _secret = invite()
    stranger = person(role)
    with pytest.raises(PermissionDenied):
        invite_person(
            email="eve@example.org",
            organisation_id=place.pk,
            role=Role.OPERATOR,
            language="en",
            by=stranger,
        )
    with pytest.raises(PermissionDenied):
        withdraw_invitation(invitation_id=invitation.pk, by=stranger)
    assert Invitation.objects.get().is_open


def test_the_letter_speaks_the_chosen_language_and_has_one_next_step(invite):
    invite(language="fr")
    letter = mail.outbox[-1]
    html = letter.alternatives[0].content
    assert "La Scène" in letter.subject
    assert "/en/" not in letter.body
    assert html.count("<a ") == 1
    assert 'lang="fr"' in html
    invite(email="grace@example.org", language="en")
    assert "The Stage" in mail.outbox[-1].subject
    assert "/en/invitation/" in mail.outbox[-1].body


def test_only_the_hash_of_the_secret_is_kept(invite):
    invitation, secret = invite()
    assert secret not in str(Invitation.objects.filter(pk=invitation.pk).values())


def test_accepting_makes_a_confirmed_account_that_holds_the_role(invite, place):
    _invitation, secret = invite()
    accepted = accept(secret, name="Ada Byron", password="a long enough secret")
    assert accepted.new_account
    assert accepted.user.name == "Ada Byron"
    assert accepted.user.check_password("a long enough secret")
    assert accepted.user.holds(Role.ADVISOR, organisation_id=place.pk)
    assert EmailAddress.objects.get(user=accepted.user).verified


def test_accepting_twice_changes_nothing_the_second_time(invite):
    _invitation, secret = invite()
    first = accept(secret)
    second = accept(secret, name="Somebody else")
    assert second.repeated
    assert second.user == first.user
    assert User.objects.get(pk=first.user.pk).name == "Ada"
    assert Membership.objects.count() == 1


def test_a_withdrawn_link_no_longer_works(invite):
    invitation, secret = invite()
    withdraw_invitation(invitation_id=invitation.pk)
    withdraw_invitation(invitation_id=invitation.pk)
    with pytest.raises(Refusal):
        accept(secret)
    assert not User.objects.exists()


def test_an_accepted_invitation_cannot_be_withdrawn(invite):
    invitation, secret = invite()
    accept(secret)
    with pytest.raises(Refusal):
        withdraw_invitation(invitation_id=invitation.pk)


def test_an_expired_link_no_longer_works_and_another_may_be_sent(invite):
    _invitation, secret = invite()
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        with pytest.raises(Refusal, match="expired"):
            accept(secret)
        _other, fresh = invite()
        assert accept(fresh).new_account


def test_an_unknown_link_is_refused():
    with pytest.raises(Refusal):
        accept("no-such-secret")


def test_one_open_invitation_for_an_address_organisation_and_role(invite):
    invite(email="ada@example.org")
    with pytest.raises(Refusal) as refusal:
        invite(email="ADA@example.org")
    assert refusal.value.field == "email"
    invite(email="ada@example.org", role=Role.JUROR)
    assert len(mail.outbox) == 2


def test_the_database_itself_refuses_a_second_open_invitation(invite):
    invitation, _secret = invite()
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            email="Ada@Example.org",
            organisation_id=invitation.organisation_id,
            role=invitation.role,
            token_hash="0" * 64,
            expires_at=timezone.now() + timedelta(days=1),
        )


def test_nobody_is_invited_to_what_they_hold_already(place):
    MembershipFactory(user__email="ada@example.org", organisation=place, role=Role.ADVISOR)
    with pytest.raises(Refusal):
        invite_person(
            email="ada@example.org", organisation_id=place.pk, role=Role.ADVISOR, language="en"
        )


def test_a_known_account_keeps_its_name_and_password(invite, place):
    user = UserFactory(email="ada@example.org", name="Ada", password="")
    user.set_password("the owner's own secret")
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    _invitation, secret = invite()
    accepted = accept(secret, name="Eve", password="another long secret")
    user.refresh_from_db()
    assert not accepted.new_account
    assert user.name == "Ada"
    assert user.check_password("the owner's own secret")
    assert User.objects.get(pk=user.pk).holds(Role.ADVISOR, organisation_id=place.pk)


def test_an_account_laid_in_wait_on_an_unconfirmed_address_loses_its_password(invite):
    trap = UserFactory(email="ada@example.org", name="Eve")
    trap.set_password("the intruder's secret")
    trap.save()
    EmailAddress.objects.create(user=trap, email=trap.email, verified=False, primary=True)
    _invitation, secret = invite()
    accepted = accept(secret, name="Ada")
    trap.refresh_from_db()
    assert accepted.new_account
    assert not trap.check_password("the intruder's secret")
    assert trap.name == "Ada"


def test_a_closed_account_gains_nothing_through_an_invitation(invite):
    UserFactory(email="ada@example.org", is_active=False)
    _invitation, secret = invite()
    with pytest.raises(Refusal):
        accept(secret)
    assert not Membership.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_acceptances_at_once_make_one_account_and_one_role(place):
    invite_person(
        email="ada@example.org", organisation_id=place.pk, role=Role.ADVISOR, language="en"
    )
    secret = secret_of(mail.outbox[-1])
    results = together(lambda: accept(secret), lambda: accept(secret))
    assert sorted(result.repeated for result in results) == [False, True], results
    assert User.objects.count() == 1
    assert Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_invitations_at_once_send_one_letter(place):
    mail.outbox.clear()
    results = together(
        *[
            lambda: invite_person(
                email="ada@example.org", organisation_id=place.pk, role=Role.JUROR, language="en"
            )
            for _ in range(2)
        ]
    )
    assert sum(isinstance(result, Refusal) for result in results) == 1, results
    assert len(mail.outbox) == 1


def test_a_program_invites_by_the_organisations_code(place, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invite_by_code(
            email="first@example.org", organisation=place.code, role=Role.OPERATOR, language="en"
        )
    accepted = accept(secret_of(mail.outbox[-1]))
    assert accepted.user.holds(Role.OPERATOR)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "no address"}, "no address"),
        ({"organisation": "nowhere"}, "Known:"),
        ({"language": "xx"}, "xx"),
    ],
)
def test_a_program_is_told_what_is_wrong_with_an_invitation(place, changes, said):
    given = {"email": "a@example.org", "organisation": place.code, "language": "en", **changes}
    with pytest.raises(Refusal, match=said):
        invite_by_code(role=Role.OPERATOR, **given)
    assert not Invitation.objects.exists()
