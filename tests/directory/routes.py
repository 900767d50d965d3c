"""How to ask for the pages of accounts, ours and those of the package that signs people in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from diapason.directory.contracts import Role
from diapason.directory.models import ApiToken, Invitation
from diapason.kernel.links import digest
from diapason.kernel.permissions import PUBLIC, SIGNED_IN
from tests.directory.factories import (
    SIREN,
    ActivityFactory,
    CommuneFactory,
    ContactFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.trust.examples import Example

SECRET = "the-secret-of-an-invitation"


def _invitation(secret: str) -> Invitation:
    return Invitation.objects.create(
        email=f"{secret}@example.org",
        organisation=OrganisationFactory(),
        role=Role.ADVISOR,
        token_hash=digest(secret),
        expires_at=timezone.now() + timedelta(days=7),
    )


def _token(organisation: Any, number: int = 0) -> ApiToken:
    return ApiToken.objects.create(
        organisation=organisation,
        name=f"Token {ApiToken.objects.count()}",
        token_hash=digest(f"token {ApiToken.objects.count()}"),
    )


def _credential(number: int) -> dict[str, Any]:
    """What a browser hands over when somebody adds a passkey."""
    secret = ec.derive_private_key(1000 + number, ec.SECP256R1())
    identity = number.to_bytes(16, "big")
    key = AttestedCredentialData.create(
        bytes(16), identity, ES256.from_cryptography_key(secret.public_key())
    )
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    made = AuthenticatorData.create(bytes(32), flags, 0, key)
    client = CollectedClientData.create("webauthn.create", bytes(16), "http://testserver")
    return {
        "id": websafe_encode(identity),
        "rawId": websafe_encode(identity),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", made, {})),
        },
        "clientExtensionResults": {},
    }


def _key(person: Any) -> Authenticator:
    return Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.WEBAUTHN,
        data={
            "name": f"Key of {person.pk}",
            "passwordless": True,
            "credential": _credential(person.pk),
        },
    )


def furnish(world: Any, size: int) -> None:
    if not hasattr(world, "invitation"):
        world.invitation = _invitation(SECRET)
        for person in [*filter(None, world.people.values()), world.stranger]:
            EmailAddress.objects.create(
                user=person, email=person.email, verified=True, primary=True
            )
        world.keys = {person.pk: _key(person) for person in [*filter(None, world.people.values())]}
        world.strangers_key = _key(world.stranger)
        # Some have a second factor, so that its pages are seen both ways.
        for role in (Role.PROGRAMME_MANAGER, Role.OPERATOR):
            TOTP.activate(world.people[role], generate_totp_secret())
            RecoveryCodes.activate(world.people[role])
        world.membership = MembershipFactory(role=Role.JUROR)
        world.tokens = {
            person.pk: _token(held.organisation)
            for person in filter(None, world.people.values())
            for held in MembershipFactory._meta.model.objects.filter(user=person)
        }
        world.strangers_token = _token(OrganisationFactory())
        head = OrganisationFactory()
        world.structure = OrganisationFactory(
            code="structure", listed=True, siren=SIREN, group=head, commune=CommuneFactory()
        )
        world.duplicate = OrganisationFactory(merged_into=world.structure)
        world.contact = ContactFactory(organisation=world.structure)
        return
    for number in range(size):
        commune, activity = CommuneFactory(), ActivityFactory()
        OrganisationFactory(
            listed=True, commune=commune, activity=activity, group=world.structure.group
        )
        OrganisationFactory(merged_into=world.structure)
        MembershipFactory(organisation=world.structure)
        ContactFactory(organisation=world.structure, name_public_on=date(2020, 1, 1))
        _invitation(f"secret-{Invitation.objects.count()}")
        MembershipFactory(user=UserFactory(), role=Role.ADVISOR)
        for person in filter(None, world.people.values()):
            held = MembershipFactory(user=person, role=Role.MEMBER)
            _token(held.organisation, number)


OPERATORS_SEE_ALL = "operators look after every account of the instance"

STAFF_SEE_ALL = "staff look after the directory of the whole territory"

# Who has no second factor has no page about it.
SECOND_FACTOR = Example(settled=frozenset({404}))

EXAMPLES = {
    "mfa_deactivate_totp": SECOND_FACTOR,
    "mfa_view_recovery_codes": SECOND_FACTOR,
    "mfa_download_recovery_codes": SECOND_FACTOR,
    "mfa_generate_recovery_codes": SECOND_FACTOR,
    "directory:invitation": Example(
        own=lambda world, person: {"secret": SECRET},
        # A link that no longer works says so.
        gone=frozenset({410}),
    ),
    "directory:withdraw": Example(
        own=lambda world, person: {"pk": world.invitation.pk}, everybodys=OPERATORS_SEE_ALL
    ),
    "api:organisation": Example(own=lambda world, person: {"code": world.structure.code}),
    "directory:public": Example(own=lambda world, person: {"code": world.structure.code}),
    "directory:organisation": Example(
        own=lambda world, person: {"pk": world.structure.pk}, everybodys=STAFF_SEE_ALL
    ),
    "directory:organisation_edit": Example(
        own=lambda world, person: {"pk": world.structure.pk}, everybodys=STAFF_SEE_ALL
    ),
    "directory:contact_new": Example(
        own=lambda world, person: {"pk": world.structure.pk}, everybodys=STAFF_SEE_ALL
    ),
    "directory:contact": Example(
        own=lambda world, person: {"pk": world.contact.pk}, everybodys=STAFF_SEE_ALL
    ),
    "directory:contact_erase": Example(
        own=lambda world, person: {"pk": world.contact.pk}, everybodys=STAFF_SEE_ALL
    ),
    "directory:duplicates": Example(
        own=lambda world, person: {"pk": world.structure.pk}, everybodys=STAFF_SEE_ALL
    ),
    "directory:unmerge": Example(
        own=lambda world, person: {"pk": world.duplicate.pk}, everybodys=STAFF_SEE_ALL
    ),
    "directory:end_role": Example(
        own=lambda world, person: {"pk": world.membership.pk}, everybodys=OPERATORS_SEE_ALL
    ),
    "directory:person": Example(
        own=lambda world, person: {"pk": world.stranger.pk}, everybodys=OPERATORS_SEE_ALL
    ),
    "directory:close_account": Example(
        own=lambda world, person: {"pk": world.stranger.pk}, everybodys=OPERATORS_SEE_ALL
    ),
    "directory:open_account": Example(
        own=lambda world, person: {"pk": world.stranger.pk}, everybodys=OPERATORS_SEE_ALL
    ),
    "directory:revoke_token": Example(
        own=lambda world, person: {"pk": world.tokens[person.pk].pk},
        # Operators look after the tokens of every organisation.
        others=lambda world, person: (
            None if person == world.people[Role.OPERATOR] else {"pk": world.strangers_token.pk}
        ),
    ),
    "mfa_remove_webauthn": Example(
        own=lambda world, person: {"pk": world.keys[person.pk].pk},
        others=lambda world, person: {"pk": world.strangers_key.pk},
    ),
    "mfa_edit_webauthn": Example(
        own=lambda world, person: {"pk": world.keys[person.pk].pk},
        others=lambda world, person: {"pk": world.strangers_key.pk},
    ),
}

# The package that signs people in, and keeps their keys.
ACCESS = {
    "account_change_password": SIGNED_IN,
    "account_complete_password_reset": PUBLIC,
    "account_confirm_login_code": PUBLIC,
    "account_confirm_password_reset_code": PUBLIC,
    "account_email": SIGNED_IN,
    "account_email_verification_sent": PUBLIC,
    "account_inactive": PUBLIC,
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_password_reset_completed": PUBLIC,
    "account_reauthenticate": SIGNED_IN,
    "account_request_login_code": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_set_password": SIGNED_IN,
    "account_signup": PUBLIC,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_login_webauthn": PUBLIC,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
}
