"""The secret of the personal link that leads to a case."""

from __future__ import annotations

from uuid import UUID

from django.utils.crypto import salted_hmac

_SALT = "diapason.desk.personal-link"


def personal_secret(request_key: UUID) -> str:
    """The secret of the personal link of the request with that key.

    Made of the key and of the server's own: the form sent twice gives the same link twice, and
    neither the key nor the table alone opens it.
    """
    return salted_hmac(_SALT, str(request_key), algorithm="sha256").hexdigest()
