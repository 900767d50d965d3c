"""Hashes of tables: blind to the order of rows, to nothing else."""

import pytest
from django.db import connection

from diapason.kernel.backup.hashing import TableHash, hashes, tables
from diapason.kernel.models import Once

pytestmark = pytest.mark.django_db


def of_once() -> TableHash:
    return hashes()["kernel_once"]


def fill(*keys: str) -> TableHash:
    Once.objects.all().delete()
    for key in keys:
        Once.objects.create(key=key)
    Once.objects.update(at="2020-01-01T00:00:00Z")
    return of_once()


def test_the_order_does_not_matter() -> None:
    assert fill("a", "b", "c") == fill("c", "a", "b")


def test_each_row_matters() -> None:
    found = {fill(), fill("a"), fill("b"), fill("a", "b"), fill("ab"), fill("a", "b", "c")}
    assert len(found) == 6
    assert fill() == TableHash(0, "0.0")


def test_each_column_matters() -> None:
    before = fill("a")
    Once.objects.update(at="2020-01-01T00:00:00.000001Z")
    assert of_once() != before


def test_the_settings_of_the_session_do_not_matter() -> None:
    before = fill("a")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'Asia/Tokyo'")
        cursor.execute("SET LOCAL DateStyle = 'German'")
    assert of_once() == before


def test_every_table_is_there() -> None:
    found = tables()
    assert found == sorted(found)
    assert {"kernel_once", "directory_user", "plan_reading", "procrastinate_jobs"} <= set(found)
