"""Two people on one case: they see each other, and nobody overwrites anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from diapason.desk import actions
from diapason.desk.actions import Changed
from diapason.desk.contracts import Need, Sector
from diapason.desk.models import Case, CasePresence
from diapason.desk.tasks import forget_old_contacts
from diapason.directory.contracts import Role
from diapason.kernel.clock import today
from diapason.kernel.refusals import Refusal
from tests.desk.factories import CaseFactory, CaseStageFactory
from tests.directory.factories import person

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def case(db: None) -> Case:
    made = CaseFactory(title="Echoes", next_on=today())
    CaseStageFactory(case=made)
    return made


def manager(name: str) -> Any:
    found = person(Role.PROGRAMME_MANAGER)
    type(found)._default_manager.filter(pk=found.pk).update(name=name)
    return found


def client_of(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def test_two_advisors_on_one_case_see_each_other(case: Case) -> None:
    address = f"/en/workspace/cases/{case.pk}/"
    ada, bob = manager("Ada A"), manager("Bob B")
    assert "has this case open too" not in client_of(ada).get(address).content.decode()
    page = client_of(bob).get(address).content.decode()
    assert "<strong>Ada A</strong>" in page
    part = client_of(ada).get(f"{address}present/?version=1", headers=HTMX).content.decode()
    assert "<strong>Bob B</strong>" in part
    assert "changed since" not in part
    Case.objects.update(version=2)
    part = client_of(ada).get(f"{address}present/?version=1", headers=HTMX).content.decode()
    assert "This case changed since you opened it." in part
    # What was said already is not said again.
    again = client_of(ada).get(f"{address}present/?version=1&told={bob.pk}:1", headers=HTMX)
    assert again.status_code == 204
    assert client_of(ada).get(f"{address}present/").url == address
    # What the page showed stays what it compares with.
    assert "present/?version=1" in part
    CasePresence.objects.update(seen_at=timezone.now() - timedelta(minutes=6))
    assert "<strong>Bob B" not in client_of(ada).get(address).content.decode()


def test_presence_is_forgotten_within_the_day(case: Case) -> None:
    ada = manager("Ada A")
    actions.be_present(by=ada, case=case)
    actions.be_present(by=ada, case=case)
    assert CasePresence.objects.count() == 1
    CasePresence.objects.update(seen_at=timezone.now() - timedelta(days=2))
    forget_old_contacts()
    assert not CasePresence.objects.exists()
    actions.be_present(by=ada, case=case)
    actions.forget_person(ada)
    assert not CasePresence.objects.exists()


def given(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Echoes",
        "summary": "",
        "needs": ["advice"],
        "sector": "music",
        "version": "1",
    } | fields


def test_a_case_is_corrected_and_what_is_wrong_keeps_what_was_typed(case: Case) -> None:
    client = client_of(manager("Ada A"))
    address = f"/en/workspace/cases/{case.pk}/correct/"
    answer = client.post(address, given(needs=["place"], student="on"))
    assert answer.url == f"/en/workspace/cases/{case.pk}/"
    case.refresh_from_db()
    assert (case.needs, case.student, case.version) == (["place"], True, 2)
    page = client.post(address, given(needs=[], version="2", title="Kept title")).content.decode()
    assert 'value="Kept title"' in page


def test_conflicting_corrections_stand_side_by_side_and_nothing_is_lost(case: Case) -> None:
    address = f"/en/workspace/cases/{case.pk}/correct/"
    client_of(manager("Ada A")).post(address, given(title="Theirs", sector="games"))
    client = client_of(manager("Bob B"))
    page = client.post(address, given(title="Mine")).content.decode()
    assert "nothing was overwritten" in page
    for words in ("Theirs", "Mine", "Video games", "Music"):
        assert words in page
    case.refresh_from_db()
    assert (case.title, case.sector) == ("Theirs", "games")
    assert 'name="version" value="2"' in page
    client.post(address, given(title="Mine", version="2"))
    case.refresh_from_db()
    assert (case.title, case.version) == ("Mine", 3)


def test_who_does_not_decide_corrects_nothing(case: Case) -> None:
    fields: dict[str, Any] = {
        "version": 1,
        "title": "New",
        "summary": "",
        "needs": [Need.ADVICE],
        "sector": Sector.MUSIC,
        "student": False,
        "commune_id": None,
    }
    with pytest.raises(PermissionDenied):
        actions.correct_case(by=person(Role.ADVISOR), case=case, **fields)
    ada = manager("Ada A")
    with pytest.raises(Changed):
        actions.correct_case(by=ada, case=case, **fields | {"version": 9})
    with pytest.raises(Refusal, match="at least one need"):
        actions.correct_case(by=ada, case=case, **fields | {"needs": []})
    Case.objects.update(closed_on=today(), closing="done", next_on=None)
    with pytest.raises(Refusal, match="closed"):
        actions.correct_case(by=ada, case=case, **fields)
