"""The accounts with which visitors try the demonstration."""

from __future__ import annotations

import stat

import pytest
from allauth.account.models import EmailAddress

from diapason.directory.actions import make_demonstration_accounts
from diapason.directory.actions.demonstration import demonstration_password
from diapason.directory.contracts import Role
from diapason.directory.models import User
from diapason.kernel.refusals import Refusal
from tests.directory.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    OrganisationFactory(code="authority")
    OrganisationFactory(code="company")
    return {role: "company" if role == Role.MEMBER else "authority" for role in Role}


@pytest.fixture
def demonstration(settings, tmp_path):
    settings.DEMONSTRATION, settings.HOME = True, tmp_path
    return tmp_path


def test_each_kind_of_person_has_an_account_that_signs_in(places, demonstration):
    made = make_demonstration_accounts(organisations=places)
    assert {account.role for account in made} == set(Role)
    assert sum(account.role == Role.PROGRAMME_MANAGER for account in made) == 2
    password = demonstration_password()
    for account in made:
        user = User.objects.get(email=account.email)
        assert user.check_password(password)
        assert user.holds(account.role)
        assert account.email.endswith(".invalid")
        assert EmailAddress.objects.get(user=user).verified


def test_made_twice_they_are_the_same_accounts(places, demonstration):
    assert make_demonstration_accounts(organisations=places) == make_demonstration_accounts(
        organisations=places
    )
    assert User.objects.count() == len(Role) + 1


def test_the_password_is_made_once_and_kept_privately(places, demonstration):
    first = demonstration_password()
    assert demonstration_password() == first
    kept = demonstration / "demonstration-password"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_outside_a_demonstration_there_are_none(places, settings, tmp_path):
    settings.DEMONSTRATION, settings.HOME = False, tmp_path
    with pytest.raises(Refusal):
        make_demonstration_accounts(organisations=places)
    assert not User.objects.exists()
    assert not (tmp_path / "demonstration-password").exists()


def test_a_missing_organisation_is_named_and_nothing_is_made(places, demonstration):
    with pytest.raises(Refusal, match="nowhere"):
        make_demonstration_accounts(organisations={**places, Role.JUROR: "nowhere"})
    assert not User.objects.exists()
