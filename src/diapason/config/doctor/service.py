"""The work: is somebody doing the jobs, is there a plan?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from gettext import gettext as _
from gettext import ngettext

from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from diapason.config.doctor.findings import Finding, fault, good, warning
from diapason.plan import api as plans

HEARTBEAT = timedelta(seconds=60)
LATE = timedelta(minutes=10)


def jobs() -> Iterator[Finding]:
    """Whether a worker lives, and whether jobs wait too long or hang on a dead one."""
    now = timezone.now()
    alive = list(
        ProcrastinateWorker.objects.filter(last_heartbeat__gte=now - HEARTBEAT).values_list(
            "pk", flat=True
        )
    )
    stuck = ProcrastinateJob.objects.filter(status="doing").exclude(worker_id__in=alive).count()
    if stuck:
        yield fault(
            "jobs",
            ngettext(
                "%d job was left half done by a worker that died.",
                "%d jobs were left half done by a worker that died.",
                stuck,
            )
            % stuck,
            _("Start `diapason worker`, or `diapason serve`: it takes them up again."),
        )
    late = (
        ProcrastinateJob.objects.filter(status="todo", attempts=0)
        .exclude(scheduled_at__gt=now - LATE)
        .filter(procrastinateevent__type="deferred", procrastinateevent__at__lt=now - LATE)
        .count()
    )
    if late:
        yield fault(
            "jobs",
            ngettext(
                "%d job has been waiting for more than ten minutes.",
                "%d jobs have been waiting for more than ten minutes.",
                late,
            )
            % late,
            _("Start `diapason worker`, or `diapason serve` without --no-worker."),
        )
    if not alive:
        yield warning(
            "worker",
            _("No worker is running: letters and exports wait."),
            _("Start `diapason serve`, or `diapason worker` where pages are served without one."),
        )
    elif not (stuck or late):
        yield good("worker", _("A worker is running and no job is late."))


def plan() -> Iterator[Finding]:
    """Whether a plan is loaded, and can be measured."""
    card = plans.current_plan_card()
    if card is None:
        yield warning(
            "plan",
            _("No plan is loaded."),
            _("Load one: diapason load-plan plans/….yaml."),
        )
        return
    yield good("plan", _("The plan is loaded."))
    missing = plans.measures_not_offered()
    some = ", ".join(missing[:3]) + ("…" if missing[3:] else "")
    if missing:
        yield warning(
            "measures",
            ngettext(
                "%(count)d measure that the plan names is not offered yet: %(some)s.",
                "%(count)d measures that the plan names are not offered yet: %(some)s.",
                len(missing),
            )
            % {"count": len(missing), "some": some},
            _("Their figures can be typed in meanwhile; install the rooms that count them."),
        )
