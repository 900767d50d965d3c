"""Tasks: the list, where one stands, notes, and two people at once."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from diapason.directory.contracts import Role
from diapason.kernel import drafts
from diapason.kernel.models import Draft
from diapason.plan.actions import update_task
from diapason.plan.contracts import TaskState
from diapason.plan.models import Task, TaskNote
from tests.directory.factories import person
from tests.plan.factories import TaskFactory
from tests.plan.workspace import LANGUAGES, address, page_of, signed


@pytest.fixture
def advisor(db: None) -> Any:
    return person(Role.ADVISOR, name="Ada")


@pytest.fixture
def task(db: None) -> Task:
    return TaskFactory(code="map", due=date(2019, 12, 31))


def form_of(task: Task, **fields: Any) -> dict[str, Any]:
    return {
        "act": "update",
        "state": task.state,
        "owner": task.owner_id or "",
        "due": task.due.isoformat() if task.due else "",
        "done_on": "",
        "version": task.version,
        **fields,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_says_what_is_late(language: str, task: Task, advisor: Any) -> None:
    done = TaskFactory(
        action=task.action, state=TaskState.DONE, due=date(2019, 6, 1), done_on=date(2019, 5, 1)
    )
    client, url = signed(advisor), address("tasks", language=language)
    answer = client.get(url)
    shown = {row.record.pk: str(row.cells[-1].value) for row in answer.context["listing"].rows}
    words = {"fr": ("En retard", "Faite"), "en": ("Late", "Done")}[language]
    assert shown == {task.pk: words[0], done.pk: words[1]}


def test_what_is_late_stands_first_and_what_is_over_last(task: Task, advisor: Any) -> None:
    over = TaskFactory(
        action=task.action, state=TaskState.DONE, due=date(2018, 1, 1), done_on=date(2018, 1, 1)
    )
    some_day = TaskFactory(action=task.action, due=None)
    soon = TaskFactory(action=task.action, due=date(2099, 1, 1))
    answer = signed(advisor).get(address("tasks"))
    shown = [row.record.pk for row in answer.context["listing"].rows]
    assert shown == [task.pk, soon.pk, some_day.pk, over.pk]


def test_a_list_that_is_kept_is_the_reader_s_own_and_of_the_moment(
    task: Task, advisor: Any, django_assert_max_num_queries: Any
) -> None:
    """Kept for one reader: a change shows at once, and so do their messages and counts."""
    client, url = signed(advisor), address("tasks")
    first = client.get(url).content.decode()
    with django_assert_max_num_queries(7):
        assert client.get(url).content.decode().count(str(task.title)) == first.count(
            str(task.title)
        )
    other = signed(person(Role.ADVISOR, name="Bo")).get(url).content.decode()
    assert "<span>Bo</span>" in other
    assert "<span>Ada</span>" not in other
    update_task(
        by=advisor,
        task=task,
        version=task.version,
        state=TaskState.UNDER_WAY,
        owner=advisor,
        due=task.due,
        done_on=None,
    )
    after = client.get(url).content.decode()
    assert first.count("Ada") < after.count("Ada")


def test_filters_narrow_and_the_export_follows(task: Task, advisor: Any) -> None:
    mine = TaskFactory(action=task.action, owner=advisor, state=TaskState.UNDER_WAY)
    client, url = signed(advisor), address("tasks")
    for query, wanted in (
        ("owner=mine", {mine.pk}),
        ("owner=nobody", {task.pk}),
        (f"owner={advisor.pk}", {mine.pk}),
        ("state=open", {mine.pk, task.pk}),
        ("state=under_way", {mine.pk}),
        ("late=late", {task.pk}),
        (f"action={task.action.code}", {mine.pk, task.pk}),
    ):
        rows = client.get(f"{url}?{query}").context["listing"].rows
        assert {row.record.pk for row in rows} == wanted, query
    for sort in ("title", "-action", "owner", "due", "-state"):
        assert client.get(f"{url}?sort={sort}").status_code == 200
    content = b"".join(client.get(f"{url}?late=late&export=csv").streaming_content).decode()
    assert f"Task {task.code}" in content
    assert f"Task {mine.code}" not in content


def test_the_list_costs_the_same_at_one_row_and_at_fifty(
    task: Task, advisor: Any, django_assert_max_num_queries: Any
) -> None:
    client, url = signed(advisor), address("tasks")
    client.get(url)
    cache.clear()
    with django_assert_max_num_queries(12) as few:
        client.get(url)
    TaskFactory.create_batch(49, action=task.action, owner=advisor)
    cache.clear()
    with django_assert_max_num_queries(12) as many:
        client.get(url)
    assert len(few) == len(many)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_task_is_moved_on(language: str, task: Task, advisor: Any) -> None:
    client, url = signed(advisor), address("task", task.pk, language=language)
    page_of(client, url)
    answer = client.post(
        url, form_of(task, state="done", owner=advisor.pk, done_on="2019-12-20"), follow=True
    )
    task.refresh_from_db()
    assert (task.state, task.owner, task.done_on) == (TaskState.DONE, advisor, date(2019, 12, 20))
    assert {"fr": "Enregistré.", "en": "Saved."}[language] in answer.content.decode()


def test_the_day_it_was_done_goes_when_it_is_open_again(task: Task, advisor: Any) -> None:
    client, url = signed(advisor), address("task", task.pk)
    client.post(url, form_of(task, state="done", done_on="2019-12-20"))
    task.refresh_from_db()
    client.post(url, form_of(task, state="under_way", done_on="2019-12-20"))
    task.refresh_from_db()
    assert (task.state, task.done_on) == (TaskState.UNDER_WAY, None)


def test_a_refusal_stands_beside_its_field(advisor: Any) -> None:
    task = TaskFactory(starts=date(2019, 6, 1), due=date(2019, 12, 31))
    client, url = signed(advisor), address("task", task.pk)
    early = client.post(url, form_of(task, due="2019-01-01"))
    assert list(early.context["form"].errors) == ["due"]
    assert early.context["form"]["due"].value() == "2019-01-01"
    odd = client.post(url, form_of(task, state="burnt"))
    assert list(odd.context["form"].errors) == ["state"]


def test_the_second_to_save_sees_what_the_first_changed(task: Task, advisor: Any) -> None:
    seen = form_of(task, state="under_way", due="2020-01-31")
    other = person(Role.PROGRAMME_MANAGER, name="Max")
    update_task(by=other, task=task, version=1, state=TaskState.TO_DO, due=date(2020, 3, 1))
    client, url = signed(advisor), address("task", task.pk)
    answer = client.post(url, seen)
    page = answer.content.decode()
    assert "Somebody changed this task while you were typing." in page
    assert "Max" in page
    assert answer.context["form"]["due"].value() == "2020-01-31"
    task.refresh_from_db()
    assert task.due == date(2020, 3, 1)
    version = answer.context["form"]["version"].value()
    client.post(url, {**seen, "version": version})
    task.refresh_from_db()
    assert (task.state, task.due) == (TaskState.UNDER_WAY, date(2020, 1, 31))


def test_a_note_is_kept_once_and_its_draft_goes(task: Task, advisor: Any) -> None:
    client, url = signed(advisor), address("task", task.pk)
    key = f"plan.task-note:{task.pk}"
    drafts.save(f"account:{advisor.pk}", key, {"text": ["Half a note"]})
    assert client.get(url).context["note"]["text"].value() == "Half a note"
    note = {"act": "note", "text": "The partners met.", "request_key": str(uuid.uuid4())}
    for _twice in range(2):
        client.post(url, note)
    assert [one.text for one in TaskNote.objects.all()] == ["The partners met."]
    assert not Draft.objects.exists()
    assert "The partners met." in page_of(client, url)


def test_an_empty_note_is_refused(task: Task, advisor: Any) -> None:
    answer = signed(advisor).post(address("task", task.pk), {"act": "note", "text": "  "})
    assert answer.context["note"].errors["text"]


def test_a_task_of_another_plan_or_retired_is_not_found(task: Task, advisor: Any) -> None:
    gone = TaskFactory(action=task.action, retired_at=task.action.plan.loaded_at)
    client = signed(advisor)
    assert client.get(address("task", gone.pk)).status_code == 404
    assert client.get(address("task", 999999)).status_code == 404


@pytest.mark.parametrize("role", [Role.MEMBER, Role.JUROR, Role.COMMITTEE_MEMBER])
def test_others_do_not_work_on_tasks(role: Role, task: Task) -> None:
    client = signed(person(role))
    assert client.get(address("tasks")).status_code == 403
    assert client.post(address("task", task.pk), form_of(task)).status_code == 403


def test_the_history_tells_what_people_changed_and_no_counter_of_ours(
    task: Task, advisor: Any
) -> None:
    client, url = signed(advisor), address("task", task.pk)
    assert client.post(url, form_of(task, state="under_way")).status_code == 302
    page = page_of(client, url)
    assert "State: To do → Under way" in page
    assert "Version" not in page


def test_a_form_that_asks_for_nothing_known_is_told_so(task: Task, advisor: Any) -> None:
    answer = signed(advisor).post(address("task", task.pk), {"act": "explode"})
    assert answer.status_code == 200
    assert "Choose what to do with this task." in answer.content.decode()
    task.refresh_from_db()
    assert task.version == form_of(task)["version"]


@pytest.mark.parametrize("version", ["-1", "99999999999999999999", "9223372036854775808", "x", ""])
def test_an_invented_version_overwrites_nothing(task: Task, advisor: Any, version: str) -> None:
    fields = form_of(task, version=version, due="2020-01-31")
    assert signed(advisor).post(address("task", task.pk), fields).status_code == 200
    task.refresh_from_db()
    assert task.due == date(2019, 12, 31)
