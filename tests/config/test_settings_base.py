"""The settings that every way of running shares."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def run(*arguments: str, home: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Django with the real settings and these variables."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "diapason.config.settings.base",
        "DIAPASON_HOME": home,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",  # nothing here asks a database
        **variables,
    }
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_behind_tls_the_deployment_check_finds_nothing(tmp_path):
    found = run(
        "-m",
        "django",
        "check",
        "--deploy",
        "--fail-level=WARNING",
        home=str(tmp_path),
        DIAPASON_TLS="1",
        DIAPASON_HOSTS="diapason.example",
    )
    told = found.stdout + found.stderr
    assert "System check identified" in told, told
    assert "security." not in told, told


@pytest.mark.parametrize(
    ("tls", "expected"),
    [
        ("1", "__Host-session True True True False False"),
        ("0", "sessionid False False False False True"),
    ],
)
def test_cookies_and_passkeys_are_bound_to_tls_where_it_is_there(tmp_path, tls, expected):
    shown = run(
        "-c",
        "import django; django.setup(); from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " bool(s.SECURE_HSTS_SECONDS), s.DEMONSTRATION, s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN)",
        home=str(tmp_path),
        DIAPASON_TLS=tls,
    )
    assert shown.stdout.strip() == expected, shown.stderr
