"""What the environment says, read into settings; what it cannot mean, refused by name."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from diapason.config import environment
from tests.config.bucket import serving

FOLDER = {"BACKEND": "django.core.files.storage.FileSystemStorage"}


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch):
    """Whatever the machine of the tests says about these names is unsaid."""
    monkeypatch.delenv("DIAPASON_MAIL_SERVICE", raising=False)
    for kind in ("SMTP", "S3"):
        for name in (
            "HOST", "PORT", "USER", "PASSWORD", "SECURITY",
            "BUCKET", "ENDPOINT", "REGION", "KEY", "SECRET",
        ):  # fmt: skip
            monkeypatch.delenv(f"DIAPASON_{kind}_{name}", raising=False)


def test_an_empty_text_is_no_text(monkeypatch):
    monkeypatch.setenv("DIAPASON_URL", "")
    assert environment.text("DIAPASON_URL", "http://here") == "http://here"
    monkeypatch.setenv("DIAPASON_URL", "https://there")
    assert environment.text("DIAPASON_URL", "http://here") == "https://there"


@pytest.mark.parametrize(
    ("said", "meant"), [("1", True), ("Yes", True), ("0", False), ("off", False), (" ", True)]
)
def test_flags(monkeypatch, said, meant):
    monkeypatch.setenv("DIAPASON_TLS", said)
    assert environment.flag("DIAPASON_TLS", default=True) is meant


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda name: environment.flag(name, default=False), "perhaps"),
        (lambda name: environment.number(name, 1), "two"),
        (lambda name: environment.number(name, 1), "-1"),
        (lambda name: environment.zone(name, "Europe/Paris"), "Mars"),
        (lambda name: environment.currency(name, "EUR"), "euros"),
        (lambda name: environment.chosen(name, ("tls", "none")), "some"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(monkeypatch, read, said):
    monkeypatch.setenv("DIAPASON_ODD", said)
    with pytest.raises(ImproperlyConfigured, match=f"DIAPASON_ODD is '{said}'; write "):
        read("DIAPASON_ODD")


def test_names_and_values_as_json(monkeypatch):
    assert environment.mapping("DIAPASON_MAIL_SERVICE") == {}
    monkeypatch.setenv("DIAPASON_MAIL_SERVICE", '{"KEY": "v"}')
    assert environment.mapping("DIAPASON_MAIL_SERVICE") == {"KEY": "v"}


@pytest.mark.parametrize("said", ["{secret", "[1]", "null"])
def test_anything_else_is_refused_without_repeating_it(monkeypatch, said):
    monkeypatch.setenv("DIAPASON_MAIL_SERVICE", said)
    with pytest.raises(ImproperlyConfigured, match="MAIL_SERVICE is no JSON object") as refused:
        environment.mapping("DIAPASON_MAIL_SERVICE")
    assert "secret" not in str(refused.value)


def test_what_is_no_address_of_a_database_is_refused_without_repeating_it(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "mysql://me:secret@host/name")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL is no address") as refused:
        environment.database("DATABASE_URL", embedded=tmp_path)
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_origins_have_a_scheme(monkeypatch):
    monkeypatch.setenv("DIAPASON_ORIGINS", "https://a.example.org, http://b:8000")
    assert environment.origins("DIAPASON_ORIGINS") == ["https://a.example.org", "http://b:8000"]
    for said in ("a.example.org", "https://a.example.org/", "ftp://a.example.org"):
        monkeypatch.setenv("DIAPASON_ORIGINS", said)
        with pytest.raises(ImproperlyConfigured, match=r"ORIGINS .*; write https://a.example.org$"):
            environment.origins("DIAPASON_ORIGINS")


def test_a_home_that_cannot_be_made_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv("DIAPASON_SECRET_KEY", raising=False)
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match=r"DIAPASON_HOME cannot hold .*; make that"):
        environment.secret("DIAPASON_SECRET_KEY", tmp_path / "file" / "secret-key")


def test_no_mail_server():
    assert environment.mail_server("DIAPASON_SMTP_") is None


@pytest.mark.parametrize(
    ("security", "port"), [("", 587), ("starttls", 587), ("TLS", 465), ("none", 25)]
)
def test_a_mail_server_on_the_port_of_its_security(monkeypatch, security, port):
    monkeypatch.setenv("DIAPASON_SMTP_HOST", "mail.example.org")
    monkeypatch.setenv("DIAPASON_SMTP_SECURITY", security)
    found = environment.mail_server("DIAPASON_SMTP_")
    assert (found.host, found.port) == ("mail.example.org", port)
    assert found.security == (security.lower() or "starttls")


def test_a_mail_server_as_told(monkeypatch):
    for name, value in {"HOST": "h", "PORT": "2525", "USER": "u", "PASSWORD": "p"}.items():
        monkeypatch.setenv(f"DIAPASON_SMTP_{name}", value)
    assert environment.mail_server("DIAPASON_SMTP_") == environment.MailServer(
        host="h", port=2525, user="u", password="p", security="starttls"
    )


def test_files_stay_in_the_folder():
    assert environment.file_storage("DIAPASON_S3_") == FOLDER


def test_a_key_goes_with_its_secret(monkeypatch):
    monkeypatch.setenv("DIAPASON_S3_BUCKET", "files")
    monkeypatch.setenv("DIAPASON_S3_KEY", "k")
    with pytest.raises(ImproperlyConfigured, match="DIAPASON_S3_SECRET"):
        environment.file_storage("DIAPASON_S3_")


def test_files_kept_in_a_bucket(monkeypatch):
    with serving() as (address, held):
        told = {"BUCKET": "files", "ENDPOINT": address, "REGION": "here", "KEY": "k", "SECRET": "s"}
        for name, value in told.items():
            monkeypatch.setenv(f"DIAPASON_S3_{name}", value)
        storage = storages.create_storage(environment.file_storage("DIAPASON_S3_"))
        assert storage.save("files/ab/paper.pdf", ContentFile(b"first")) == "files/ab/paper.pdf"
        assert held == {"/files/files/ab/paper.pdf": b"first"}
        assert storage.save("files/ab/paper.pdf", ContentFile(b"other")) != "files/ab/paper.pdf"
        assert storage.open("files/ab/paper.pdf").read() == b"first"
        storage.delete("files/ab/paper.pdf")
        assert not storage.exists("files/ab/paper.pdf")
        with pytest.raises(FileNotFoundError):
            storage.open("files/ab/paper.pdf").read()
