"""A passkey, from adding it to signing in with it, under the strict content policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Browser, Page

from tests.browser.conftest import watched
from tests.directory.factories import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a sentence that is long enough"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    cache.clear()
    with browser.new_context() as context:
        page = context.new_page()
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        yield page


def test_a_passkey_is_added_and_then_signs_in_by_itself(page, live_server):
    complaints = watched(page)
    user = UserFactory(email="ada@example.org", language="en")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    page.goto(f"{live_server.url}/en/accounts/login/?next=/en/accounts/2fa/webauthn/add/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.get_by_label("Password").fill(PASSWORD)  # who one is, again, before changing it
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="My recovery codes").wait_for()
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count() == 1

    page.goto(f"{live_server.url}/en/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{live_server.url}/en/accounts/login/?next=/en/account/")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="My account").wait_for()
    assert complaints == []
