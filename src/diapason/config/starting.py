"""Setting Django up for a command."""

from __future__ import annotations

import os

import django
from django.utils import translation

from diapason.config import environment, words


def start(*, detached: bool = False) -> None:
    """Read the settings, load every room, speak the chosen language.

    `detached`: for a command that needs neither the database nor the instance's folder; nothing
    is started or written. Otherwise, without `DATABASE_URL`, starts the program's own PostgreSQL,
    or shares the one that runs; raises `PostgresError` when it cannot.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diapason.config.settings.base")
    if detached:
        environment.detach()
    django.setup()
    translation.activate(words.spoken())
