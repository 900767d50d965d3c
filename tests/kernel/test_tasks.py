"""The jobs that the worker runs by itself."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from procrastinate.contrib.django import app

from diapason.kernel import drafts, files, jobs
from diapason.kernel.models import Change, Draft, Once, StoredFile

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_nightly_job_is_planned() -> None:
    planned = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert planned["kernel.reap"] == "* * * * *"
    assert planned["kernel.sweep"] == "20 3 * * *"
    assert planned["kernel.compact"] == "*/5 * * * *"


def test_the_night_sweeps_files_drafts_and_keys(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    old = timezone.now() - timedelta(days=1000)
    kept = files.store(SimpleUploadedFile("a.pdf", b"%PDF-1.7\n"))
    StoredFile.objects.update(created_at=old)
    drafts.save("visitor:a", "f", {})
    Draft.objects.update(expires_at=old)
    Once.objects.create(key="old")
    Once.objects.update(at=old)
    app.configure_task("kernel.sweep").defer()
    jobs.run_waiting()
    assert not StoredFile.objects.exists()
    assert not (tmp_path / kept.content.name).exists()
    assert not Draft.objects.exists()
    assert not Once.objects.filter(key="old").exists()


def test_old_stamps_go_each_hour() -> None:
    Change.objects.bulk_create(
        Change(table_name="many", transaction=number, mark=number) for number in range(1500)
    )
    app.configure_task("kernel.compact").defer()
    jobs.run_waiting()
    assert Change.objects.filter(table_name="many").count() <= 101
