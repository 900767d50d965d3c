"""How django-allauth speaks and decides here."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from diapason.directory.actions.letters import Letter, send_letter
from diapason.directory.models import User

_IGNORE = _("If you asked for nothing, ignore this letter: nobody gets in without the code.")
_NOT_YOU = _("If this was not you, sign in with a code and change how you sign in at once.")


def _code(subject: Any, paragraph: Any) -> Any:
    return lambda context: Letter(
        subject=format_lazy("{code} {subject}", code=context["code"], subject=subject),
        paragraphs=[paragraph],
        code=context["code"],
        note=_IGNORE,
    )


def _notice(subject: Any, paragraph: Any) -> Any:
    return lambda context: Letter(
        subject=subject,
        paragraphs=[format_lazy(paragraph, **_words(context))],
        note=_NOT_YOU,
    )


def _words(context: dict[str, Any]) -> dict[str, str]:
    names = ("from_email", "to_email", "deleted_email")
    return {name: str(context.get(name, "")) for name in names}


_CONFIRM = _code(
    _("is your code to confirm your address"),
    _("Type this code in the page that you left open, to confirm your e-mail address."),
)
# One letter for each occasion on which django-allauth writes to somebody.
LETTERS: dict[str, Any] = {
    "account/email/login_code": _code(
        _("is your sign-in code"),
        _("Type this code in the page that you left open, to sign in."),
    ),
    "account/email/email_confirmation": _CONFIRM,
    "account/email/email_confirmation_signup": _CONFIRM,
    "account/email/password_reset_code": _code(
        _("is your code to choose a new password"),
        _("Type this code in the page that you left open, then choose a new password."),
    ),
    "account/email/unknown_account": lambda context: Letter(
        subject=_("No account for this address"),
        paragraphs=[
            _(
                "Somebody, probably you, tried to sign in with this address. It has no account "
                "here."
            ),
        ],
        step=_("Create an account"),
        url=_address("account_signup"),
        note=_("Did you use another address? If you asked for nothing, ignore this letter."),
    ),
    "account/email/account_already_exists": lambda context: Letter(
        subject=_("You already have an account"),
        paragraphs=[
            _(
                "Somebody, probably you, tried to create an account with this address. There is "
                "one already: no need for another."
            ),
        ],
        step=_("Sign in with a code"),
        url=_address("account_request_login_code"),
        note=_("If you asked for nothing, ignore this letter."),
    ),
    "account/email/password_changed": _notice(
        _("Your password was changed"), _("The password of your account was just changed.")
    ),
    "account/email/password_set": _notice(
        _("Your account has a password"), _("A password was just added to your account.")
    ),
    "account/email/password_reset": _notice(
        _("Your password was changed"), _("You just chose a new password for your account.")
    ),
    "account/email/email_changed": _notice(
        _("Your e-mail address was changed"),
        _("The address of your account was {from_email}; it is now {to_email}."),
    ),
    "account/email/email_confirm": _notice(
        _("Your e-mail address is confirmed"), _("The address of your account is confirmed.")
    ),
    "account/email/email_deleted": _notice(
        _("An e-mail address was removed"),
        _("The address {deleted_email} was removed from your account."),
    ),
    "mfa/email/recovery_codes_generated": _notice(
        _("New recovery codes"), _("New recovery codes were just made for your account.")
    ),
    "mfa/email/totp_activated": _notice(
        _("Second factor added"),
        _("From now on, signing in also asks for the code of your authenticator app."),
    ),
    "mfa/email/totp_deactivated": _notice(
        _("Second factor removed"), _("Signing in no longer asks for an authenticator app.")
    ),
    "mfa/email/webauthn_added": _notice(
        _("Passkey added"), _("A passkey was just added to your account.")
    ),
    "mfa/email/webauthn_removed": _notice(
        _("Passkey removed"), _("A passkey was just removed from your account.")
    ),
}


def _address(name: str) -> str:
    return settings.BASE_URL.rstrip("/") + reverse(name)


def in_language(path: str, language: str) -> str:
    """The address of a page of ours, written without prefix, in a language."""
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"


class AccountAdapter(DefaultAccountAdapter):
    """Our letters; open sign-up by setting; after signing in, the reader's own language."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGN_UP_OPEN

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        person = User.objects.filter(email__iexact=email).only("language").first()
        language = person.language if person else translation.get_language()
        with translation.override(language):
            letter = LETTERS[template_prefix](context)
        send_letter(letter, to=email, language=language)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return in_language(settings.LOGIN_REDIRECT_URL, request.user.language)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return in_language(settings.LOGOUT_REDIRECT_URL, translation.get_language() or "")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("directory:account")


class _OurWords:
    """Labels that say what the rest of the product says; no placeholder that repeats them."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in {"login", "email"}:
                field.label = _("E-mail address")
            if name == "code":
                field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class SignInForm(_OurWords, forms.LoginForm):
    """One door for everybody: with a password, or without it by a code sent at once."""

    def _setup_password_field(self) -> None:
        self.fields["password"].required = False
        self.fields["password"].help_text = _("Leave it empty to receive a code by e-mail.")


class SignUpForm(_OurWords, forms.SignupForm):
    pass


class CodeRequestForm(_OurWords, forms.RequestLoginCodeForm):
    pass


class CodeForm(_OurWords, forms.ConfirmLoginCodeForm):
    pass


class VerificationCodeForm(_OurWords, forms.ConfirmEmailVerificationCodeForm):
    pass


class ResetCodeForm(_OurWords, forms.ConfirmPasswordResetCodeForm):
    pass


class ResetForm(_OurWords, forms.ResetPasswordForm):
    pass


class NewAddressForm(_OurWords, forms.AddEmailForm):
    pass


class NewPasswordForm(_OurWords, forms.ResetPasswordKeyForm):
    pass


class AddedPasswordForm(_OurWords, forms.SetPasswordForm):
    pass


class ChangedPasswordForm(_OurWords, forms.ChangePasswordForm):
    pass


class ProofForm(_OurWords, forms.ReauthenticateForm):
    pass


class SecondFactorAdapter(DefaultMFAAdapter):
    """The name under which authenticator apps and passkeys file this instance."""

    def get_totp_issuer(self) -> str:
        return "Diapason"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Diapason"}
