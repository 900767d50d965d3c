"""Jobs: asked for with their deed, done once in effect, whoever is killed."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from diapason.kernel import jobs
from diapason.kernel.models import Draft, Once, Progress
from diapason.kernel.refusals import Refusal
from tests import prepared
from tests.kernel import worker


def asked() -> list[str]:
    found = ProcrastinateJob.objects.filter(task_name__startswith="tests.")
    return sorted(found.values_list("task_name", flat=True))


def status() -> str:
    return ProcrastinateJob.objects.get(task_name__startswith="tests.").status


def names() -> list[str]:
    return sorted(Draft.objects.values_list("owner", flat=True))


def in_threads(count: int, act: Callable[[], Any]) -> list[Any]:
    """What `act` gives in so many threads at once, each with its own connection."""
    results: list[Any] = []
    start = threading.Barrier(count)

    def run() -> None:
        try:
            start.wait()
            results.append(act())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture(autouse=True)
def no_jobs(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("django_db").kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
    else:
        request.getfixturevalue("db")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.mark.django_db(transaction=True)
def test_a_job_exists_when_its_deed_does() -> None:
    def undone() -> None:
        with transaction.atomic():
            jobs.enqueue(worker.effect, name="a", die="", marker=os.devnull)
            raise KeyError

    with pytest.raises(KeyError):
        undone()
    assert asked() == []
    with transaction.atomic():
        number = jobs.enqueue(worker.effect, name="a", die="", marker=os.devnull)
        assert jobs.waiting() == 1
    assert ProcrastinateJob.objects.get(pk=number).args["name"] == "a"


@pytest.mark.django_db
def test_the_same_key_asks_once() -> None:
    ask = {"name": "a", "die": "", "marker": os.devnull}
    assert jobs.enqueue(worker.effect, key="k", **ask) is not None
    assert jobs.enqueue(worker.effect, key="k", **ask) is None
    assert jobs.enqueue(worker.effect, key="other", **ask) is not None
    assert jobs.enqueue(worker.effect, **ask) is not None
    assert len(asked()) == 3


@pytest.mark.django_db(transaction=True)
def test_the_same_key_asks_once_from_many_places_at_the_same_time() -> None:
    def ask() -> int | None:
        with transaction.atomic():
            return jobs.enqueue(worker.effect, key="k", name="a", die="", marker=os.devnull)

    results = in_threads(6, ask)
    assert len([one for one in results if isinstance(one, int)]) == 1
    assert results.count(None) == 5
    assert len(asked()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_is_free_again_when_its_transaction_is_undone() -> None:
    with transaction.atomic():
        assert jobs.first_time("k")
        transaction.set_rollback(True)
    with transaction.atomic():
        assert jobs.first_time("k")
    with transaction.atomic():
        assert not jobs.first_time("k")
    with pytest.raises(RuntimeError, match="transaction"):
        jobs.first_time("k")


@pytest.mark.django_db(transaction=True)
def test_waiting_jobs_are_run_and_forgotten() -> None:
    jobs.enqueue(worker.effect, name="a", die="", marker=os.devnull)
    jobs.run_waiting()
    assert names() == ["a"]
    assert asked() == []


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_leaves_nothing_and_is_tried_later() -> None:
    number = jobs.enqueue(worker.fail, name="a")
    jobs.run_waiting()
    assert names() == []
    assert not Once.objects.filter(key=f"job:{number}").exists()
    job = ProcrastinateJob.objects.get(pk=number)
    assert (job.status, job.attempts) == ("todo", 1)
    assert job.scheduled_at > timezone.now()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("fails", "expected"), [(False, ["inner"]), (True, [])])
def test_what_a_job_asks_for_exists_when_the_job_succeeds(fails: bool, expected: list[str]) -> None:
    jobs.enqueue(worker.ask, name="inner", fails=fails)
    jobs.run_waiting()
    jobs.run_waiting()
    assert names() == expected


def kill_a_worker() -> None:
    """Run a worker in a process of its own, that kills itself."""
    address = prepared.address(connection.settings_dict["NAME"])
    done = subprocess.run(
        [sys.executable, "-m", "tests.kernel.worker"],
        env={**os.environ, "DATABASE_URL": address},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -9, done.stderr.decode()


def look_dead() -> None:
    """Every worker was last heard of an hour ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
        )


def reap() -> None:
    app.configure_task("kernel.reap").defer()
    jobs.run_waiting()
    jobs.run_waiting()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("die", "left"), [("middle", []), ("end", ["a"])])
