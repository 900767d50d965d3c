"""A task moves on; two people who change it at once are told of each other."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from diapason.plan.models import Task
from tests.browser.hands import Pointer
from tests.browser.world import optional
from tests.plan.factories import TaskFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DUE, LATER = date(2019, 12, 12), date(2020, 2, 2)


def test_two_people_change_a_task_and_neither_overwrites_the_other(world, journey, words):
    task = TaskFactory(action=world.action, title={"fr": "Cartographier", "en": "Map"}, due=DUE)
    pages = {}
    for user in (world.advisor, world.manager):
        pages[user] = page = journey.open()
        journey.enter(page, user)
        page.goto(journey.address("plan:task", task.pk))
    first, second = pages.values()

    first.get_by_label(words("State")).select_option("under_way")
    Pointer(first).follow(first.get_by_role("button", name=words("Save"), exact=True))
    expect(first.get_by_role("status").filter(has_text=words("Saved."))).to_be_visible()
    task.refresh_from_db()
    assert (task.state, task.due) == ("under_way", DUE)

    # The other one, whose page is older, is shown what changed; what they chose stays.
    optional(second, words, "Due").fill(LATER.isoformat())
    save = second.get_by_role("button", name=words("Save"), exact=True)
    Pointer(second).follow(save)
    clash = second.locator(".alert-warning", has_text=words("What was changed meanwhile"))
    expect(clash).to_contain_text(world.advisor.name)
    expect(optional(second, words, "Due")).to_have_value(LATER.isoformat())
    task.refresh_from_db()
    assert (task.state, task.due) == ("under_way", DUE)

    # Having seen it, they keep the first one's change and add theirs.
    second.get_by_label(words("State")).select_option("under_way")
    Pointer(second).follow(save)
    expect(second.get_by_role("status").filter(has_text=words("Saved."))).to_be_visible()
    assert Task.objects.filter(pk=task.pk, state="under_way", due=LATER).exists()
