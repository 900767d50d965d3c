"""How the web server runs: a few processes of a few threads each.

Read by gunicorn; `serve` gives the address, the workers and the threads.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

wsgi_app = "diapason.config.wsgi:application"
worker_class = "gthread"
# The rooms are loaded once and shared by the workers.
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
backlog = 512
# Its warnings are about clients and about HEAD requests, which Django answers with a body.
loglevel = "error"
control_socket_disable = True
proc_name = "diapason"
if Path("/dev/shm").is_dir():  # noqa: S108 - heartbeats need a file system that never waits
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def post_fork(server: Any, worker: Any) -> None:
    """A worker never uses a database connection that it inherited."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.connection = None
