"""Erasing a person leaves nothing of them anywhere, and every figure as it was.

A room falls under this gate as soon as it registers personal data: the gate asks its
`tests/<room>/personal.py` to write of the person in each of its tables.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.cache import cache

from diapason.directory.contracts import Role
from diapason.kernel import measures
from diapason.kernel.periods import Window
from diapason.kernel.registries import LegalBasis, PersonalData, personal_data
from diapason.plan.queries.figures import current_plan, figures
from tests.directory.factories import UserFactory, person
from tests.trust import canary
from tests.trust.canary import ADDRESS, CANARY
from tests.trust.examples import room_files

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
