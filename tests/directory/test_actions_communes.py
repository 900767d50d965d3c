"""Loading communes and intercommunalities in the layout in which they are published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from diapason.directory.actions import load_communes
from diapason.directory.contracts import Loaded
from diapason.directory.models import Commune
from diapason.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db

COMMUNES = [
    {
        "code": "99001",
        "nom": "Première",
        "type": "commune-actuelle",
        "codesPostaux": ["99100", "99110"],
        "population": 1200,
    },
    {"code": "99002", "nom": "Seconde", "type": "commune-actuelle", "codesPostaux": ["99200"]},
    {"code": "99002", "nom": "Ancienne", "type": "commune-deleguee", "chefLieu": "99002"},
]
INTERCOMMUNALITIES = [
    {
        "code": "200000000",
        "nom": "CC des Deux",
        "membres": [{"code": "99001", "nom": "Première"}, {"code": "99999", "nom": "Ailleurs"}],
    }
]


@pytest.fixture
def written(tmp_path: Path):
    def write(records: object) -> Path:
        path = tmp_path / "records.json"
        path.write_text(json.dumps(records), encoding="utf-8")
        return path

    return write


def test_communes_of_today_are_added_with_all_their_postcodes(written):
    assert load_communes(written(COMMUNES)) == Loaded(added=2, changed=0, unchanged=0)
    first = Commune.objects.get(code="99001")
    assert (first.name, first.postcodes, first.population) == ("Première", ["99100", "99110"], 1200)
    assert Commune.objects.get(code="99002").name == "Seconde"


def test_loading_twice_changes_nothing(written):
    load_communes(written(COMMUNES))
    assert load_communes(written(COMMUNES)) == Loaded(added=0, changed=0, unchanged=2)


def test_what_differs_is_updated(written):
    load_communes(written(COMMUNES))
    grown = [{**COMMUNES[0], "population": 1300}, COMMUNES[1]]
    assert load_communes(written(grown)) == Loaded(added=0, changed=1, unchanged=1)
    assert Commune.objects.get(code="99001").population == 1300


def test_intercommunalities_name_that_of_the_communes_that_are_there(written):
    load_communes(written(COMMUNES))
    assert load_communes(written(INTERCOMMUNALITIES)) == Loaded(added=0, changed=1, unchanged=0)
    assert Commune.objects.get(code="99001").intercommunality == "CC des Deux"
    load_communes(written(COMMUNES))
    assert Commune.objects.get(code="99001").intercommunality == "CC des Deux"
    assert Commune.objects.get(code="99002").intercommunality == ""


@pytest.mark.parametrize(
    "records",
    [{"code": "1"}, [1, 2], [{"nom": "Sans code"}], [{"code": "1", "nom": "x", "membres": 3}]],
)
def test_another_shape_is_refused_and_nothing_is_written(written, records):
    with pytest.raises(Refusal, match=r"records\.json"):
        load_communes(written(records))
    assert not Commune.objects.exists()


def test_what_is_not_json_is_refused(tmp_path: Path):
    path = tmp_path / "broken.json"
    path.write_bytes(b"\xff\xfe{")
    with pytest.raises(Refusal):
        load_communes(path)
    with pytest.raises(Refusal):
        load_communes(tmp_path / "absent.json")
