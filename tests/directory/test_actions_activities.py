"""Loading an official list of activities."""

from __future__ import annotations

import json

import pytest

from diapason.directory import api
from diapason.directory.contracts import ActivityRevision, Loaded
from diapason.directory.models import Activity
from diapason.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db

LIST = [
    {"id": "98", "label": "Métiers inventés"},
    {"id": "98.01z", "label": "Invention de sons"},
    {"id": "98.02Z", "label": "Invention d’images", "labels": {"en": "Invention of pictures"}},
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "naf.json"
    path.write_text(json.dumps(LIST), encoding="utf-8")
    return path


def test_it_is_loaded_once_however_often(file):
    assert api.load_activities(file, revision=ActivityRevision.SECOND) == Loaded(3, 0, 0)
    assert api.load_activities(file, revision=ActivityRevision.SECOND) == Loaded(0, 0, 3)
    assert Activity.objects.get(code="98.02Z").label["en"] == "Invention of pictures"
    assert api.load_activities(file, revision=ActivityRevision.THIRD) == Loaded(3, 0, 0)
    assert Activity.objects.filter(code="98.01Z").count() == 2


def test_cultural_ones_are_marked_and_stay_so(file):
    api.load_activities(file, revision=ActivityRevision.SECOND, cultural=["98.01"])
    marked = Activity.objects.filter(cultural=True).values_list("code", flat=True)
    assert list(marked) == ["98.01Z"]
    api.load_activities(file, revision=ActivityRevision.SECOND)
    assert list(marked.all()) == ["98.01Z"]
    assert api.load_activities(
        file, revision=ActivityRevision.SECOND, cultural=["98.02"]
    ) == Loaded(0, 2, 1)


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "{}",
        "[1]",
        '[{"id": "98"}]',
        '[{"id": 98, "label": "x"}]',
        '[{"id": "", "label": "x"}]',
        '[{"id": "12345678901", "label": "x"}]',
        '[{"id": "9", "label": "x", "labels": []}]',
    ],
)
def test_another_file_is_refused_whole(tmp_path, content):
    path = tmp_path / "other.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Refusal, match=r"other\.json"):
        api.load_activities(path, revision=ActivityRevision.SECOND)
    assert not Activity.objects.exists()
