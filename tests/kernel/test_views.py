"""The page of a job's progress. Files and drafts are tried in their own tests."""

from typing import Any

import pytest
from django.test import Client

from diapason.directory.models import User
from diapason.kernel import jobs
from diapason.kernel.models import Progress

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client) -> User:
    ada = User.objects.create(email="ada@example.org")
    client.force_login(ada)
    return ada


def progress(ada: User, **fields: Any) -> Progress:
    made = jobs.start_progress(f"account:{ada.pk}", "Export of the plan")
    Progress.objects.filter(pk=made.pk).update(**fields)
    return made


def test_the_page_shows_how_far_and_is_read_again_without_javascript(
    client: Client, ada: User
) -> None:
    made = progress(ada, state="running", total=10, done=4, message="Axis 2")
    page = client.get(f"/en/progress/{made.pk}/")
    body = page.content.decode()
    assert f'<noscript><p><a href="/en/progress/{made.pk}/">' in body
    assert 'value="4"' in body
    assert "4 of 10" in body
    assert "Axis 2" in body
    assert f'hx-get="/en/progress/{made.pk}/"' in body
    assert f'action="/en/progress/{made.pk}/cancel/"' in body
    assert page.headers["Cache-Control"] == "no-store"


def test_the_fragment_is_the_same_part_of_the_page(client: Client, ada: User) -> None:
    made = progress(ada, state="running", total=10, done=4)
    whole = client.get(f"/progress/{made.pk}/")
    part = client.get(f"/progress/{made.pk}/", headers={"HX-Request": "true"})
    body = part.content.decode()
    assert body.startswith(f'<div class="progress-job" id="job-{made.pk}" hx-get=')
    assert body.count("id=") == 1, "it takes its own place, again and again"
    assert next(t.name for t in part.templates) == "kernel/progress_fragment.html"
    assert "kernel/progress_fragment.html" in [t.name for t in whole.templates]


def test_the_end_gives_the_result_and_asks_no_more(client: Client, ada: User) -> None:
    made = progress(ada, state="done", total=10, done=10, result_url="/accessibility/")
    body = client.get(f"/progress/{made.pk}/").content.decode()
    assert 'href="/accessibility/"' in body
    assert f'<a href="/progress/{made.pk}/">' not in body
    assert "hx-get" not in body
    assert "/cancel/" not in body


def test_who_waited_in_vain_is_led_back(client: Client, ada: User) -> None:
    made = progress(ada, state="failed", message="Mend line 3.", result_url="/accessibility/")
    body = client.get(f"/en/progress/{made.pk}/").content.decode()
    assert "Mend line 3." in body
    assert '<a class="button button-main" href="/accessibility/">Go back</a>' in body
    waiting = progress(ada, state="running", result_url="/accessibility/")
    assert "Go back" not in client.get(f"/en/progress/{waiting.pk}/").content.decode()


def test_a_job_is_cancelled_by_who_waits_for_it(client: Client, ada: User) -> None:
    made = progress(ada, state="running")
    answer = client.post(f"/progress/{made.pk}/cancel/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/progress/{made.pk}/")
    made.refresh_from_db()
    assert made.cancel_asked
    assert "/cancel/" not in client.get(f"/progress/{made.pk}/").content.decode()


def test_nobody_else_learns_of_it(client: Client, ada: User) -> None:
    made = progress(ada)
    other = Client()
    assert other.get(f"/progress/{made.pk}/").status_code == 404
    other.force_login(User.objects.create(email="bo@example.org"))
    assert other.get(f"/progress/{made.pk}/").status_code == 404
    assert other.post(f"/progress/{made.pk}/cancel/").status_code == 404
    made.refresh_from_db()
    assert not made.cancel_asked
