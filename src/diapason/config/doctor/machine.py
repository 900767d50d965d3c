"""The machine and the settings: folders, disk, secret, languages, files, addresses, mail."""

from __future__ import annotations

import os
import platform
import shutil
import smtplib
import sys
import tempfile
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import get_connection

from diapason.config import preparing
from diapason.config.doctor.findings import Finding, fault, good, warning
from diapason.config.failures import Failure

OLDEST_PYTHON = (3, 11)
LITTLE_DISK = 1_000_000_000  # bytes
NO_DISK = 100_000_000  # bytes
_LOCAL = {"127.0.0.1", "localhost", "[::1]", "::1"}


def python() -> Finding:
    """The version of Python."""
    found = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        return fault(
            "python",
            _("Python is %s.") % found,
            _("Install Python 3.11 or later, then run `make setup`."),
        )
    return good("python", _("Python is %s.") % found)


def folders() -> Iterator[Finding]:
    """Whether the instance may write where it keeps its things."""
    for folder in (Path(settings.HOME), Path(settings.MEDIA_ROOT), Path(settings.STATIC_ROOT)):
        nearest = next(each for each in (folder, *folder.parents) if each.exists())
        try:
            with tempfile.TemporaryFile(dir=nearest):
                pass
        except OSError as error:
            yield fault(
                "folders",
                _("%(folder)s cannot be written to: %(reason)s.")
                % {"folder": nearest, "reason": error.strerror},
                _("Give this user the right to write there, or choose another DIAPASON_HOME."),
            )
            return
    yield good("folders", _("%s can be written to.") % settings.HOME)


def disk() -> Iterator[Finding]:
    """What is left on the disk of the instance's folder."""
    folder = Path(settings.HOME)
    nearest = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(nearest).free
    said = _("%(size)d MB are free on the disk of %(folder)s.") % {
        "size": free // 1_000_000,
        "folder": folder,
    }
    mend = _("Make room: a full disk stops every write.")
    if free < NO_DISK:
        yield fault("disk", said, mend)
    elif free < LITTLE_DISK:
        yield warning("disk", said, mend)
    else:
        yield good("disk", said)


def secret_key() -> Iterator[Finding]:
    """Whether the secret key is long, and kept from other users."""
    path = Path(settings.HOME) / "secret-key"
    if not os.environ.get("DIAPASON_SECRET_KEY") and path.exists():
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            yield fault(
                "secret",
                _("Other users of this machine can read the secret key (%s).") % path,
                _(
                    "Run `chmod 600 %s`; if somebody may have read it, delete it instead: a new "
                    "one is made, and everybody signs in again."
                )
                % path,
            )
            return
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 5:
        yield fault(
            "secret",
            _("The secret key is too short to be secret."),
            _("Remove DIAPASON_SECRET_KEY to have one made, or give 50 random signs."),
        )
        return
    yield good("secret", _("The secret key is private."))


def catalogues() -> Iterator[Finding]:
    """Whether every translation is compiled."""
    for catalogue in sorted(Path(settings.PACKAGE).rglob("locale/*/LC_MESSAGES/*.po")):
        made = catalogue.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < catalogue.stat().st_mtime:
            yield fault(
                "translations",
                _("The translations of %s are not compiled.") % catalogue.parents[2].parent.name,
                _("Run `make setup`."),
            )
            return
    yield good("translations", _("The translations are compiled."))


def static_files() -> Iterator[Finding]:
    """Whether the front end is built and what is served is up to date."""
    try:
        preparing.check_front_end()
    except Failure:
        yield fault("static", _("The front end is not built."), _("Run `make setup`."))
        return
    if preparing.static_is_stale():
        yield warning(
            "static",
            _("The static files that are served are not those of the program."),
            _("Start `diapason serve` again: it collects them."),
        )
        return
    yield good("static", _("The static files are up to date."))


def addresses() -> Iterator[Finding]:
    """Whether the hosts, the public address and TLS fit together."""
    hosts = {host.lstrip(".") for host in settings.ALLOWED_HOSTS}
    public = urlsplit(settings.BASE_URL)
    name = public.hostname or ""
    local = name in _LOCAL
    troubles = []
    if "*" in hosts:
        troubles.append(
            fault(
                "addresses",
                _("Any host name is accepted."),
                _("List in DIAPASON_HOSTS the names under which the pages are served."),
            )
        )
    elif not any(name == host or name.endswith(f".{host}") for host in hosts):
        troubles.append(
            fault(
                "addresses",
                _("The public address %s is not among the hosts served.") % settings.BASE_URL,
                _("Add its name to DIAPASON_HOSTS, or correct DIAPASON_URL."),
            )
        )
    if settings.DEBUG and not local:
        troubles.append(
            fault(
                "addresses",
                _("Error pages show the program's inside to anybody."),
                _("Remove DIAPASON_DEBUG."),
            )
        )
    if not local and public.scheme == "https" and not settings.TLS:
        troubles.append(
            fault(
                "addresses",
                _("The public address is https, and the program does not know it."),
                _("Set DIAPASON_TLS=1 behind a proxy that sets X-Forwarded-Proto."),
            )
        )
    if not local and public.scheme != "https":
        troubles.append(
            fault(
                "addresses",
                _("Passwords travel in the clear to %s.") % settings.BASE_URL,
                _("Serve over TLS: DIAPASON_URL=https://… and DIAPASON_TLS=1."),
            )
        )
    yield from troubles or [good("addresses", _("Served at %s.") % settings.BASE_URL)]


def files() -> Iterator[Finding]:
    """Whether the bucket answers, where files are kept in one."""
    kept = settings.STORAGES["default"]
    if not kept["BACKEND"].endswith("S3Storage"):
        return
    from botocore.exceptions import BotoCoreError, ClientError

    bucket = kept["OPTIONS"]["bucket_name"]
    try:
        default_storage.listdir("files")
    except (BotoCoreError, ClientError) as error:
        yield fault(
            "files",
            _("The bucket %(bucket)s cannot be read: %(reason)s.")
            % {"bucket": bucket, "reason": str(error).rstrip(".")},
            _("Check the settings DIAPASON_S3_… in docs/operating.md, and the rights of the key."),
        )
        return
    yield good("files", _("Files are kept in the bucket %s.") % bucket)


def mail() -> Iterator[Finding]:
    """Whether letters can leave."""
    backend = settings.EMAIL_BACKEND
    if settings.DEMONSTRATION:
        yield good("mail", _("A demonstration sends no letters."))
        return
    if backend.endswith("console.EmailBackend"):
        yield warning(
            "mail",
            _("Letters are only printed, and sent to nobody."),
            _("Choose how to send them: see DIAPASON_SMTP_HOST in docs/operating.md."),
        )
        return
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("@localhost"):
        yield fault(
            "mail",
            _("Letters would come from %s.") % settings.DEFAULT_FROM_EMAIL,
            _("Set DIAPASON_MAIL_FROM to an address of yours."),
        )
        return
    if backend.endswith("smtp.EmailBackend"):
        try:
            opened = get_connection(timeout=5)
            opened.open()
            opened.close()
        except (OSError, smtplib.SMTPException) as error:
            yield fault(
                "mail",
                _("The mail server does not answer: %s.") % str(error).rstrip("."),
                _("Check the mail settings in docs/operating.md."),
            )
            return
    yield good("mail", _("Letters leave from %s.") % settings.DEFAULT_FROM_EMAIL)
