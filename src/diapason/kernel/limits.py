"""How often something may be asked, by one person or from one network address.

Counted in the process that answers: with several, the true limit is so many times higher, which
still stops a flood.
"""

from __future__ import annotations

from django.core.cache import cache
from django.utils import timezone


def within(key: str, *, most: int, seconds: int) -> bool:
    """Whether this is among the first `most` of the window of so many seconds that runs.

    Side effects: it is counted.
    """
    window = int(timezone.now().timestamp()) // seconds
    name = f"{key}:{window}"
    cache.add(name, 0, seconds * 2)
    try:
        return cache.incr(name) <= most
    except ValueError:  # it went between the two
        return True
