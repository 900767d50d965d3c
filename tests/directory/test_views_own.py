"""One's own account, and the way in through an invitation."""

from __future__ import annotations

import json

import pghistory.models
import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import override

from diapason.directory.actions import withdraw_invitation
from diapason.directory.contracts import Role
from diapason.directory.models import User
from tests.directory.factories import UserFactory, person
from tests.directory.pages import parsed, words
from tests.directory.test_actions_invitations import invite, place  # noqa: F401 - fixtures
from tests.directory.test_adapters import PASSWORD, signed_in_as

pytestmark = pytest.mark.django_db

LANGUAGES = ("fr", "en")


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def ada(client):
    user = person(Role.ADVISOR, email="ada@example.org", name="Ada")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_who_i_am_my_roles_and_how_i_sign_in(client, ada, language):
    with override(language):
        page = client.get(reverse("directory:account"))
    told = words(page)
    assert ("Accompagnateur" if language == "fr" else "Advisor") in told
    assert "ada@example.org" in told


def test_name_and_language_change_and_the_answer_speaks_the_new_language(client, ada):
    answer = client.post(reverse("directory:account"), {"name": "Ada Byron", "language": "en"})
    ada.refresh_from_db()
    assert (ada.name, ada.language) == ("Ada Byron", "en")
    assert answer.url == "/en/account/"


def test_an_unknown_language_is_refused_and_nothing_changes(client, ada):
    page = client.post(reverse("directory:account"), {"name": "Ada Byron", "language": "xx"})
    assert page.context["form"].errors["language"]
    assert "Ada Byron" in page.content.decode()
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_my_data_is_one_json_file_about_me_alone(client, ada):
    UserFactory(name="Somebody Else", email="else@example.org")
    answer = client.get(reverse("directory:export"))
    held = json.loads(answer.content)
    assert held["rooms"]["directory.account"]["email"] == "ada@example.org"
    assert "else@example.org" not in answer.content.decode()
    assert "attachment" in answer["Content-Disposition"]


def test_erasing_asks_who_i_am_then_my_address_then_forgets_me(client, ada):
    url = reverse("directory:erase")
    asked = client.get(url)
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert signed_in_as(client)
    client.post(asked.url, {"password": PASSWORD})
    refused = client.post(url, {"confirmation": "other@example.org"})
    assert refused.context["form"].errors["confirmation"]
    client.post(url, {"confirmation": ada.email})
    assert not User.objects.filter(pk=ada.pk).exists()
    assert signed_in_as(client) is None


@pytest.mark.parametrize("name", ["account", "export", "erase"])
def test_visitors_are_asked_to_sign_in(client, name):
    assert client.get(reverse(f"directory:{name}")).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_accepting_signs_the_new_person_in(client, invite, language):  # noqa: F811
    _invitation, secret = invite()
    with override(language):
        url = reverse("directory:invitation", args=[secret])
        assert client.head(url).status_code == 200  # a reader of mail looks before its person
        page = client.get(url)
        assert "ada@example.org" in words(page)
        answer = client.post(url, {"name": "Ada", "language": "fr", "password": ""})
    user = User.objects.get(email="ada@example.org")
    assert signed_in_as(client) == str(user.pk)
    assert answer.url == "/my-day/"
    assert user.holds(Role.ADVISOR)


def test_the_history_of_an_acceptance_does_not_keep_the_link(client, invite):  # noqa: F811
    _invitation, secret = invite()
    url = reverse("directory:invitation", args=[secret])
    client.post(url, {"name": "Ada", "language": "en", "password": ""})
    told = [str(context.metadata) for context in pghistory.models.Context.objects.all()]
    assert any("/invitation/" in one for one in told)
    assert not any(secret in one for one in told)


def test_a_second_click_is_not_an_error(client, invite):  # noqa: F811
    _invitation, secret = invite()
    url = reverse("directory:invitation", args=[secret])
    given = {"name": "Ada", "language": "en", "password": ""}
    client.post(url, given)
    again = client.post(url, given, follow=True)
    assert again.status_code == 200
    assert User.objects.count() == 1
    gone = client.get(url)
    assert gone.status_code == 410
    parsed(gone)


def test_a_weak_password_is_refused_and_the_invitation_stays_open(client, invite):  # noqa: F811
    invitation, secret = invite()
    url = reverse("directory:invitation", args=[secret])
    page = client.post(url, {"name": "Ada", "language": "en", "password": "password"})
    assert page.context["form"].errors["password"]
    invitation.refresh_from_db()
    assert invitation.is_open


def test_a_known_account_is_never_signed_in_by_the_link(client, invite):  # noqa: F811
    user = UserFactory(email="ada@example.org", language="en")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    _invitation, secret = invite()
    with override("en"):
        url = reverse("directory:invitation", args=[secret])
        assert "name" not in client.get(url).context["form"].fields
        answer = client.post(url, {})
        assert answer.url.startswith(reverse("account_login"))
    assert signed_in_as(client) is None
    assert User.objects.get(pk=user.pk).holds(Role.ADVISOR)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withdrawn_or_unknown_link_says_so(client, invite, language):  # noqa: F811
    invitation, secret = invite()
    withdraw_invitation(invitation_id=invitation.pk)
    for link in (secret, "unknown"):
        with override(language):
            page = client.get(reverse("directory:invitation", args=[link]))
        assert page.status_code == 410
        assert parsed(page).attrib["lang"] == language
    assert client.post(reverse("directory:invitation", args=[secret]), {}).status_code == 410
    assert not User.objects.exists()


def test_an_invitation_opened_in_somebody_elses_session_ends_that_session(
    client,
    ada,
    invite,  # noqa: F811
):
    _invitation, secret = invite(email="grace@example.org")
    url = reverse("directory:invitation", args=[secret])
    client.post(url, {"name": "Grace", "language": "en", "password": ""})
    assert signed_in_as(client) == str(User.objects.get(email="grace@example.org").pk)
