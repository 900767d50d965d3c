"""The settings that every way of running shares."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.module_loading import import_string

SHOW = """
import json, sys
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""

SMTP = "django.core.mail.backends.smtp.EmailBackend"


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


def settings_of(home: Path, *names: str, **told: str) -> dict[str, object]:
    shown = run("-c", SHOW, *names, home=str(home), **told)
    assert shown.returncode == 0, shown.stderr
    return json.loads(shown.stdout)


@pytest.mark.parametrize(
    ("told", "backend"),
    [
        ({}, "django.core.mail.backends.console.EmailBackend"),
        ({"DIAPASON_SMTP_HOST": "mail.example.org"}, SMTP),
        (
            {"DIAPASON_MAIL_BACKEND": "anymail.backends.brevo.EmailBackend"},
            "anymail.backends.brevo.EmailBackend",
        ),
    ],
)
def test_letters_leave_the_way_that_is_told(tmp_path, told, backend):
    found = settings_of(tmp_path, "EMAIL_BACKEND", **told)
    assert found["EMAIL_BACKEND"] == backend


def test_a_mail_server_is_reached_as_told(tmp_path):
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
    told = {"HOST": "mail.example.org", "SECURITY": "tls", "USER": "diapason", "PASSWORD": "p"}
    found = settings_of(
        tmp_path, *names, **{f"DIAPASON_SMTP_{name}": said for name, said in told.items()}
    )
    assert found == {
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_PORT": 465,
        "EMAIL_HOST_USER": "diapason",
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": True,
    }


def test_files_go_to_the_bucket_that_is_told(tmp_path):
    found = settings_of(tmp_path, "STORAGES", DIAPASON_S3_BUCKET="papers")
    assert found["STORAGES"]["default"]["OPTIONS"]["bucket_name"] == "papers"


@pytest.mark.django_db
def test_the_log_tells_what_went_wrong_without_the_secret_of_a_personal_link(
    client: Client, settings: Any
) -> None:
    secret, told = "0" * 64, io.StringIO()
    handler = logging.StreamHandler(told)
    for name in settings.LOGGING["handlers"]["stderr"]["filters"]:
        handler.addFilter(import_string(settings.LOGGING["filters"][name]["()"])())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        assert client.get(f"/project/{secret}/").status_code == 404
        assert client.get("/nowhere/").status_code == 404
    finally:
        logger.removeHandler(handler)
    assert "/project/…/" in told.getvalue()
    assert secret not in told.getvalue()
    assert "/nowhere/" in told.getvalue()
