"""Signing in, up and out: by code, by password, with a second factor; and saying to nobody which
addresses have an account."""

from __future__ import annotations

import re
import time
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.internal.constants import LoginStageKey
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import override

from diapason.directory.adapters import LETTERS
from diapason.directory.models import User
from tests.directory.factories import UserFactory
from tests.directory.pages import parsed, words

pytestmark = pytest.mark.django_db

PASSWORD = "a sentence that is long enough"
LANGUAGES = ("fr", "en")


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ada():
    user = UserFactory(email="ada@example.org", name="Ada", language="en")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def code_in(letter) -> str:
    return re.search(r"^(\d{6})$", letter.body, re.MULTILINE).group(1)


def signed_in_as(client) -> str | None:
    return client.session.get("_auth_user_id")


def test_a_code_by_mail_signs_in(client, ada):
    with override("fr"):
        asked = client.post(reverse("account_request_login_code"), {"email": ada.email})
        answer = client.post(asked.url, {"code": code_in(mail.outbox[-1])})
    assert signed_in_as(client) == str(ada.pk)
    assert answer.url == "/en/my-day/"  # the person's own language


def test_leaving_the_password_empty_asks_for_a_code(client, ada):
    asked = client.post(reverse("account_login"), {"login": ada.email, "password": ""})
    client.post(asked.url, {"code": code_in(mail.outbox[-1])})
    assert signed_in_as(client) == str(ada.pk)


def test_a_wrong_code_signs_nobody_in(client, ada):
    asked = client.post(reverse("account_request_login_code"), {"email": ada.email})
    right = code_in(mail.outbox[-1])
    answer = client.post(asked.url, {"code": "000000" if right != "000000" else "000001"})
    assert signed_in_as(client) is None
    assert parsed(answer) is not None


def test_a_password_signs_in_and_goes_where_one_was_going(client, ada):
    answer = client.post(
        reverse("account_login") + "?next=/plan/",
        {"login": "ADA@example.org", "password": PASSWORD, "next": "/plan/"},
    )
    assert answer.url == "/plan/"
    assert signed_in_as(client) == str(ada.pk)


def test_an_address_elsewhere_is_never_followed(client, ada):
    answer = client.post(
        reverse("account_login"),
        {"login": ada.email, "password": PASSWORD, "next": "https://elsewhere.example/"},
    )
    assert answer.url == "/en/my-day/"


def test_a_second_factor_is_asked_for_after_the_password(client, ada):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(ada, secret)
    answer = client.post(
        reverse("account_login"), {"login": ada.email, "password": PASSWORD}, follow=True
    )
    assert answer.redirect_chain[-1][0] == reverse(LoginStageKey.MFA_AUTHENTICATE)
    assert signed_in_as(client) is None
    parsed(answer)
    client.post(
        reverse("mfa_authenticate"),
        {
            "code": totp.format_hotp_value(
                totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time())))
            )
        },
    )
    assert signed_in_as(client) == str(ada.pk)


@pytest.mark.parametrize(("seconds", "in_time"), [(-30, True), (30, True), (-90, False)])
def test_a_telephone_may_be_half_a_minute_off(client, ada, seconds, in_time):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(ada, secret)
    client.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    counter = (int(time.time()) + seconds) // 30
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert signed_in_as(client) == (str(ada.pk) if in_time else None)


def test_a_closed_account_does_not_sign_in(client, ada):
    ada.is_active = False
    ada.save()
    client.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    assert signed_in_as(client) is None


def test_signing_up_takes_a_name_an_address_and_a_code(client):
    with override("en"):
        asked = client.post(
            reverse("account_signup"), {"name": "Grace Hopper", "email": "Grace@Example.org"}
        )
        assert signed_in_as(client) is None
        client.post(asked.url, {"code": code_in(mail.outbox[-1])})
    user = User.objects.get(email="grace@example.org")
    assert (user.name, user.language) == ("Grace Hopper", "en")
    assert not user.has_usable_password()
    assert not user.roles()
    assert signed_in_as(client) == str(user.pk)


