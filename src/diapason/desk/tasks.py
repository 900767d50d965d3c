"""The front desk's own jobs."""

from __future__ import annotations

from diapason.desk import actions
from diapason.kernel import clock
from diapason.kernel.jobs import task


@task("desk.forget_old_contacts", cron="40 3 * * *")
def forget_old_contacts() -> None:
    """Each night: who asked in a case that was closed long ago is no longer named."""
    actions.forget_old_contacts(on=clock.today())
