"""Settings as a program meets them: read once, from the environment it was started in."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.config.program import Program

SHOW = """
import json, sys
from diapason.config import environment
environment.detach()
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))
"""
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def settings_of(program: Program, *names: str, **told: str) -> dict[str, object]:
    told["DJANGO_SETTINGS_MODULE"] = "diapason.config.settings.base"
    done = subprocess.run(
        [sys.executable, "-c", SHOW, *names],
        env=program.environment(**told),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


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
    found = settings_of(Program(tmp_path), "EMAIL_BACKEND", **told)
    assert found["EMAIL_BACKEND"] == backend


def test_a_mail_server_is_reached_as_told(tmp_path):
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
    told = {"HOST": "mail.example.org", "SECURITY": "tls", "USER": "diapason", "PASSWORD": "p"}
    found = settings_of(
        Program(tmp_path), *names, **{f"DIAPASON_SMTP_{name}": said for name, said in told.items()}
    )
    assert found == {
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_PORT": 465,
        "EMAIL_HOST_USER": "diapason",
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": True,
    }


def test_files_go_to_the_bucket_that_is_told(tmp_path):
    found = settings_of(Program(tmp_path), "STORAGES", DIAPASON_S3_BUCKET="papers")
    assert found["STORAGES"]["default"]["OPTIONS"]["bucket_name"] == "papers"
