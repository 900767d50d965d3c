"""Settings of the tests: fast hashing, plain static files, mail kept in memory."""

import os
from pathlib import Path

from diapason.kernel.postgres import ensure_server

# A home and a server of their own, so that tests never meet the data of whoever tries the
# program here. What protects data from a power cut is given up for speed.
os.environ.setdefault("DIAPASON_HOME", str(Path.cwd() / "var" / "test"))
# Each process of a parallel run keeps its files apart; they share the server, not the database.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["DIAPASON_HOME"] = str(Path(os.environ["DIAPASON_HOME"]) / worker)
if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = ensure_server(
        Path(os.environ["DIAPASON_HOME"]) / "postgres", durable=False
    )

from diapason.config.settings.base import *  # noqa: F403
from diapason.config.settings.base import STORAGES

SECRET_KEY = "only-for-tests"  # noqa: S105 - guards nothing
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
CHECK_KEPT_PAGES = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
