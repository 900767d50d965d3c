"""Jobs: what is done after the answer, by the worker.

A job is asked for in the transaction of the deed that wants it: it exists when the deed does.
A job that a killed worker left half done is run again, and its effects in the database happen
once, because they are of one transaction with the mark that says so.

    @task("plan.remind")
    def remind(*, task_id: int) -> None:
        '''Write to the owner of a task that is due.'''

    enqueue(remind, task_id=7, key="plan.remind:7:2019-12-31")
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy, manager
from procrastinate import tasks as procrastinate_tasks
from procrastinate.contrib.django import app, django_connector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.job_context import JobContext
from procrastinate.jobs import Status

from diapason.kernel import audit
from diapason.kernel.models import Once, Progress
from diapason.kernel.refusals import Refusal, sent_for_something_else

QUEUE = "default"
# A job that takes its worker down with it is not tried for ever.
MAX_RUNS = 5
# A letter waits for a mail server that is away: the last of these comes a day later.
LETTER_RUNS = 7
# A worker says that it lives every ten seconds; after so long without a word it is dead.
SILENCE = timedelta(seconds=45)
KEYS_KEPT = timedelta(days=400)
PROGRESS_KEPT = timedelta(days=7)
ENDED_KEPT = timedelta(days=30)

_STEP_SECONDS = 0.5

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

# Jobs are always asked for over Django's own connection, inside a worker too, so that they are
# part of the transaction that asks.
_manager = manager.JobManager(django_connector.DjangoConnector())


def task(
    name: str, *, atomic: bool = True, cron: str = "", queue: str = QUEUE, runs: int = MAX_RUNS
) -> Callable[[F], F]:
    """Declare a function of keyword arguments (plain values) as a job of that name.

    `atomic`: it runs in one transaction, and at most once to the end. Without it, the function
    sees to it itself that running twice does no harm. `cron`: the worker also runs it by itself
    at these times ("0 3 * * *"), without arguments. A job that fails is tried again `runs`
    times, later and later.
    """

    def declare(function: F) -> F:
        @functools.wraps(function)
        def run(context: JobContext, timestamp: int | None = None, **arguments: Any) -> Any:
            with audit.acting(name):
                if not atomic:
                    return function(**arguments)
                try:
                    with transaction.atomic():
                        if not first_time(f"job:{context.job.id}"):
                            return None
                        return function(**arguments)
                except Ended:
                    # Whoever waits was told why; to try again would end the same.
                    return None

        later = RetryStrategy(max_attempts=runs, exponential_wait=5)
        made = app.task(name=name, queue=queue, pass_context=True, retry=later)(run)
        if cron:
            app.periodic(cron=cron, periodic_id=name)(made)
        function.job_name = name  # type: ignore[attr-defined]
        function.job_queue = queue  # type: ignore[attr-defined]
        return function

    return declare


def enqueue(job: Callable[..., Any], *, key: str = "", **arguments: Any) -> int | None:
    """Ask for a job, in the transaction that runs; gives its id, None where `key` was used before.

    `key` makes the same event ask once, however many times and at whatever time it comes again,
    from several processes at once too.
    """
    with transaction.atomic():
        if key and not first_time(f"enqueue:{key}"):
            return None
        return procrastinate_tasks.configure_task(
            name=job.job_name,  # type: ignore[attr-defined]
            job_manager=_manager,
            queue=job.job_queue,  # type: ignore[attr-defined]
        ).defer(**arguments)


def first_time(key: str) -> bool:
    """Whether the key was never used. It is used up with the transaction that asks; another one
    that asks meanwhile waits for its end.

    Raises RuntimeError outside a transaction, where the answer would promise nothing.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("first_time needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_once (key, at) VALUES (%s, now()) ON CONFLICT DO NOTHING", [key]
        )
        return cursor.rowcount == 1


async def reap(context: JobContext) -> int:
    """Put back the jobs of workers that were killed; gives how many.

    One that has already run as often as its task may is given up and says so in its state.
    """
    count = 0
    stalled = await context.app.job_manager.get_stalled_jobs(
        seconds_since_heartbeat=SILENCE.total_seconds()
    )
    for job in stalled:
        if job.id is None:
            continue
        if job.attempts >= _most_runs(context, job.task_name):
            await context.app.job_manager.finish_job_by_id_async(
                job_id=job.id, status=Status.FAILED, delete_job=False
            )
        else:
            await context.app.job_manager.retry_job_by_id_async(
                job_id=job.id, retry_at=timezone.now()
            )
        count += 1
    return count


def _most_runs(context: JobContext, name: str) -> int:
    declared = context.app.tasks.get(name)
    later = declared.retry_strategy if declared else None
    return (isinstance(later, RetryStrategy) and later.max_attempts) or MAX_RUNS


