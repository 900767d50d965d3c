"""Reading settings from the environment, with clear refusals."""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

_detached = False


def detach() -> None:
    """Read the settings for a command that needs neither the database nor the instance's folder:
    no server is started, no secret is kept."""
    global _detached
    _detached = True


def text(name: str, default: str) -> str:
    """What is said under that name; nothing, or an empty text, is the default."""
    return os.environ.get(name) or default


def home() -> Path:
    """Where this instance keeps its own things: the embedded database, files, the secret key."""
    return Path(text("DIAPASON_HOME", str(Path.cwd() / "var"))).resolve()


def flag(name: str, *, default: bool) -> bool:
    """Yes or no. Raises ImproperlyConfigured for anything else than 1/0, true/false, yes/no."""
    given = os.environ.get(name, "").strip().lower()
    if not given:
        return default
    if given in {"1", "true", "yes", "on"}:
        return True
    if given in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {given!r}; write 1 or 0")


def number(name: str, default: int) -> int:
    given = os.environ.get(name, "").strip()
    if not given:
        return default
    if not (given.isascii() and given.isdecimal()):
        raise ImproperlyConfigured(f"{name} is {given!r}; write a whole number, 0 or more")
    return int(given)


def zone(name: str, default: str) -> str:
    """A time zone. Raises ImproperlyConfigured for one that nobody knows."""
    given = text(name, default)
    try:
        ZoneInfo(given)
    except (KeyError, ValueError, OSError) as error:
        raise ImproperlyConfigured(f"{name} is {given!r}; write one such as {default}") from error
    return given


def currency(name: str, default: str) -> str:
    """The code of a currency. Raises ImproperlyConfigured for what cannot be one."""
    given = text(name, default)
    if not re.fullmatch("[A-Z]{3}", given):
        raise ImproperlyConfigured(f"{name} is {given!r}; write three letters such as {default}")
    return given


def listed(name: str, default: list[str]) -> list[str]:
    """Items separated by commas."""
    given = os.environ.get(name, "")
    return [item.strip() for item in given.split(",") if item.strip()] or default


def origins(name: str) -> list[str]:
    """Origins separated by commas. Raises ImproperlyConfigured for one without its scheme: no form
    sent from there would be accepted, and nobody would know why."""
    given = listed(name, [])
    for origin in given:
        if not re.fullmatch(r"https?://[^/\s]+", origin):
            raise ImproperlyConfigured(f"{name} has {origin!r}; write https://{_host(origin)}")
    return given


def _host(origin: str) -> str:
    return origin.split("://")[-1].split("/")[0]


def mapping(name: str) -> dict[str, Any]:
    """Names and values, as a JSON object; {} where nothing is said. Raises ImproperlyConfigured
    for anything else."""
    given = text(name, "{}")
    try:
        read = json.loads(given)
    except ValueError as error:
        read = error
    if not isinstance(read, dict):
        # What was said may hold a key: it is not repeated.
        raise ImproperlyConfigured(f'{name} is no JSON object; write {{"NAME": "value"}}')
    return read


def chosen(name: str, choices: tuple[str, ...]) -> str:
    """One of these words, the first where nothing is said. Raises ImproperlyConfigured for any
    other."""
    given = os.environ.get(name, "").strip().lower()
    if given and given not in choices:
        raise ImproperlyConfigured(f"{name} is {given!r}; write one of {', '.join(choices)}")
    return given or choices[0]


@dataclass(frozen=True)
class MailServer:
    """How to reach an SMTP server."""

    host: str
    port: int
    user: str
    password: str
    security: str


def mail_server(prefix: str) -> MailServer | None:
    """The SMTP server that `prefix` + HOST names, if any.

    SECURITY is starttls (asked for after connecting; by default on port 587), tls (from the first
    byte, 465) or none (25).
    """
    security = chosen(f"{prefix}SECURITY", ("starttls", "tls", "none"))
    host = text(f"{prefix}HOST", "")
    if not host:
        return None
    return MailServer(
        host=host,
        port=number(f"{prefix}PORT", {"starttls": 587, "tls": 465, "none": 25}[security]),
        user=text(f"{prefix}USER", ""),
        password=text(f"{prefix}PASSWORD", ""),
        security=security,
    )


def file_storage(prefix: str) -> dict[str, Any]:
    """Django's description of where files are kept: the bucket that `prefix` + BUCKET names, on
    any service that speaks S3; without it, the instance's folder.

    The bucket stays private: files leave it through the program alone. Raises
    ImproperlyConfigured for a key without its secret.
    """
    bucket = text(f"{prefix}BUCKET", "")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    key, secret_key = text(f"{prefix}KEY", ""), text(f"{prefix}SECRET", "")
    if bool(key) != bool(secret_key):
        raise ImproperlyConfigured(f"{prefix}KEY and {prefix}SECRET go together; write both")
    endpoint = text(f"{prefix}ENDPOINT", "")
    from botocore.config import Config  # heavy, and for instances with a bucket only

    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint or None,
            "region_name": text(f"{prefix}REGION", "") or None,
            # Without a key, the machine's own credentials are used.
            "access_key": key or None,
            "secret_key": secret_key or None,
            "client_config": Config(
                signature_version="s3v4",
                # Services other than Amazon's rarely give each bucket a name of its own.
                s3={"addressing_style": "path" if endpoint else "auto"},
                # A page waits for it: better a prompt fault than a process that hangs.
                connect_timeout=5,
                read_timeout=30,
                retries={"mode": "standard", "total_max_attempts": 3},
            ),
            "default_acl": None,
            "file_overwrite": False,
        },
    }


def secret(name: str, kept_in: Path) -> str:
    """The secret of that name; without it, one that is made once and kept in a private file."""
    if given := os.environ.get(name):
        return given
    if _detached:
        return secrets.token_urlsafe(50)
    try:
        return _kept_secret(kept_in)
    except OSError as error:
        raise ImproperlyConfigured(
            f"DIAPASON_HOME cannot hold {kept_in} ({error.strerror}); make that folder and give it "
            "to this user, or name another"
        ) from error


def _kept_secret(kept_in: Path) -> str:
    try:
        return kept_in.read_text().strip()
    except FileNotFoundError:
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        made = secrets.token_urlsafe(50)
        try:
            descriptor = os.open(kept_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process made it meanwhile
            return kept_in.read_text().strip()
        with os.fdopen(descriptor, "w") as file:
            file.write(made)
        return made


def database(name: str, *, embedded: Path) -> dict[str, Any]:
    """Django's description of the database that `name` addresses; without it, of a PostgreSQL
    server of our own that keeps its data in the folder `embedded` and is started when needed."""
    url = os.environ.get(name, "")
    if _detached:
        url = "postgresql:///nowhere?host=/nowhere"
    elif not url:
        from diapason.kernel.postgres import ensure_server

        url = ensure_server(embedded)
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = dict(conninfo_to_dict(url))
    except ProgrammingError:
        # Neither what was said, which may hold a password, nor the error, which repeats it.
        raise ImproperlyConfigured(
            f"{name} is no address of a database; write postgresql://user:password@host:port/name"
        ) from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": parts,
        "ATOMIC_REQUESTS": False,
    }
