"""A worker of its own process, that sends the letters that wait and may be killed.

Run as `python -m tests.desk.sender PORT`, with `DATABASE_URL` of the tests' database; it says
"ready" and waits for a line before it begins.
"""

from __future__ import annotations

import sys

import django

if __name__ == "__main__":
    django.setup()
    from django.conf import settings

    from diapason.kernel import jobs

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    jobs.run_waiting(concurrency=int(sys.argv[2]))
