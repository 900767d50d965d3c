"""The plan's public pages, as a visitor sees them."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache

from diapason.directory.contracts import Role
from diapason.kernel.models import StoredFile
from diapason.plan.actions import load_plan
from diapason.plan.models import Action, Indicator
from diapason.plan.planfile import read
from tests.desk.factories import VisitFactory
from tests.directory.factories import person
from tests.plan.factories import (
    ActionFactory,
    IndicatorFactory,
    PlanFactory,
    ReadingFactory,
    TargetFactory,
    TaskFactory,
)

CLERMONT = Path(__file__).parents[2] / "plans" / "clermont.yaml"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november_2020")]


@pytest.fixture
def in_november_2020():
    cache.clear()
    with time_machine.travel(date(2020, 11, 23), tick=False):
        yield


@pytest.fixture
def clermont():
    found, faults = read(CLERMONT)
    assert not faults
    load_plan(file=found)
    return found


@pytest.fixture
def visits():
    indicator = IndicatorFactory(code="visits", action__plan=PlanFactory())
    TargetFactory(indicator=indicator, period="2020", low=15, high=15)
    for day, value in [(3, 4), (9, 6)]:
        ReadingFactory(
            indicator=indicator, on=date(2020, 5, day), value=value, source=f"note {day}"
        )
    ReadingFactory(indicator=indicator, on=date(2020, 6, 1), value=99, state="declared")
    return indicator


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_action_axis_and_indicator_has_its_page(client, clermont, prefix):
    pages = [f"{prefix}/", f"{prefix}/plan/", f"{prefix}/plan/timeline/?tasks=all"]
    pages += [f"{prefix}/plan/axes/{axis.code}/" for axis in clermont.axes]
    pages += [f"{prefix}/plan/actions/{action.code}/" for action in clermont.actions]
    pages += [f"{prefix}/plan/indicators/{one.code}/" for _action, one in clermont.indicators()]
    assert len(pages) > 60
    language = "en" if prefix else "fr"
    titles = [action.title[language] for action in clermont.actions]
    for page in pages:
        assert f'<html lang="{language}">' in text(client.get(page)), page
    for action, title in zip(clermont.actions, titles, strict=True):
        page = text(client.get(f"{prefix}/plan/actions/{action.code}/"))
        assert title.replace("'", "&#x27;") in page


def test_the_screen_shows_each_promise_against_its_target(client, visits):
    page = text(client.get("/en/plan/"))
    assert "10 / 15" in page
    assert "At risk" in page


def test_the_figure_stands_above_the_rows_that_make_it(client, visits):
    page = text(client.get("/en/plan/indicators/visits/?period=2020"))
    assert "<b>10</b>" in page
    assert "note 3" in page
    assert "note 9" in page
    assert "99" not in page, "what nobody approved does not count"
    assert "2 rows, 10 in all: the count is right." in page


def test_a_missing_figure_is_not_a_zero(client, visits):
    page = text(client.get("/en/plan/indicators/visits/?period=2019"))
    assert "Nobody has given a figure yet." in page
    assert "<b>–</b>" in page


def test_without_a_period_the_page_opens_on_the_latest_that_has_a_figure(client, visits):
    with time_machine.travel(date(2021, 3, 1), tick=False):
        assert "in 2020" in text(client.get("/en/plan/indicators/visits/"))


@pytest.mark.parametrize("period", ["2050", "1999", "nonsense", "2019-2020x", "2019%0A"])
def test_a_period_that_the_plan_does_not_have_is_not_found(client, visits, period):
    assert client.get(f"/plan/indicators/visits/?period={period}").status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        "/plan/axes/nowhere/",
        "/plan/actions/nowhere/",
        "/plan/indicators/nowhere/",
        "/plan/indicators/visits/evidence.pdf",
        "/plan/indicators/nowhere/evidence.csv",
    ],
)
def test_what_is_not_there_is_not_found(client, visits, page):
    assert client.get(page).status_code == 404


def test_without_a_plan_the_home_page_teaches_and_the_plan_is_not_found(client):
    assert "load-plan" in text(client.get("/en/"))
    assert client.get("/plan/").status_code == 404


def test_what_left_the_plan_has_no_page(client, visits):
    visits.retired_at = visits.action.plan.loaded_at
    visits.save()
    assert client.get("/plan/indicators/visits/").status_code == 404
    assert "10 / 15" not in text(client.get("/en/plan/"))


def test_the_rows_leave_as_a_file_whole(client, visits):
    for number in range(60):
        ReadingFactory(indicator=visits, on=date(2020, 2, 1), value=1, source=f"=row {number}")
    answer = client.get("/en/plan/indicators/visits/evidence.csv?period=2020")
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == 62
    assert sum(Decimal(row["Value"]) for row in rows) == 70
    assert not any(row["Record"].startswith("=") for row in rows), "no cell is a formula"


@pytest.mark.parametrize(("prefix", "words"), [("", "Arts de la scène"), ("/en", "Stage arts")])
def test_a_file_says_in_words_what_rows_are_split_by(client, prefix, words):
    IndicatorFactory(action__plan=PlanFactory(), code="seen", measure="desk.visits")
    VisitFactory(sector="stage_arts", state="done", done_on=date(2020, 2, 1))
    answer = client.get(f"{prefix}/plan/indicators/seen/evidence.csv?period=2020")
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert words in content
    assert "stage_arts" not in content


def test_long_evidence_comes_in_pages_and_counts_all_of_it(client, visits):
    for number in range(60):
        ReadingFactory(indicator=visits, on=date(2020, 2, 1), value=1, source=f"row {number}.")
    first = text(client.get("/en/plan/indicators/visits/?period=2020"))
    second = text(client.get("/en/plan/indicators/visits/?period=2020&page=2"))
    assert "62 rows, 70 in all" in first
    assert first.count("<tr>") > second.count("<tr>")
    assert "row 0." in first
    assert "note 9" in second


def test_the_rows_can_be_narrowed_and_the_sum_with_them(client, visits):
    address = "/en/plan/indicators/visits/?period=2020&first=2020-05-05&last=2020-05-09"
    page = text(client.get(address))
    assert "note 9" in page
    assert "note 3" not in page
    assert "With this filter: 1 row, 6. Without it: 10." in page
    assert "<b>10</b>" in page, "the figure above stays the whole one"
    answer = client.get(address.replace("visits/", "visits/evidence.csv"))
    lines = b"".join(answer.streaming_content).decode().strip().splitlines()
    assert len(lines) == 2
    nothing = text(client.get("/en/plan/indicators/visits/?period=2020&first=2020-12-01"))
    assert "No row matches this filter." in nothing


def test_a_row_leads_to_its_source_and_for_staff_to_its_record(client, visits):
    kept = {"name": "survey.pdf", "content_type": "application/pdf", "size": 1, "sha256": "0" * 64}
    shown = StoredFile.objects.create(public=True, **kept)
    hidden = StoredFile.objects.create(public=False, **kept)
    ReadingFactory(indicator=visits, on=date(2020, 7, 1), link="https://example.org/report")
    ReadingFactory(indicator=visits, on=date(2020, 7, 2), document=shown)
    ReadingFactory(indicator=visits, on=date(2020, 7, 3), document=hidden)
    page = text(client.get("/en/plan/indicators/visits/?period=2020"))
    assert 'href="https://example.org/report"' in page
    assert f'href="/files/{shown.pk}/"' in page
    assert str(hidden.pk) not in page
    assert "/workspace/readings/" not in page
    client.force_login(person(Role.ADVISOR))
    staff = text(client.get("/en/plan/indicators/visits/?period=2020"))
    assert len(re.findall(r'href="/en/workspace/readings/\d+/', staff)) == 5


def test_a_wrong_filter_says_so_and_shows_everything(client, visits):
    page = text(
        client.get("/en/plan/indicators/visits/?period=2020&first=2020-06-01&last=2020-01-01")
    )
    assert "The last day comes before the first" in page
    assert "2 rows, 10 in all" in page
    assert "note 3" in text(client.get("/plan/indicators/visits/?period=2020&first=yesterday"))


def test_a_new_figure_shows_at_the_next_reading(client, visits):
    assert "10 / 15" in text(client.get("/en/plan/"))
    ReadingFactory(indicator=visits, on=date(2020, 7, 1), value=5)
    assert "15 / 15" in text(client.get("/en/plan/"))


def test_text_of_the_plan_cannot_become_markup(client, visits):
    ReadingFactory(indicator=visits, on=date(2020, 7, 1), value=1, source="<script>x</script>")
    assert "<script>x" not in text(client.get("/en/plan/indicators/visits/"))


def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries):
    plan = PlanFactory()
    for size in (1, 12):
        for _number in range(size):
            action = ActionFactory(plan=plan)
            for indicator in IndicatorFactory.create_batch(size, action=action):
                TargetFactory(indicator=indicator, period="2020")
                ReadingFactory.create_batch(size, indicator=indicator, on=date(2020, 3, 1))
        action = Action.objects.first()
        indicator = Indicator.objects.first()
        for page in [
            "/plan/",
            "/",
            f"/plan/actions/{action.code}/",
            f"/plan/indicators/{indicator.code}/",
            f"/plan/axes/{action.axis.code}/",
        ]:
            cache.clear()
            with django_assert_max_num_queries(24):
                text(client.get(page))
            with django_assert_max_num_queries(1):
                text(client.get(page))


@pytest.mark.parametrize(("start", "word"), [("", "En retard"), ("/en", "Late")])
def test_a_task_open_after_its_day_is_late_for_everybody(client, visits, start, word):
    action = visits.action
    TaskFactory(action=action, due=date(2020, 1, 31), state="under_way")
    for page in (f"/plan/actions/{action.code}/", "/plan/timeline/?tasks=all"):
        assert word in client.get(start + page).content.decode()
