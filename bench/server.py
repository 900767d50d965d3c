"""The product served as `diapason serve` serves it, on a database of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from diapason.kernel import postgres

HOME = Path("var/bench").resolve()
WORKERS, THREADS = 2, 4


def prepare() -> None:
    """Set this process up on a new home of the bench's own, its database migrated, its static
    files collected. Call it before importing anything of Django's."""
    os.environ["DIAPASON_HOME"] = str(HOME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    os.environ.pop("DATABASE_URL", None)
    if HOME.exists():
        # What an earlier run piled up would be measured too.
        postgres.stop_server(HOME / "postgres")
        shutil.rmtree(HOME)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench.references import TABLES

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute(TABLES)


@contextlib.contextmanager
def served() -> Iterator[int]:
    """Serve on a free port of this machine for the time of the block; gives the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "python:diapason.config.gunicorn"]
    command += ["-b", f"127.0.0.1:{port}", "-w", str(WORKERS), "--threads", str(THREADS)]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        _wait(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError("the server of the bench did not answer within a minute")
