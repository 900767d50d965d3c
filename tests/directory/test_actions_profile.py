"""One's own account, up to leaving."""

from __future__ import annotations

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.utils.translation import override

from diapason.directory.actions import (
    accept_invitation,
    change_profile,
    create_token,
    erase_account,
    token_holder,
)
from diapason.directory.contracts import Role
from diapason.directory.models import User
from diapason.directory.queries import personal_export
from diapason.kernel.refusals import Refusal
from tests.directory.factories import MembershipFactory, person
from tests.directory.test_actions_invitations import invite, place  # noqa: F401 - fixtures
from tests.trust.canary import everything

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


CANARY = "Zebulon Canary"


def test_history_keeps_the_former_name_and_never_the_password():
    user = person(name="Ada")
    user.set_password("one long secret")
    user.save()
    change_profile(user_id=user.pk, name="Ada Byron", language="en")
    history = apps.get_model("directory", "UserEvent").objects.filter(pgh_obj_id=user.pk)
    assert [event.name for event in history.order_by("pgh_id")] == ["Ada", "Ada Byron"]
    assert not {"password", "last_login"} & {field.name for field in history.model._meta.fields}


def test_erasing_leaves_no_trace_of_the_person_anywhere(invite):  # noqa: F811
    MembershipFactory(role=Role.OPERATOR)
    _invitation, secret = invite(email="zebulon.canary@example.org", role=Role.PROGRAMME_MANAGER)
    user = accept_invitation(secret=secret, name=CANARY, language="en").user
    held = user.roles()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    change_profile(user_id=user.pk, name=f"{CANARY} Junior", language="fr")
    _token, raw = create_token(
        organisation_id=next(iter(held))[1], name="Website", by=User.objects.get(pk=user.pk)
    )
    assert "canary" in everything()
    erase_account(user_id=user.pk, confirmation=" Zebulon.Canary@example.org ")
    assert "canary" not in everything()
    assert not User.objects.filter(pk=user.pk).exists()
    assert not EmailAddress.objects.filter(email__icontains="canary").exists()
    assert token_holder(raw).person_id is None


def test_erasing_asks_for_the_exact_address():
    user = person(email="ada@example.org")
    with pytest.raises(Refusal) as refusal:
        erase_account(user_id=user.pk, confirmation="ada@example.com")
    assert refusal.value.field == "confirmation"


def test_the_last_operator_cannot_leave():
    user = person(Role.OPERATOR, email="ada@example.org")
    with pytest.raises(Refusal, match="last operator"):
        erase_account(user_id=user.pk, confirmation="ada@example.org")


def test_the_export_holds_everything_and_is_plain_json(invite):  # noqa: F811
    _invitation, secret = invite(email="ada@example.org")
    user = accept_invitation(secret=secret, name="Ada", language="en").user
    held = personal_export(user)
    assert json.loads(json.dumps(held)) == held
    assert held["email"] == "ada@example.org"
    assert [role["role"] for role in held["roles"]] == ["advisor"]
    assert [sent["role"] for sent in held["invitations"]] == ["advisor"]
    assert held["addresses"] == [{"email": "ada@example.org", "confirmed": True, "main": True}]
