"""Nothing about a person is kept without a purpose, a legal basis and a limit: every field that
names or concerns somebody is declared by its room, or says why it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.test.utils import isolate_apps
from pghistory.models import Events

from diapason.kernel.registries import PersonalData, personal_data
from tests.trust.examples import room_files

# Words of a field's name that speak of a person.
_SPEAKS = re.compile(
    r"(^|_)(e?mail|phone|mobile|address|name|names|surname|firstname|lastname|birth|born|age|"
    r"gender|nationality|iban|ip|user_agent|photo|portrait|signature|owner|author|contact|person|"
    r"people|parent_name|password|metadata|args|session_data)(_|$)"
)
_MINORS = re.compile(
    r"child|pupil|minor|pre?teen|adolescent|schoolboy|schoolgirl|kid", re.IGNORECASE
)
_NAMES = re.compile(r"(^|_)(name|names|surname|first_name|last_name|nickname|email|photo)($|_)")
# Framework tables that hold permissions' and tables' names, never people's.
_MACHINERY = {"auth", "contenttypes"}


def concerned(model: type[models.Model]) -> list[str]:
    """The fields of a model that may hold something about a person."""
    person = get_user_model()
    found = []
    for field in model._meta.get_fields():
        if not getattr(field, "concrete", False) or field.auto_created:
            continue
        if field.is_relation:
            if field.related_model is person:
                found.append(field.name)
        elif isinstance(field, models.EmailField | models.GenericIPAddressField | models.FileField):
            found.append(field.name)
        elif isinstance(field, models.TextField | models.CharField | models.JSONField):
            # What a person may write freely may speak of a person.
            free = isinstance(field, models.TextField) and not field.choices
            if (free or _SPEAKS.search(field.name)) and not field.choices:
                found.append(field.name)
    return found


def kept_models() -> list[type[models.Model]]:
    """Every table of ours and of the packages; the history of a table falls under the table."""
    return [
        model
        for model in apps.get_models()
        if model._meta.managed
        and model._meta.app_label not in _MACHINERY
        and not getattr(model, "pgh_tracked_model", None)
        and not issubclass(model, Events)  # a view of the histories, not a table
    ]


def not_personal() -> dict[str, str]:
    """Fields that hold nothing about a person, with the reason: NOT_PERSONAL in the rooms'
    tests/<room>/personal.py."""
    merged: dict[str, str] = {}
    for module in room_files("personal"):
        merged |= module.NOT_PERSONAL
    return merged


def undeclared(
    model: type[models.Model], declared: Iterable[PersonalData], excused: dict[str, str]
) -> list[str]:
    label = model._meta.label
    known = {
        name for entry in declared if entry.model.lower() == label.lower() for name in entry.fields
    }
    return [
        f"{label}.{name}: say why it is kept, on what basis and for how long "
        "(personal_data in the room's offers.py), or why it is about nobody (NOT_PERSONAL in "
        "tests/<room>/personal.py)"
        for name in concerned(model)
        if name not in known and f"{label}.{name}" not in excused
    ]


@pytest.mark.parametrize("model", kept_models(), ids=lambda model: model._meta.label)
def test_every_personal_field_is_declared(model: type[models.Model]) -> None:
    found = undeclared(model, personal_data, not_personal())
    assert not found, "\n".join(found)


@pytest.mark.parametrize("key", [key for key, _entry in personal_data.items()])
def test_declarations_are_of_fields_that_are_there(key: str) -> None:
    entry = personal_data[key]
    model = apps.get_model(entry.model)
    for name in entry.fields:
        assert model._meta.get_field(name)
    for words in (entry.purpose, entry.retention):
        assert len(str(words)) > 5


def test_excuses_are_of_fields_that_are_there() -> None:
    for name, reason in not_personal().items():
        label, _dot, field = name.rpartition(".")
        assert apps.get_model(label)._meta.get_field(field)
        assert len(reason) > 10, name


def of_minors(model: type[models.Model]) -> list[str]:
    """Fields that would name a child: minors are counted, never named."""
    about = bool(_MINORS.search(model.__name__))
    return [
        f"{model._meta.label}.{field.name}: minors are counted, never named"
        for field in model._meta.get_fields()
        if getattr(field, "concrete", False)
        and not field.is_relation
        and _NAMES.search(field.name)
        and (about or _MINORS.search(field.name))
    ]


@pytest.mark.parametrize("model", kept_models(), ids=lambda model: model._meta.label)
def test_no_field_names_a_minor(model: type[models.Model]) -> None:
    assert not of_minors(model)


# A planted fault of each sort must be found.


@isolate_apps("diapason.plan")
def test_an_undeclared_field_is_found() -> None:
    class Visit(models.Model):
        visitor = models.ForeignKey(get_user_model(), models.CASCADE, related_name="+")
        phone = models.CharField(max_length=20)
        address = models.EmailField()
        remarks = models.TextField()
        people = models.PositiveIntegerField()
        state = models.CharField(max_length=3, choices=[("a", "a")])

        class Meta:
            app_label = "plan"

    found = undeclared(Visit, [], {})
    assert [line.split(":")[0] for line in found] == [
        f"plan.Visit.{name}" for name in ("visitor", "phone", "address", "remarks")
    ]
    given: Any = PersonalData(
        model="plan.Visit",
        fields=("visitor", "phone", "address"),
        purpose="",
        legal_basis=personal_data["directory.account"].legal_basis,
        retention="",
    )
    excused = {"plan.Visit.remarks": "says what was seen"}
    assert not undeclared(Visit, [given], excused)


@isolate_apps("diapason.plan")
def test_a_minors_name_is_found() -> None:
    class Pupil(models.Model):
        first_name = models.CharField(max_length=20)
        count = models.PositiveIntegerField()

        class Meta:
            app_label = "plan"

    class Workshop(models.Model):
        child_name = models.CharField(max_length=20)

        class Meta:
            app_label = "plan"

    assert of_minors(Pupil)
    assert of_minors(Workshop)
