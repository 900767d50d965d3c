"""Progress on tasks: who writes second is told what the first wrote."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from diapason.directory.contracts import Role
from diapason.kernel import clock
from diapason.kernel.refusals import Refusal
from diapason.plan.actions import EditConflict, add_task_note, update_task
from diapason.plan.contracts import TaskState
from diapason.plan.models import Task, TaskNote
from tests.directory.factories import person
from tests.plan.factories import TaskFactory
from tests.plan.racing import race


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def task(db: None) -> Task:
    return TaskFactory(starts=date(2019, 1, 1), due=date(2019, 6, 30))


def update(task: Task, **fields: object) -> Task:
    given = {
        "by": fields.get("by") or person(Role.ADVISOR, name="Ada"),
        "task": task,
        "version": 1,
        "state": TaskState.UNDER_WAY,
        "owner": None,
        "due": date(2019, 6, 30),
    }
    return update_task(**(given | fields))


def test_a_task_moves_and_gets_its_next_version(task: Task) -> None:
    ada = person(Role.ADVISOR)
    update(task, by=ada, owner=ada, due=date(2019, 9, 30))
    task.refresh_from_db()
    assert (task.state, task.owner, task.due, task.version) == (
        TaskState.UNDER_WAY,
        ada,
        date(2019, 9, 30),
        2,
    )


def test_saying_nothing_new_changes_nothing(task: Task) -> None:
    assert update(task, state=TaskState.TO_DO).version == 1


def test_a_done_task_has_its_day(task: Task) -> None:
    assert update(task, state=TaskState.DONE).done_on == clock.today()
    again = update(task, state=TaskState.DONE, version=2, done_on=date(2019, 5, 2))
    assert again.done_on == date(2019, 5, 2)
    # The day stays while other things change, and goes with the state.
    assert update(task, state=TaskState.DONE, version=3, due=None).done_on == date(2019, 5, 2)
    assert update(task, version=4).done_on is None


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"due": date(2018, 12, 31)}, "due", "before it starts"),
        ({"done_on": date(2019, 1, 1)}, "done_on", "that is done"),
        (
            {"state": TaskState.DONE, "done_on": date(1, 1, 1)},
            "done_on",
            "long before the plan",
        ),
        (
            {"state": TaskState.DONE, "done_on": date.today() + timedelta(days=2)},  # noqa: DTZ011
            "done_on",
            "future",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    task: Task, fields: dict[str, object], field: str, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refusal:
        update(task, **fields)
    assert refusal.value.field == field
    task.refresh_from_db()
    assert (task.version, task.state) == (1, TaskState.TO_DO)


def test_the_owner_is_somebody_who_works_on_tasks(task: Task) -> None:
    with pytest.raises(Refusal, match="give them a role first") as refusal:
        update(task, owner=person(Role.MEMBER))
    assert refusal.value.field == "owner"


def test_only_staff_update_tasks(task: Task) -> None:
    with pytest.raises(PermissionDenied):
        update(task, by=person(Role.COMMITTEE_MEMBER))
    with pytest.raises(PermissionDenied):
        add_task_note(by=person(), task=task, text="Hello")


def test_who_comes_second_is_told_what_changed_and_overwrites_nothing(task: Task) -> None:
    update(task, by=person(Role.ADVISOR, name="Ada"), due=date(2019, 9, 30))
    with pytest.raises(EditConflict) as conflict:
        update(task, by=person(Role.ADVISOR, name="Bea"), state=TaskState.DROPPED)
    (entry,) = conflict.value.entries
    assert entry.who == "Ada"
    assert {(one.label, one.before, one.after) for one in entry.changes} == {
        ("Due", "30\u00a0June 2019", "30\u00a0September 2019"),
        ("State", "To do", "Under way"),
    }
    assert conflict.value.current.version == 2
    task.refresh_from_db()
    assert (task.state, task.due) == (TaskState.UNDER_WAY, date(2019, 9, 30))


def test_a_task_that_left_the_plan_is_left_alone(db: None) -> None:
    with pytest.raises(Refusal, match="no longer in the plan"):
        update(TaskFactory(retired_at="2020-01-01T00:00Z"))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_at_once_one_is_told() -> None:
    task = TaskFactory()
    people = [person(Role.ADVISOR, name=name) for name in ("Ann", "Bob")]
    states = (TaskState.UNDER_WAY, TaskState.DROPPED)
    results = race(
        *(
            lambda by=by, state=state: update(task, by=by, state=state)
            for by, state in zip(people, states, strict=True)
        )
    )
    winners = [place for place, result in enumerate(results) if isinstance(result, Task)]
    assert len(winners) == 1
    conflict = results[1 - winners[0]]
    assert isinstance(conflict, EditConflict)
    assert [entry.who for entry in conflict.entries] == [people[winners[0]].name]
    task.refresh_from_db()
    assert (task.version, task.state) == (2, states[winners[0]])


def test_notes_tell_who_wrote_what(task: Task) -> None:
    ada = person(Role.ADVISOR)
    note = add_task_note(by=ada, task=task, text="  Two structures answered. ")
    assert (note.author, note.text) == (ada, "Two structures answered.")


@pytest.mark.parametrize(("text", "words"), [("  ", "few words"), ("x" * 5001, "5000 at most")])
def test_a_note_says_something_and_not_too_much(task: Task, text: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refusal:
        add_task_note(by=person(Role.ADVISOR), task=task, text=text)
    assert refusal.value.field == "text"
    assert not TaskNote.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_note_sent_ten_times_at_once_is_written_once() -> None:
    task, ada, key = TaskFactory(), person(Role.ADVISOR), uuid.uuid4()
    results = race(
        *[lambda: add_task_note(by=ada, task=task, text="Done", request_key=key).pk] * 10
    )
    assert set(results) == {TaskNote.objects.get().pk}


def test_a_task_without_beginning_is_not_due_long_before_the_plan(db: None) -> None:
    with pytest.raises(Refusal, match="long before the plan") as refusal:
        update(TaskFactory(starts=None), due=date(1, 1, 1))
    assert refusal.value.field == "due"