def forget_old() -> None:
    """Forget the keys, ended jobs and progress that are too old to matter."""
    now = timezone.now()
    Once.objects.filter(at__lt=now - KEYS_KEPT).delete()
    Progress.objects.filter(updated_at__lt=now - PROGRESS_KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM procrastinate_jobs job
            WHERE status IN ('succeeded', 'failed', 'cancelled', 'aborted') AND NOT EXISTS (
                SELECT FROM procrastinate_events event
                WHERE event.job_id = job.id AND event.at >= %s)
            """,
            [now - ENDED_KEPT],
        )


def waiting() -> int:
    """How many jobs wait or are under way."""
    return ProcrastinateJob.objects.filter(status__in=["todo", "doing"]).count()


def run_waiting(*, concurrency: int = 1) -> None:
    """Run every job that waits, here and now, then return; for commands and demonstrations."""
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        working.run_worker(
            wait=False,
            concurrency=concurrency,
            install_signal_handlers=False,
            listen_notify=False,
        )


class Ended(Exception):
    """A job stopped before its end, and whoever waited was told why; what it did is undone."""


class Cancelled(Ended):
    """The person who waited for the job asked to stop it."""


class Refused(Ended):
    """The job met what a person has to mend, or may not do; its cause says what."""


class Steps:
    """How a running job tells its progress; see `running`."""

    def __init__(self, key: UUID, say: Callable[..., bool]) -> None:
        self.key = key
        self._say = say
        self._said_at = 0.0
        self._done = 0
        self._total: int | None = None

    def begin(self, total: int | None, message: str = "") -> None:
        """There are `total` things to do; None where nobody knows how many."""
        self._total, self._done = total, 0
        self._tell(message)

    def step(self, count: int = 1, message: str = "") -> None:
        """`count` more are done. Raises Cancelled where the person asked to stop."""
        self._done += count
        if time.monotonic() - self._said_at >= _STEP_SECONDS or self._done == self._total:
            self._tell(message)

    def over(self, items: Iterable[T], total: int | None = None) -> Iterator[T]:
        """The items, one step each."""
        self.begin(len(items) if total is None and hasattr(items, "__len__") else total)  # type: ignore[arg-type]
        for item in items:
            yield item
            self.step()

    def _tell(self, message: str) -> None:
        self._said_at = time.monotonic()
        done = self._done if self._total is None else min(self._done, self._total)
        if self._say(state=Progress.State.RUNNING, total=self._total, done=done, message=message):
            raise Cancelled


def start_progress(
    owner: str, title: str, *, key: UUID | None = None, back_url: str = ""
) -> Progress:
    """A progress to give to a job that is asked for, and to the person who waits for it.

    `key` is its id: the same form sent again gets the progress that it got before. `back_url`
    is where the person goes on should there be no result.
    Raises Refusal where that is somebody else's.
    """
    found, _made = Progress.objects.get_or_create(
        pk=key or uuid4(),
        defaults={"owner": owner, "title": title[:200], "result_url": back_url},
    )
    if found.owner != owner:
        raise Refusal(sent_for_something_else())
    return found


def ask_to_cancel(progress: Progress) -> None:
    """Ask the job to stop at its next step; one that has ended is left as it is."""
    Progress.objects.filter(pk=progress.pk).exclude(
        state__in=[Progress.State.DONE, Progress.State.FAILED, Progress.State.CANCELLED]
    ).update(cancel_asked=True, updated_at=timezone.now())


@contextmanager
def running(key: UUID | str) -> Iterator[Steps]:
    """Tell the progress of what happens inside the block, seen by others at once although the
    job's own transaction has not ended.

    Where the block raises, the progress ends as failed, with the words of a Refusal; where the
    person cancelled, as cancelled. `Cancelled`, and `Refused` for what a person may not do, go on
    so that the transaction is undone.
    """
    apart = connection.copy()

    def say(**fields: Any) -> bool:
        values = {"message": "", **fields, "updated_at": timezone.now()}
        values["message"] = values["message"][:500]
        names = ", ".join(f'"{name}" = %s' for name in values)
        with apart.cursor() as cursor:
            # The job's own transaction may hold the row: never wait for oneself.
            cursor.execute("SET lock_timeout = '5s'")
            cursor.execute(
                f"UPDATE kernel_progress SET {names} WHERE id = %s RETURNING cancel_asked",  # noqa: S608 - names are ours
                [*values.values(), UUID(str(key))],
            )
            found = cursor.fetchone()
        return bool(found and found[0])

    try:
        if say(state=Progress.State.RUNNING):
            raise Cancelled
        steps = Steps(UUID(str(key)), say)
        yield steps
    except Cancelled:
        say(state=Progress.State.CANCELLED)
        raise
    except Refusal as refusal:
        say(state=Progress.State.FAILED, message=str(refusal))
        raise Refused from refusal
    except PermissionDenied as denied:
        say(state=Progress.State.FAILED, message=_("Nothing was done: you may no longer do this."))
        raise Refused from denied
    except Exception:
        # What went wrong is for the operator's log; it may hold what the person must not see.
        say(state=Progress.State.FAILED)
        raise
    finally:
        apart.close()


def finish(progress_key: UUID | str, *, result_url: str = "", message: str = "") -> None:
    """Say that the job is done, in its own transaction: seen when its effects are."""
    progress = Progress.objects.select_for_update().get(pk=progress_key)
    progress.state = Progress.State.DONE
    progress.done = progress.total if progress.total is not None else progress.done
    progress.result_url, progress.message = result_url, message[:500]
    progress.save()
