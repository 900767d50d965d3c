"""Letters: written at once, sent once, in the reader's language, with one next step."""

import os
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.core import mail as outbox
from django.db import transaction
from django.template import TemplateDoesNotExist
from procrastinate.contrib.django.models import ProcrastinateJob

from diapason.kernel import jobs, mail

LETTERS = {
    "test.subject.txt": "{% load i18n %}{% translate 'French' %}:\n {{ name|safe }}",
    "test.txt": "{% extends 'mail/letter.txt' %}{% block body %}Dear {{ name }}{% endblock %}",
    "test.html": "{% extends 'mail/letter.html' %}{% block heading %}Dear {{ name }}{% endblock %}",
}


@pytest.fixture(autouse=True)
def letters(settings: Any, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    for name, content in LETTERS.items():
        (folder / name).write_text(content)
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [str(tmp_path)]}]
    settings.BASE_URL = "https://plan.example"


def send(**changes: Any) -> int | None:
    context = {"name": "A & <b>B</b>", "act_label": "Open", "act_url": "/plan/"}
    given: dict[str, Any] = {
        "to": "ada@example.org",
        "template": "test",
        "context": context,
        "language": "en",
    }
    return mail.send(**(given | changes))


def asked() -> list[dict[str, Any]]:
    found = ProcrastinateJob.objects.filter(task_name="kernel.deliver", status="todo")
    return [job.args for job in found.order_by("pk")]


@pytest.mark.django_db
def test_a_letter_is_written_in_text_and_html_with_its_next_step() -> None:
    send()
    [letter] = asked()
    assert letter["subject"] == "French: A & <b>B</b>"
    assert letter["text"].startswith("Dear A & <b>B</b>\n\nOpen\nhttps://plan.example/plan/\n")
    document = html5lib.HTMLParser(strict=True).parse(letter["html"])
    assert document.get("lang", "en") == "en"
    assert "Dear A &amp; &lt;b&gt;B&lt;/b&gt;" in letter["html"]
    assert letter["html"].count('href="') == 1
    assert 'href="https://plan.example/plan/"' in letter["html"]


@pytest.mark.django_db
def test_a_letter_speaks_its_readers_language() -> None:
    send(language="fr")
    [letter] = asked()
    assert letter["subject"].lower().startswith("français")
    assert '<html lang="fr">' in letter["html"]


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["act_label", "act_url"])
def test_a_letter_without_a_next_step_is_not_written(missing: str) -> None:
    context = {"name": "A", "act_label": "Open", "act_url": "/plan/", missing: ""}
    with pytest.raises(ValueError, match="needs act_label and act_url"):
        send(context=context)
    with pytest.raises(TemplateDoesNotExist):
        send(template="unknown")
    assert asked() == []


@pytest.mark.django_db
def test_the_same_event_writes_once_to_the_same_address() -> None:
    assert send(key="approved:7") is not None
    assert send(key="approved:7") is None
    assert send(key="approved:7", to="ADA@example.org") is None
    assert send(key="approved:7", to="bo@example.org") is not None
    assert send(key="approved:8") is not None
    assert send() is not None
    assert send() is not None
    assert len(asked()) == 5


@pytest.mark.django_db(transaction=True)
def test_a_letter_leaves_when_its_deed_is_kept_and_only_then() -> None:
    with transaction.atomic():
        send(key="k")
        transaction.set_rollback(True)
    jobs.run_waiting()
    assert outbox.outbox == []
    with transaction.atomic():
        send(key="k")
    jobs.run_waiting()
    [message] = outbox.outbox
    assert message.to == ["ada@example.org"]
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert message.extra_headers["Message-ID"].endswith("@plan.example>")
    assert [kind for _body, kind in message.alternatives] == ["text/html"]
    assert os.linesep not in message.subject


@pytest.mark.django_db
def test_a_letter_handed_over_leaves_at_once_and_nothing_of_it_is_kept() -> None:
    context = {"name": "A «\xa0B\xa0»", "act_label": "Open", "act_url": "/secret/"}
    for _time in range(2):
        mail.hand_over(
            to="ada@example.org", template="test", context=context, language="fr", key="asked:7"
        )
    first, second = outbox.outbox
    assert "/secret/" in first.body
    # A reader's program shows a letter once that left twice; French keeps its spaces.
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.subject.endswith("A «\xa0B\xa0»")
    assert not asked()
