"""Stamps, with transactions that really run at the same time."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from diapason.directory.models import Organisation
from diapason.kernel.changes import OneMoment, compact, kept, stamp
from diapason.kernel.models import Change
from tests.directory.factories import OrganisationFactory

TABLE = "directory_organisation"


def now() -> str:
    return stamp([TABLE])


def write(code: str) -> None:
    Organisation.objects.create(code=code, name={"fr": code})


class Meanwhile:
    """A transaction in a thread and connection of its own, that stays open until told to end."""

    def __init__(self, act: Callable[[], Any], *, keep: bool = True) -> None:
        self.written, self.end = threading.Event(), threading.Event()
        self.failed: list[BaseException] = []
        self.keep = keep
        self.thread = threading.Thread(target=self._run, args=[act])
        self.thread.start()
        assert self.written.wait(20)

    def _run(self, act: Callable[[], Any]) -> None:
        try:
            with transaction.atomic():
                act()
                self.written.set()
                self.end.wait(20)
                if not self.keep:
                    transaction.set_rollback(True)
        except BaseException as error:
            self.failed.append(error)
        finally:
            self.written.set()
            connections.close_all()

    def finish(self) -> None:
        self.end.set()
        self.thread.join(20)
        assert not self.failed


@pytest.mark.django_db(transaction=True)
def test_every_committed_write_changes_the_stamp() -> None:
    seen = [now()]
    write("a")
    seen.append(now())
    Organisation.objects.update(url="https://a.example")
    seen.append(now())
    Organisation.objects.all().delete()
    seen.append(now())
    assert len(set(seen)) == 4
    assert now() == seen[-1]


@pytest.mark.django_db(transaction=True)
def test_other_tables_do_not_change_it() -> None:
    before = now()
    Change.objects.create(table_name="elsewhere", transaction=1)
    assert now() == before
    assert stamp([TABLE, "elsewhere"]) != before
    assert stamp([TABLE, TABLE]) == before


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_began_earlier_and_commits_later_changes_the_stamp() -> None:
    early = Meanwhile(lambda: write("early"))
    before = now()
    write("late")
    between = now()
    early.finish()
    after = now()
    assert len({before, between, after}) == 3


@pytest.mark.django_db(transaction=True)
def test_writers_do_not_wait_for_one_another() -> None:
    early = Meanwhile(lambda: write("early"))
    write("late")  # would hang here
    assert list(Organisation.objects.values_list("code", flat=True)) == ["late"]
    early.finish()


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_leaves_the_stamp_to_what_is_seen() -> None:
    before = now()
    undone = Meanwhile(lambda: write("undone"), keep=False)
    assert now() == before
    undone.finish()
    assert now() == before
    write("done")
    assert now() != before


@pytest.mark.django_db(transaction=True)
def test_a_figure_read_in_the_middle_of_a_transaction_is_not_taken_for_its_end() -> None:
    seen = [now()]
    with transaction.atomic():
        write("a")
        seen.append(now())
        write("b")
        seen.append(now())
    seen.append(now())
    assert len(set(seen[:3])) == 3
    assert seen[3] not in seen[:2]


@pytest.mark.django_db(transaction=True)
def test_compacting_forgets_rows_and_never_brings_an_old_stamp_back() -> None:
    seen = {now()}
    for number in range(12):
        write(f"o{number}")
        seen.add(now())
    assert compact(keep=100) == 0
    for _round in range(3):
        gone = compact(keep=4)
        assert gone > 0
        assert Change.objects.filter(table_name=TABLE).count() <= 5
        assert now() not in seen
        seen.add(now())
        write(f"after{_round}")
        assert now() not in seen
        seen.add(now())


@pytest.mark.django_db(transaction=True)
def test_compacting_while_somebody_writes_hides_no_write() -> None:
    for number in range(6):
        write(f"o{number}")
    early = Meanwhile(lambda: write("early"))
    compact(keep=2)
    before = now()
    early.finish()
    assert now() != before


class AnyOrder(TestCase):
    @given(st.lists(st.sampled_from(["write", "compact", "touch"]), max_size=15))
    @settings(max_examples=25, deadline=None)
    def test_no_stamp_is_seen_twice(self, deeds: list[str]) -> None:
        seen = [now()]
        for place, deed in enumerate(deeds):
            if deed == "write":
                write(f"x{place}")
            elif deed == "touch":
                Organisation.objects.update(url=f"https://{place}.example")
            elif not compact(keep=1):
                continue
            seen.append(now())
        assert len(set(seen)) == len(seen)


@pytest.mark.django_db
def test_a_request_that_only_reads_asks_once_what_changed(
    django_assert_num_queries: Any, rf: RequestFactory
) -> None:
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.extend([stamp(["directory_organisation"]), stamp(["directory_user"]), stamp([])])
        return HttpResponse()

    plain = [stamp(["directory_organisation"]), stamp(["directory_user"]), stamp([])]
    asked = OneMoment(view)
    with django_assert_num_queries(1):
        asked(rf.get("/"))
    assert seen == plain
    OrganisationFactory()
    asked(rf.get("/"))
    assert seen[3] != seen[0], "the next request sees the write"
    with django_assert_num_queries(3):
        asked(rf.post("/"))


@pytest.mark.django_db
def test_what_is_kept_is_made_anew_after_a_write() -> None:
    made: list[int] = []

    def make() -> list[int]:
        made.append(Organisation.objects.count())
        return list(made)

    name = f"test:{uuid.uuid4()}"
    first = kept(name, ["directory_organisation"], make)
    first.append(-1)
    assert kept(name, ["directory_organisation"], make) == first[:1], "a copy of its own"
    assert len(made) == 1
    OrganisationFactory()
    assert kept(name, ["directory_organisation"], make) == made
    assert len(made) == 2
