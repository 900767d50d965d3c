"""The front desk's own jobs."""

from __future__ import annotations

from diapason.desk import actions
from diapason.kernel import clock
from diapason.kernel.jobs import task


@task("desk.forget_old_contacts", cron="40 3 * * *")
def forget_old_contacts() -> None:
    """Each night: who asked in a case that was closed long ago is no longer named, nor who had
    which case open."""
    actions.forget_old_contacts(on=clock.today())
    actions.forget_presence()


@task("desk.remind", cron="30 6 * * 1-5")
def remind() -> None:
    """Each working day: structures are reminded of the projects that wait for their answer."""
    actions.remind_of_proposals(on=clock.today())


@task("desk.digests", cron="0 6 * * 1-5")
def digests() -> None:
    """Each working day: who asked for it is told what is late on their cases."""
    actions.send_digests(on=clock.today())
