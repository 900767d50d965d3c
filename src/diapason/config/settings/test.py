"""Settings of the tests: fast hashing, plain static files, mail kept in memory."""

from diapason.config.settings.base import *  # noqa: F403
from diapason.config.settings.base import STORAGES

SECRET_KEY = "only-for-tests"  # noqa: S105 - guards nothing
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
