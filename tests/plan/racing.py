"""Several people acting in the same moment, each with a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.utils.translation import override


def race(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed gave, or the exception that it raised, in the order of the deeds."""
    results: list[Any] = [None] * len(deeds)
    start = threading.Barrier(len(deeds))

    def run(place: int, deed: Callable[[], Any]) -> None:
        try:
            with override("en"):
                start.wait(timeout=60)
                results[place] = deed()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
        assert not thread.is_alive(), "somebody waits for ever"
    return results