def test_where_sign_up_is_closed_nobody_signs_up(client, settings):
    settings.SIGN_UP_OPEN = False
    answer = client.post(reverse("account_signup"), {"name": "Grace", "email": "grace@example.org"})
    assert not User.objects.exists()
    assert "invitation" in words(answer)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("account_request_login_code", {"email": "{}"}),
        ("account_reset_password", {"email": "{}"}),
        ("account_signup", {"name": "Somebody", "email": "{}"}),
        ("account_login", {"login": "{}", "password": "not the right password"}),
        ("account_login", {"login": "{}", "password": ""}),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_learns_whether_an_address_has_an_account(client, ada, name, fields, language):
    told = []
    for email in (ada.email, "nobody@example.org"):
        cache.clear()
        client.cookies.clear()
        given = {key: value.format(email) for key, value in fields.items()}
        with override(language):
            answer = client.post(reverse(name), given, follow=True)
        told.append(
            (
                answer.redirect_chain,
                answer.status_code,
                words(answer).replace(email, "ADDRESS"),
            )
        )
    assert told[0] == told[1]


def test_a_new_password_comes_after_a_code(client, ada):
    asked = client.post(reverse("account_reset_password"), {"email": ada.email})
    choose = client.post(asked.url, {"code": code_in(mail.outbox[-1])})
    client.post(choose.url, {"password1": "another long sentence", "password2": ""})
    client.post(
        choose.url,
        {"password1": "another long sentence", "password2": "another long sentence"},
    )
    ada.refresh_from_db()
    assert ada.check_password("another long sentence")
    assert mail.outbox[-1].subject == "Your password was changed"


def test_guessing_passwords_is_slowed_down(client, ada):
    for _attempt in range(6):
        client.post(reverse("account_login"), {"login": ada.email, "password": "wrong one"})
    client.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    assert signed_in_as(client) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_speak_the_language_of_their_reader(client, ada, language):
    User.objects.update(language=language)
    with override("fr" if language == "en" else "en"):
        client.post(reverse("account_request_login_code"), {"email": ada.email})
    letter = mail.outbox[-1]
    html = letter.alternatives[0].content
    assert f'lang="{language}"' in html
    assert ("Bonjour" in letter.body) == (language == "fr")
    assert code_in(letter) in letter.subject


def test_every_occasion_to_write_has_a_letter():
    templates = Path(allauth.__file__).parent / "templates"
    occasions = {
        str(path.relative_to(templates)).removesuffix("_subject.txt")
        for app in ("account", "mfa")
        for path in (templates / app / "email").glob("*_subject.txt")
    }
    by_link = {"account/email/password_reset_key"}  # codes stand in for it
    assert occasions - by_link == set(LETTERS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("occasion", sorted(LETTERS))
def test_every_letter_can_be_written(occasion, language):
    context = {
        "code": "123456",
        "signup_url": "https://example.org/signup/",
        "from_email": "old@example.org",
        "to_email": "new@example.org",
        "deleted_email": "old@example.org",
    }
    with override(language):
        letter = LETTERS[occasion](context)
        told = [str(letter.subject), *map(str, letter.paragraphs), str(letter.note)]
    assert all(told)
    assert not [text for text in told if "{" in text]


ENTRANCE = [
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_reset_password",
    "account_inactive",
]
OWN = [
    "account_logout",
    "account_email",
    "account_change_password",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_activate_totp",
    "account_reauthenticate",
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ENTRANCE)
def test_every_page_at_the_entrance_is_sound(client, name, language):
    with override(language):
        answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert parsed(answer).attrib["lang"] == language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", OWN)
def test_every_page_of_ones_own_sign_in_is_sound(client, ada, name, language):
    client.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    with override(language):
        answer = client.get(reverse(name))
        if name in {"mfa_add_webauthn", "mfa_activate_totp"}:  # asks who it is, again
            assert answer.url.startswith(reverse("account_reauthenticate"))
            client.post(answer.url, {"password": PASSWORD})
            answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert parsed(answer).attrib["lang"] == language


def test_no_letter_leads_where_the_asker_said(client):
    """The port of `Host` is the visitor's own word: links come from the settings alone."""
    client.post(
        reverse("account_request_login_code"),
        {"email": "nobody@example.org"},
        headers={"host": "localhost:6666"},
    )
    (letter,) = mail.outbox
    assert ":6666" not in letter.body
    assert settings.BASE_URL in letter.body
