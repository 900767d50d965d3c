"""Which day it is.

Real installations live today. A demonstration may be set on another day (`DIAPASON_TODAY`), so
that a plan whose years are over is shown in the middle of its life; the pages then say so.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The day in the territory's time zone; in a demonstration, the day it was set on."""
    if settings.DEMONSTRATION and settings.DEMONSTRATION_DAY:
        return date.fromisoformat(settings.DEMONSTRATION_DAY)
    return timezone.localdate()
