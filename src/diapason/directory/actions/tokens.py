"""Keys with which an organisation's programs read the API."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diapason.directory.actions.roles import deed
from diapason.directory.contracts import Role, TokenHolder
from diapason.directory.models import ApiToken, User
from diapason.directory.queries import tokens_visible_to
from diapason.kernel.links import digest
from diapason.kernel.refusals import Refusal

# Recognisable, so that a key published by mistake can be found by those who scan for them.
PREFIX = "diapason_"
# How precisely the last use is kept: not a write per request.
USE_KEPT_EVERY = timedelta(minutes=5)


def create_token(
    *,
    organisation_id: int,
    name: str,
    expires_at: datetime | None = None,
    by: User,
) -> tuple[ApiToken, str]:
    """Make a key for an organisation; gives its record and the key itself, shown this once.

    Side effects: one token, of which only the hash is kept; history names `by`.
    Raises `Refusal` when `by` does not answer for the organisation, the name is taken there, or
    the date has passed.
    """
    if not by.holds(Role.OPERATOR) and not by.holds(
        Role.PROGRAMME_MANAGER, organisation_id=organisation_id
    ):
        raise Refusal(_("Choose an organisation that you answer for."), field="organisation")
    if expires_at is not None and expires_at <= timezone.now():
        raise Refusal(_("Choose a date that is still to come."), field="expires")
    raw = PREFIX + secrets.token_urlsafe(32)
    try:
        with transaction.atomic(), deed("create_token", by):
            token = ApiToken.objects.create(
                organisation_id=organisation_id,
                name=name.strip(),
                token_hash=digest(raw),
                created_by=by,
                expires_at=expires_at,
            )
    except IntegrityError as error:
        raise Refusal(
            _("This organisation already has a token of that name."), field="name"
        ) from error
    return token, raw


def revoke_token(*, token_id: int, by: User | None = None) -> ApiToken:
    """Make a key useless from now on. Revoked twice, nothing more happens. History names `by`.

    Raises PermissionDenied unless `by` answers for the key's organisation.
    """
    if by is not None and not tokens_visible_to(by).filter(pk=token_id).exists():
        raise PermissionDenied("directory.manage_tokens")
    with transaction.atomic(), deed("revoke_token", by):
        token = ApiToken.objects.select_for_update().get(pk=token_id)
        if not token.revoked_at:
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
        return token


def token_holder(raw: str) -> TokenHolder | None:
    """Who stands behind a key; None when it is unknown, revoked or past its date.

    A key is worth no more than the person who made it: it stops with their account.
    Side effects: the last use is noted, at most every five minutes.
    """
    if not raw.startswith(PREFIX):
        return None
    now = timezone.now()
    token = (
        ApiToken.objects.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now),
            Q(created_by__isnull=True) | Q(created_by__is_active=True),
            token_hash=digest(raw),
            revoked_at=None,
        )
        .only("id", "name", "organisation_id", "created_by_id", "expires_at", "last_used_at")
        .first()
    )
    if token is None:
        return None
    if token.last_used_at is None or now - token.last_used_at > USE_KEPT_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return TokenHolder(
        token_id=token.pk,
        token_name=token.name,
        organisation_id=token.organisation_id,
        person_id=token.created_by_id,
        expires_at=token.expires_at,
    )
