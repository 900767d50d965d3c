"""What the program's log never holds."""

from __future__ import annotations

import logging


class WithoutSecrets(logging.Filter):
    """The address of a request that went wrong is told without the secret of a personal link."""

    def filter(self, record: logging.LogRecord) -> bool:
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        if match is not None and (secret := match.kwargs.get("secret")):
            record.msg, record.args = record.getMessage().replace(secret, "…"), ()
        return True
