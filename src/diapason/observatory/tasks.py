"""The observatory's own jobs."""

from __future__ import annotations

from diapason.kernel import clock
from diapason.kernel.jobs import task
from diapason.observatory import actions


@task("observatory.remind", cron="10 7 * * *")
def remind() -> None:
    """Each morning: who was asked, has not answered and still agrees is reminded, on the days
    that the survey chose."""
    actions.send_reminders(on=clock.today())


@task("observatory.forget_old_contacts", cron="50 3 * * *")
def forget_old_contacts() -> None:
    """Each night: surveys that were closed long ago no longer say who was written to."""
    actions.forget_old_contacts(on=clock.today())
