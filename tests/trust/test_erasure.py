"""Erasing a person leaves nothing of them anywhere, and every figure as it was.

A room falls under this gate as soon as it registers personal data: the gate asks its
`tests/<room>/personal.py` to write of the person in each of its tables.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from diapason.directory.actions import erase_account
from diapason.directory.contracts import Role
from diapason.kernel import files, measures
from diapason.kernel.backup import backup, restore
from diapason.kernel.periods import Window
from diapason.kernel.registries import LegalBasis, PersonalData, personal_data
from diapason.plan.queries.figures import current_plan, figures
from tests.directory.factories import UserFactory, person
from tests.kernel.backup.test_init import new_database
from tests.trust import canary
from tests.trust.canary import ADDRESS, CANARY
from tests.trust.examples import room_files
from tests.trust.world import client_of

EVER = Window(date(2000, 1, 1), date(2100, 1, 1))
# What goes with the person, of all that a figure may be made of.
OF_THE_PERSON = {"directory_membership", "directory_user"}


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.HOME = tmp_path / "home"
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()
    yield tmp_path
    cache.clear()


def somebody() -> Any:
    """A person of whom every room has written."""
    person(Role.OPERATOR)
    made = UserFactory(name=CANARY, email=ADDRESS)
    EmailAddress.objects.create(user=made, email=ADDRESS, verified=True, primary=True)
    canary.plant(made)
    return made


def numbers() -> dict[str, Any]:
    """Every figure, and how many rows feed each measure."""
    told: dict[str, Any] = {}
    feeding = set()
    for key in measures.offered():
        offered = measures.find(key)
        told[key] = _evidence(offered.evidence).number()
        feeding |= set(offered.tables)
    for model in apps.get_models():
        if model._meta.db_table in feeding - OF_THE_PERSON:
            told[model._meta.db_table] = model._base_manager.count()
    if (plan := current_plan()) is not None:
        told["plan"] = [
            (one.indicator, one.period.key, one.value) for one in figures(plan, at=date(2021, 1, 1))
        ]
    return told


def _evidence(of: Any) -> Any:
    """The evidence of a measure; one of a cohort is told how long after, and as of which day."""
    takes = inspect.signature(of).parameters
    asked = {"lag_years": 1, "at": date(2021, 1, 1)}
    return of(EVER, **{name: value for name, value in asked.items() if name in takes})


@pytest.mark.django_db
def test_every_room_writes_of_the_person_in_each_table_that_may() -> None:
    made = somebody()
    assert canary.unplanted(made, personal_data) == [], (
        "plant() of tests/<room>/personal.py writes nothing about the person in these: have it "
        "write, or say in UNPLANTED why nothing there is about one person"
    )


@pytest.mark.django_db
def test_what_is_excused_exists_and_says_why() -> None:
    known = {entry.model.lower() for entry in personal_data}
    for module in room_files("personal"):
        for label, reason in getattr(module, "UNPLANTED", {}).items():
            assert label.lower() in known, label
            assert len(reason) > 20, label


@pytest.mark.django_db(transaction=True)
def test_a_person_who_is_erased_is_nowhere_and_no_figure_changes(home: Path) -> None:
    made, reader = somebody(), client_of(person(Role.OPERATOR))
    before = numbers()
    assert len(canary.tables_with(CANARY)) > 5
    assert canary.files_with(CANARY)
    assert canary.links_to(made.pk)

    erase_account(user_id=made.pk, confirmation=ADDRESS)
    assert numbers() == before
    assert canary.tables_with(CANARY) | canary.tables_with(ADDRESS) == {"kernel_storedfile"}
    assert canary.tables_with(f"account:{made.pk}") == set()
    assert canary.links_to(made.pk) == []
    # A file that nothing refers to any more goes a day later.
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        files.remove_orphans()
    assert canary.tables_with(CANARY) == set()
    assert canary.files_with(CANARY) == []

    for path in (reverse("site:search"), reverse("directory:organisations")):
        answer = reader.get(path, {"q": CANARY, "words": CANARY})
        # The page may repeat what was asked, and nothing else.
        assert CANARY.lower() not in answer.content.decode().lower().replace(
            f'value="{CANARY}"'.lower(), ""
        ).replace(f"«\u00a0{CANARY}\u00a0»".lower(), "").replace(f"={CANARY}".lower(), "")

    backup(home / "backup.zip")
    with new_database("canary"):
        restore(home / "backup.zip")
        assert canary.tables_with(CANARY) | canary.tables_with(ADDRESS) == set()
        assert canary.links_to(made.pk) == []
        assert numbers() == before


@pytest.mark.django_db
def test_the_gate_sees_a_table_of_which_nobody_writes() -> None:
    entry = PersonalData(
        model="directory.Commune",
        fields=("name",),
        purpose="planted",
        legal_basis=LegalBasis.CONSENT,
        retention="planted",
    )
    assert canary.unplanted(person(), [entry]) == ["directory.commune"]


@pytest.mark.django_db
def test_the_search_sees_rows_histories_and_files(home: Path) -> None:
    made = UserFactory(name=CANARY)
    made.name = "Somebody else"
    made.save()
    assert canary.tables_with(CANARY.upper()) == {"directory_userevent"}
    (home / "media").mkdir()
    (home / "media" / "x").write_bytes(b"about " + CANARY.lower().encode())
    assert canary.files_with(CANARY) == ["x"]
