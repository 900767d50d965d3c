"""Reading settings from the environment, with clear refusals."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

_detached = False


def detach() -> None:
    """Read the settings for a command that needs neither the database nor the instance's folder:
    no server is started, no secret is kept."""
    global _detached
    _detached = True


def text(name: str, default: str) -> str:
    return os.environ.get(name, default)


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
    try:
        return int(given)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {given!r}; write a whole number") from error


def listed(name: str, default: list[str]) -> list[str]:
    """Items separated by commas."""
    given = os.environ.get(name, "")
    return [item.strip() for item in given.split(",") if item.strip()] or default


def secret(name: str, kept_in: Path) -> str:
    """The secret of that name; without it, one that is made once and kept in a private file."""
    if given := os.environ.get(name):
        return given
    if _detached:
        return secrets.token_urlsafe(50)
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
    from psycopg.conninfo import conninfo_to_dict

    parts = dict(conninfo_to_dict(url))
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
