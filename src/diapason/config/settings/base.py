"""Settings that every way of running shares. Each one that an operator may change is read from
the environment and explained in docs/operating.md."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from diapason import __version__
from diapason.config.environment import (
    chosen,
    currency,
    database,
    file_storage,
    flag,
    home,
    listed,
    mail_server,
    mapping,
    number,
    origins,
    secret,
    text,
    zone,
)

PACKAGE = Path(__file__).resolve().parents[2]
HOME = home()

# Names this version of the program wherever something is kept that a new version must not reuse.
RELEASE = __version__
DEBUG = flag("DIAPASON_DEBUG", default=False)
DEMONSTRATION = flag("DIAPASON_DEMONSTRATION", default=False)
DEMONSTRATION_DAY = text("DIAPASON_TODAY", "")
SECRET_KEY = secret("DIAPASON_SECRET_KEY", HOME / "secret-key")
ALLOWED_HOSTS = listed("DIAPASON_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = origins("DIAPASON_ORIGINS")
# How many proxies of our own stand before the program, so that it believes their last words only.
TRUSTED_PROXIES = number("DIAPASON_PROXIES", 0)
BASE_URL = text("DIAPASON_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "rules",
    "django_htmx",
    "django_filters",
    "diapason.kernel",
    "diapason.ui",
    # Behind `ui`, which draws some of its templates.
    "django.forms",
    "diapason.directory",
    "diapason.plan",
    "diapason.desk",
    "diapason.observatory",
    "diapason.site",
    # After the rooms, whose templates and words stand in for its own.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "diapason.kernel.addresses.LegibleAddresses",
    "diapason.kernel.changes.OneMoment",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "diapason.kernel.pages.PrivateAnswers",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "diapason.kernel.audit.AuditMiddleware",
]

ROOT_URLCONF = "diapason.config.urls"
WSGI_APPLICATION = "diapason.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "diapason.site.queries.shell",
            ],
        },
    }
]

DATABASES = {"default": database("DATABASE_URL", embedded=HOME / "postgres")}
DATABASES["default"]["CONN_MAX_AGE"] = number("DIAPASON_DATABASE_KEPT_OPEN", 60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}

# Whether a kept page that reads a table which it does not name is a fault: in tests.
CHECK_KEPT_PAGES = False

AUTH_USER_MODEL = "directory.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# An account: an e-mail address, proved by a code. No password at sign-up, so that nobody can lay
# one on somebody else's address and wait; it is added afterwards, as a passkey is.
SIGN_UP_OPEN = flag("DIAPASON_SIGN_UP", default=True)
ACCOUNT_ADAPTER = "diapason.directory.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {
    name: f"diapason.directory.adapters.{form}"
    for name, form in {
        "login": "SignInForm",
        "signup": "SignUpForm",
        "request_login_code": "CodeRequestForm",
        "confirm_login_code": "CodeForm",
        "confirm_email_verification_code": "VerificationCodeForm",
        "confirm_password_reset_code": "ResetCodeForm",
        "reset_password": "ResetForm",
        "reset_password_from_key": "NewPasswordForm",
        "add_email": "NewAddressForm",
        "change_password": "ChangedPasswordForm",
        "set_password": "AddedPasswordForm",
        "reauthenticate": "ProofForm",
    }.items()
}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "diapason.directory.forms.SignUpForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
# The API's limits too: else whoever invents X-Forwarded-For is somebody new at each request.
NINJA_NUM_PROXIES = TRUSTED_PROXIES
MFA_ADAPTER = "diapason.directory.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A telephone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey alone signs in: the device must check the person, not only their presence.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/my-day/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
TIME_ZONE = zone("DIAPASON_TIME_ZONE", "Europe/Paris")
# Ours before Django's: the same words are said our way on every page.
LOCALE_PATHS = sorted(PACKAGE.glob("*/locale"))
USE_I18N = True
FORMAT_MODULE_PATH = ["diapason.config.formats"]
USE_TZ = True
CURRENCY = currency("DIAPASON_CURRENCY", "EUR")

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [PACKAGE / "ui" / "dist"]
MEDIA_ROOT = HOME / "files"
STORAGES = {
    "default": file_storage("DIAPASON_S3_"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Letters are printed until a mail server is named, or another way of sending chosen.
EMAIL_TIMEOUT = 20
_mail_server = mail_server("DIAPASON_SMTP_")
if _mail_server:
    EMAIL_HOST = _mail_server.host
    EMAIL_PORT = _mail_server.port
    EMAIL_HOST_USER = _mail_server.user
    EMAIL_HOST_PASSWORD = _mail_server.password
    EMAIL_USE_TLS = _mail_server.security == "starttls"
    EMAIL_USE_SSL = _mail_server.security == "tls"
EMAIL_BACKEND = text(
    "DIAPASON_MAIL_BACKEND",
    f"django.core.mail.backends.{'smtp' if _mail_server else 'console'}.EmailBackend",
)
DEFAULT_FROM_EMAIL = text("DIAPASON_MAIL_FROM", "Diapason <diapason@localhost>")

# What a mail service of django-anymail needs ({"MAILGUN_API_KEY": "…"}), as JSON.
ANYMAIL = mapping("DIAPASON_MAIL_SERVICE")

# Jobs that succeeded go at once: their arguments may hold addresses.
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Served over TLS by a proxy, which overwrites X-Forwarded-Proto: then, and only then, browsers are
# told to insist on TLS.
TLS = flag("DIAPASON_TLS", default=False)
if TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
SESSION_COOKIE_SECURE = TLS
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_HTTPONLY = True
# Browsers allow passkeys without TLS on this very machine only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

FORM_RENDERER = "diapason.ui.forms.FormRenderer"
CSRF_FAILURE_VIEW = "diapason.ui.views.csrf_failure"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_LOG_LEVEL = chosen("DIAPASON_LOG_LEVEL", ("warning", "debug", "info", "error", "critical"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "diapason.config.logs.WithoutSecrets"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "filters": ["secrets"],
        }
    },
    "root": {"handlers": ["stderr"], "level": _LOG_LEVEL.upper()},
}

os.environ.setdefault("LC_ALL", "C.UTF-8")
