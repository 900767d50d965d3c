"""The ground floor's own jobs."""

from __future__ import annotations

from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from diapason.kernel import changes, drafts, files, jobs
from diapason.kernel.jobs import task
from diapason.kernel.mail import deliver

__all__ = ["compact", "deliver", "reap", "sweep"]


@app.periodic(cron="* * * * *", periodic_id="kernel.reap")
@app.task(name="kernel.reap", pass_context=True, queue=jobs.QUEUE)
async def reap(context: JobContext, timestamp: int | None = None) -> int:
    """Put back the jobs of workers that were killed, every minute."""
    return await jobs.reap(context)


@task("kernel.sweep", atomic=False, cron="20 3 * * *")
def sweep() -> None:
    """Each night: orphan files, old drafts and old keys go."""
    files.remove_orphans()
    drafts.remove_expired()
    jobs.forget_old()


@task("kernel.compact", atomic=False, cron="*/5 * * * *")
def compact() -> None:
    """Every five minutes: old stamps go. Every page reads those that stand."""
    changes.compact()