def test_a_job_whose_worker_was_killed_is_run_again_once_in_effect(
    die: str, left: list[str], tmp_path: Path
) -> None:
    marker = tmp_path / "ran"
    jobs.enqueue(worker.effect, name="a", die=die, marker=str(marker))
    kill_a_worker()
    assert marker.exists()
    assert status() == "doing"
    assert names() == left
    reap()
    assert status() == "doing", "who spoke a moment ago may still live"
    look_dead()
    reap()
    assert names() == ["a"]
    assert asked() == []


@pytest.mark.django_db(transaction=True)
def test_a_job_that_kills_every_worker_is_given_up() -> None:
    jobs.enqueue(worker.effect, name="a", die="", marker=os.devnull)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s", [jobs.MAX_RUNS]
        )
    look_dead()
    reap()
    assert status() == "failed"
    assert names() == []


@pytest.mark.django_db
def test_what_is_too_old_is_forgotten() -> None:
    for key, age in (("old", jobs.KEYS_KEPT + timedelta(days=1)), ("new", timedelta())):
        Once.objects.create(key=key)
        Once.objects.filter(key=key).update(at=timezone.now() - age)
    old = jobs.start_progress("visitor:a", "Old")
    Progress.objects.filter(pk=old.pk).update(
        updated_at=timezone.now() - jobs.PROGRESS_KEPT - timedelta(days=1)
    )
    kept = jobs.start_progress("visitor:a", "New")
    numbers = [jobs.enqueue(worker.fail, name=name) for name in ("a", "b", "c")]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE id = ANY(%s)", [numbers[:2]]
        )
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '40 days' WHERE job_id <> %s",
            [numbers[1]],
        )
    jobs.forget_old()
    assert list(Once.objects.filter(key__in=["old", "new"]).values_list("key", flat=True)) == [
        "new"
    ]
    assert list(Progress.objects.values_list("pk", flat=True)) == [kept.pk]
    assert set(ProcrastinateJob.objects.values_list("pk", flat=True)) == set(numbers[1:])


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_before_the_jobs_transaction_ends() -> None:
    progress = jobs.start_progress("visitor:a", "Export")
    seen: list[tuple[str, int | None, int]] = []

    def look() -> None:
        progress.refresh_from_db()
        seen.append((progress.state, progress.total, progress.done))

    with transaction.atomic(), jobs.running(progress.pk) as steps:
        in_threads(1, look)
        for _item in steps.over(["x", "y"]):
            pass
        in_threads(1, look)
        jobs.finish(progress.pk, result_url="/files/1/", message="Ready")
        in_threads(1, look)
    look()
    assert seen == [
        ("running", None, 0),
        ("running", 2, 2),
        ("running", 2, 2),
        ("done", 2, 2),
    ]
    assert (progress.result_url, progress.message, progress.ended) == ("/files/1/", "Ready", True)


@pytest.mark.django_db(transaction=True)
def test_a_job_stops_at_its_next_step_when_asked_and_undoes_what_it_did() -> None:
    progress = jobs.start_progress("visitor:a", "Import")

    def work() -> None:
        with transaction.atomic(), jobs.running(progress.pk) as steps:
            steps.begin(1)
            Draft.objects.create(owner="half", form="f", expires_at=timezone.now())
            in_threads(1, lambda: jobs.ask_to_cancel(progress))
            steps.step()

    with pytest.raises(jobs.Cancelled):
        work()
    progress.refresh_from_db()
    assert progress.state == Progress.State.CANCELLED
    assert names() == []
    jobs.ask_to_cancel(progress)
    with pytest.raises(jobs.Cancelled):
        work()


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_says_so_without_saying_what_was_in_it() -> None:
    progress = jobs.start_progress("visitor:a", "Import")

    def work() -> None:
        with transaction.atomic(), jobs.running(progress.pk):
            raise LookupError("secret")

    with pytest.raises(LookupError):
        work()
    progress.refresh_from_db()
    assert (progress.state, progress.message) == (Progress.State.FAILED, "")
    jobs.ask_to_cancel(progress)
    progress.refresh_from_db()
    assert not progress.cancel_asked


@pytest.mark.django_db(transaction=True)
def test_what_a_person_has_to_mend_is_told_in_words_and_not_tried_again() -> None:
    progress = jobs.start_progress("visitor:a", "Import")
    jobs.enqueue(worker.refuse, name="a", progress=str(progress.pk))
    jobs.run_waiting()
    progress.refresh_from_db()
    assert (progress.state, progress.message) == (Progress.State.FAILED, "Mend line 3.")
    assert names() == []
    assert asked() == []


@pytest.mark.django_db
def test_the_same_form_gets_the_same_progress() -> None:
    key = uuid4()
    one = jobs.start_progress("visitor:a", "Import", key=key)
    assert jobs.start_progress("visitor:a", "Import", key=key) == one
    with pytest.raises(Refusal):
        jobs.start_progress("visitor:b", "Import", key=key)
    assert jobs.start_progress("visitor:a", "Import") != one
