"""Jobs for the tests, and a worker of its own process that may be killed.

Run as `python -m tests.kernel.worker`, with `DATABASE_URL` of the tests' database.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import django
from django.db import transaction


def declare() -> None:
    from diapason.kernel import jobs
    from diapason.kernel.models import Draft
    from diapason.kernel.refusals import Refusal

    @jobs.task("tests.effect")
    def effect(*, name: str, die: str, marker: str) -> None:
        """One draft; the first time, dies in the middle or right after the commit."""
        first = not Path(marker).exists()
        Path(marker).touch()
        Draft.objects.create(owner=name, form="effect", expires_at="2100-01-01T00:00:00Z")
        if first and die == "middle":
            os.kill(os.getpid(), signal.SIGKILL)
        if first and die == "end":
            transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))

    @jobs.task("tests.fail")
    def fail(*, name: str) -> None:
        Draft.objects.create(owner=name, form="fail", expires_at="2100-01-01T00:00:00Z")
        raise LookupError("not today")

    @jobs.task("tests.ask")
    def ask(*, name: str, fails: bool) -> None:
        """Asks for another job, and may fail afterwards."""
        jobs.enqueue(effect, name=name, die="", marker=os.devnull)
        if fails:
            raise LookupError("not today")

    @jobs.task("tests.refuse")
    def refuse(*, name: str, progress: str) -> None:
        """Meets what a person has to mend, half-way."""
        with jobs.running(progress):
            Draft.objects.create(owner=name, form="refuse", expires_at="2100-01-01T00:00:00Z")
            raise Refusal("Mend line 3.")

    globals().update(effect=effect, fail=fail, ask=ask, refuse=refuse)


if __name__ == "__main__":
    django.setup()
    declare()
    from diapason.kernel import jobs

    jobs.run_waiting()
else:
    declare()
