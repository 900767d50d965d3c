"""What the plan offers to the common pages: the day, links, search, documents, people's data."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from diapason.directory.contracts import Role
from diapason.kernel import files
from diapason.kernel.clock import today
from diapason.kernel.registries import (
    DayItem,
    day_items,
    navigation,
    personal_data,
    personal_records,
    search_sources,
)
from diapason.plan.contracts import Part, ReadingState, TaskState
from diapason.plan.models import (
    BudgetEntry,
    Participation,
    PlanLoad,
    Reading,
    Target,
    Task,
    TaskNote,
)
from tests.directory.factories import MembershipFactory, person
from tests.plan.factories import (
    ActionFactory,
    IndicatorFactory,
    PlanFactory,
    ReadingFactory,
    TaskFactory,
)
from tests.plan.workspace import LANGUAGES, signed


@pytest.fixture
def manager(db: None) -> Any:
    return person(Role.PROGRAMME_MANAGER, name="Max")


@pytest.fixture
def advisor(db: None) -> Any:
    return person(Role.ADVISOR, name="Ada")


def items(key: str, user: Any) -> list[DayItem]:
    with override("en"):
        return list(day_items[f"plan.{key}"](user))


def waiting(by: Any, **fields: Any) -> Reading:
    return ReadingFactory(state=ReadingState.DECLARED, declared_by=by, **fields)


def test_figures_wait_for_managers_but_never_their_own(manager: Any, advisor: Any) -> None:
    waiting(manager)
    reading = waiting(advisor)
    (item,) = items("readings_to_approve", manager)
    assert item.url == f"/en/workspace/readings/{reading.pk}/"
    assert item.detail == "Declared by Ada"
    assert items("readings_to_approve", advisor) == []
    assert items("readings_to_approve", person(Role.MEMBER)) == []


def test_many_figures_to_approve_end_in_one_line(manager: Any, advisor: Any) -> None:
    indicator = IndicatorFactory()
    for _each in range(8):
        waiting(advisor, indicator=indicator)
    shown = items("readings_to_approve", manager)
    assert len(shown) == 6
    assert shown[-1].title == "3 more figures wait for your approval"


def test_a_returned_figure_goes_back_to_its_author(advisor: Any, manager: Any) -> None:
    ReadingFactory(state=ReadingState.RETURNED, declared_by=advisor)
    (item,) = items("readings_returned", advisor)
    assert item.detail == "The source is not the right one."
    assert items("readings_returned", manager) == []


def test_tasks_of_mine_that_are_late_or_due_within_two_weeks(advisor: Any) -> None:
    now = today()
    late = TaskFactory(owner=advisor, due=now - timedelta(days=3), state=TaskState.UNDER_WAY)
    soon = TaskFactory(owner=advisor, due=now + timedelta(days=13))
    TaskFactory(owner=advisor, due=now + timedelta(days=14))
    TaskFactory(owner=advisor, due=now, state=TaskState.DONE, done_on=now)
    TaskFactory(due=now)
    assert [(item.due, item.tone.value) for item in items("tasks", advisor)] == [
        (late.due, "bad"),
        (soon.due, "plain"),
    ]


def test_whoever_leads_an_action_is_asked_for_its_missing_figures(db: None) -> None:
    now = today()
    plan = PlanFactory(starts=date(now.year - 1, 1, 1), ends=date(now.year + 2, 1, 1))
    action = ActionFactory(plan=plan)
    membership = MembershipFactory(role=Role.ADVISOR)
    Participation.objects.create(
        action=action, organisation=membership.organisation, part=Part.LEADER
    )
    silent = IndicatorFactory(action=action, code="silent")
    told = IndicatorFactory(action=action, code="told")
    IndicatorFactory(action=ActionFactory(plan=plan), code="of-others")
    waiting(membership.user, indicator=told, on=now)
    (item,) = items("silent_indicators", membership.user)
    assert item.url.endswith("?indicator=silent")
    assert item.due == date(now.year, 12, 31)
    ReadingFactory(indicator=silent, on=date(now.year - 1, 6, 1))
    IndicatorFactory(action=action, code="silent-too")
    (both,) = items("silent_indicators", membership.user)
    assert both.title.startswith("Give 2 figures of")
    assert both.url.endswith(f"?action={action.code}")
    assert items("silent_indicators", person(Role.ADVISOR)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_day_page_shows_it(language: str, manager: Any, advisor: Any) -> None:
    waiting(advisor)
    address = {"fr": "/my-day/", "en": "/en/my-day/"}[language]
    page = signed(manager).get(address).content.decode()
    assert {"fr": "Approuver ou renvoyer", "en": "Approve or return"}[language] in page


def test_links_count_what_waits(manager: Any, advisor: Any) -> None:
    waiting(advisor)
    ReadingFactory(state=ReadingState.RETURNED, declared_by=advisor)
    TaskFactory(owner=manager, due=today())
    counts = {
        key: item.count
        for key, item in navigation.items()
        if key.startswith("plan.") and item.count
    }
    assert {key: count(manager).count() for key, count in counts.items()} == {
        "plan.readings": 1,
        "plan.tasks": 1,
    }
    assert counts["plan.readings"](advisor).count() == 1


def test_search_finds_words_whatever_their_accents_and_language(advisor: Any) -> None:
    action = ActionFactory(title={"fr": "Créer une école", "en": "Make a school"}, short={})
    indicator = IndicatorFactory(
        action=action, code="pupils", title={"fr": "Élèves de l’école", "en": "Pupils"}
    )
    task = TaskFactory(action=action, title={"fr": "Ouvrir l’école", "en": "Open the school"})

    def search(user: Any, words: str, limit: int) -> list[Any]:
        with override("fr"):
            return list(search_sources["plan.plan"].search(user, words, limit))

    found = search(AnonymousUser(), "ECOLE", 20)
    assert [hit.url for hit in found] == [
        f"/plan/actions/{action.code}/",
        f"/plan/indicators/{indicator.code}/",
        f"/plan/actions/{action.code}/",
    ]
    assert [hit.url for hit in search(advisor, "open school", 20)] == [
        f"/workspace/tasks/{task.pk}/"
    ]
    assert search(advisor, "100%", 20) == []
    assert search(advisor, "fr", 20) == []


def test_a_document_opens_to_those_who_see_its_figure(
    manager: Any, advisor: Any, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    document = files.store(SimpleUploadedFile("a.csv", b"a;b\n1;2\n"))
    waiting(advisor, document=document)
    assert files.readable(document, manager)
    assert files.readable(document, advisor)
    for other in (person(Role.ADVISOR), person(Role.MEMBER), AnonymousUser()):
        assert not files.readable(document, other)


def test_every_link_to_a_person_says_why() -> None:
    declared = {(told.model, field) for told in personal_data for field in told.fields}
    for model in (Reading, Target, Task, TaskNote, BudgetEntry, PlanLoad):
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model._meta.label == "directory.User":
                assert (model._meta.label, field.name) in declared


def test_a_person_takes_their_records_away_and_leaves_no_name(advisor: Any, manager: Any) -> None:
    reading = ReadingFactory(declared_by=advisor, decided_by=manager, value=Decimal(3))
    task = TaskFactory(owner=advisor)
    TaskNote.objects.create(task=task, author=advisor, text="Done soon.")
    records = personal_records["plan.records"]
    exported = records.export(advisor)
    assert [one["indicator"] for one in exported["figures_declared"]] == [reading.indicator.code]
    assert [one["text"] for one in exported["notes"]] == ["Done soon."]
    records.erase(advisor)
    reading.refresh_from_db()
    task.refresh_from_db()
    assert (reading.declared_by, reading.decided_by, reading.value) == (None, manager, 3)
    assert task.owner is None
    assert not Reading.pgh_event_model.objects.filter(declared_by=advisor.pk).exists()
    assert not Task.pgh_event_model.objects.filter(owner=advisor.pk).exists()
    assert not any(records.export(advisor).values())
