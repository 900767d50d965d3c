"""A person who is written of everywhere, and the search for what is left of them.

Each room's `tests/<room>/personal.py` gives

    def plant(person, canary): ...      # records about the person, in every table that may hold any
    UNPLANTED = {"room.Model": "why no record of it can be about one person"}

and the gate in `test_erasure.py` erases the person and looks for what is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, models
from pghistory.models import Events

from diapason.kernel.registries import PersonalData
from tests.trust.examples import room_files

CANARY = "Zyxcanary"
ADDRESS = "zebulon@zyxcanary.example"


def everything() -> str:
    """Every row of every table of the database, histories included, in small letters."""
    return "\n".join(row for rows in by_table().values() for row in rows).lower()


def by_table() -> dict[str, list[str]]:
    """Every row of every table, as text."""
    told = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" AS t')
            told[table] = [row for (row,) in cursor.fetchall()]
    return told


def tables_with(words: str) -> set[str]:
    """The tables of which a row holds these words, in letters of any size."""
    found = words.lower()
    return {
        table for table, rows in by_table().items() if any(found in row.lower() for row in rows)
    }


def files_with(words: str) -> list[str]:
    """The stored files that hold these words, in their name or their content."""
    return [
        path.name
        for path in Path(settings.MEDIA_ROOT).rglob("*")
        if path.is_file()
        and words.lower().encode() in path.name.lower().encode() + path.read_bytes().lower()
    ]


def links_to(key: int) -> list[str]:
    """The fields, those of histories included, of which a row names the account of that number."""
    person = get_user_model()
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        # A view of the histories is no table of its own.
        if model._meta.managed and not issubclass(model, Events)
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.related_model is person
        and model._base_manager.filter(**{field.attname: key}).exists()
    ]


def plant(person: Any) -> None:
    """Have every room write of the person, the lowest floor first."""
    for module in room_files("personal"):
        if hasattr(module, "plant"):
            module.plant(person, CANARY)


def unplanted(person: Any, declared: Iterable[PersonalData]) -> list[str]:
    """The models that hold something about people, but nothing about this one."""
    excused = {
        label.lower()
        for module in room_files("personal")
        for label in getattr(module, "UNPLANTED", {})
    }
    fields: dict[str, set[str]] = {}
    for entry in declared:
        fields.setdefault(entry.model.lower(), set()).update(entry.fields)
    return sorted(
        label
        for label, names in fields.items()
        if label not in excused and not _speaks_of(apps.get_model(label), names, person)
    )


def _speaks_of(model: type[models.Model], names: set[str], person: Any) -> bool:
    marks = {CANARY.lower(), ADDRESS.lower(), f"account:{person.pk}"}
    for record in model._base_manager.all():
        for name in names:
            field = model._meta.get_field(name)
            value = getattr(record, name if field.is_relation else field.attname)
            if field.is_relation and field.related_model is get_user_model():
                found = value == person
            else:
                written = value.get("user") == person.pk if isinstance(value, dict) else False
                found = written or any(mark in str(value).lower() for mark in marks)
            if found:
                return True
    return False
