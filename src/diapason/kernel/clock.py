"""Which day it is.

Real installations live today. A demonstration may be set on another day (`DIAPASON_TODAY`), so
that a plan whose years are over is shown in the middle of its life; the pages then say so.
"""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The day in the territory's time zone; in a demonstration, the day it was set on."""
    if settings.DEMONSTRATION and settings.DEMONSTRATION_DAY:
        return date.fromisoformat(settings.DEMONSTRATION_DAY)
    return timezone.localdate()


def now() -> datetime:
    """This moment, aware of its zone; in a demonstration, the same hour of the day it was set on.

    For what people read as a date of the territory's life: when something was declared, decided,
    joined. What machines measure (expiry of codes and letters, jobs, the audit) takes the real one.
    """
    moment = timezone.now()
    shift = today() - timezone.localdate(moment)
    return moment + shift
