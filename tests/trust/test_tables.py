"""Laws of the tables: keys point down, migrations are written, triggers are installed, and whatever
feeds a figure tells that it changed."""

from __future__ import annotations

import configparser
import inspect
import re
from contextlib import suppress
from datetime import date
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from django.test.utils import isolate_apps
from django.utils.translation import override
from pgtrigger.core import Trigger

from diapason.directory.contracts import Role
from diapason.kernel import measures
from diapason.kernel.measures import Measure
from diapason.kernel.models import Stamped
from diapason.kernel.periods import Window
from diapason.plan.api import front_page_tables
from tests.directory.factories import person
from tests.trust.examples import TESTS

ROOT = TESTS.parent
OURS = [model for model in apps.get_models() if model.__module__.startswith("diapason.")]


def floors() -> dict[str, int]:
    """How high each room stands, from the contract of the import linter."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    layers = contracts["importlinter:contract:floors"]["layers"].split("\n")
    return {
        room.strip(" ()"): height
        for height, layer in enumerate(reversed([line for line in layers if line.strip()]))
        for room in layer.split("|")
    }


def upward(model: type[models.Model], heights: dict[str, int]) -> list[str]:
    """Keys of a table that point to a room which stands as high or higher, or that hang an
    attribute on another room's records."""
    own = model._meta.app_label
    found = []
    for field in model._meta.get_fields():
        if not field.is_relation or not getattr(field, "concrete", False) or field.auto_created:
            continue
        other = field.related_model._meta.app_label
        name = f"{model._meta.label}.{field.name}"
        if other in heights and other != own and heights[other] >= heights[own]:
            found.append(f"{name} points up to {other}")
        hidden = (field.remote_field.related_name or "").endswith("+")
        if other in heights and not hidden and not getattr(model, "pgh_tracked_model", None):
            found.append(f'{name} must say related_name="+"')
    return found


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_keys_point_down(model: type[models.Model]) -> None:
    assert not upward(model, floors())


def test_every_room_has_its_floor() -> None:
    rooms = {
        config.label for config in apps.get_app_configs() if config.name.startswith("diapason.")
    }
    assert rooms <= floors().keys()


@pytest.mark.django_db
def test_migrations_are_written() -> None:
    assert not unwritten(ProjectState.from_apps(apps)), "run makemigrations"


def triggers_in_database() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
               WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'"""
        )
        return set(cursor.fetchall())


def missing_triggers(installed: set[tuple[str, str]]) -> list[str]:
    return [
        f"{model._meta.label}: the trigger {trigger.name} is not in the database"
        for model, trigger in pgtrigger.registered()
        if (model._meta.db_table, trigger.get_pgid(model)) not in installed
    ]


@pytest.mark.django_db
def test_triggers_are_installed() -> None:
    assert pgtrigger.registered()
    assert not missing_triggers(triggers_in_database())


def unstamped(tables: set[str]) -> list[str]:
    """Tables that feed figures or kept pages and do not tell when they change."""
    by_table: dict[str, list[Trigger]] = {}
    for model, trigger in pgtrigger.registered():
        by_table.setdefault(model._meta.db_table, []).append(trigger)
    return [
        f"the table {table} feeds a figure or a kept page: give its model triggers = [Stamped()]"
        for table in sorted(tables)
        if not any(isinstance(trigger, Stamped) for trigger in by_table.get(table, []))
    ]


def test_what_feeds_figures_tells_that_it_changed() -> None:
    fed = {table for measure in measures.offered().values() for table in measure.tables}
    assert fed
    assert not unstamped(fed | set(front_page_tables()))


def unnamed(measure: Measure, readers: list[Any]) -> set[str]:
    """Tables that a measure's evidence reads, for one of these readers, and that it does not name:
    a figure kept would not see them change."""
    more: dict[str, Any] = {"lag_years": 1, "at": date(2023, 1, 1)}
    of_cohorts = "lag_years" in inspect.signature(measure.evidence).parameters
    days = Window(date(2018, 1, 1), date(2022, 1, 1))
    found = measure.evidence(days, **more) if of_cohorts else measure.evidence(days)
    asked = [found.rows.values(*found.by.values(), found.label)]
    asked += [found.rows.filter(found.opened_by(reader)) for reader in readers]
    read: set[str] = set()
    for rows in asked:
        with suppress(EmptyResultSet):
            read |= set(re.findall(r'(?:FROM|JOIN) "(\w+)"', str(rows.query)))
    return read - set(measure.tables)


@pytest.mark.django_db
@pytest.mark.parametrize("key", sorted(measures.offered()))
def test_a_measure_names_every_table_that_it_reads(key: str) -> None:
    readers = [AnonymousUser(), *(person(role) for role in Role)]
    assert not unnamed(measures.find(key), readers)


def unwritten(now: ProjectState) -> dict[str, Any]:
    """What the written migrations lack to lead to these tables, by room."""
    loader = MigrationLoader(connection)
    with override(None):  # names in English, as they are written in migrations
        changes = MigrationAutodetector(loader.project_state(), now).changes(graph=loader.graph)
    return {room: found for room, found in changes.items() if room in floors()}


# A planted fault of each sort must be found.


@isolate_apps("diapason.directory", "diapason.plan")
def test_an_upward_key_is_found() -> None:
    class Wrong(models.Model):
        plan: Any = models.ForeignKey("plan.Plan", models.CASCADE)

        class Meta:
            app_label = "directory"

    Wrong._meta.get_field("plan").remote_field.model = apps.get_model("plan.Plan")
    found = upward(Wrong, floors())
    assert any("points up" in fault for fault in found)
    assert any("related_name" in fault for fault in found)


@pytest.mark.django_db
def test_a_missing_trigger_is_found() -> None:
    installed = triggers_in_database()
    model, trigger = pgtrigger.registered()[0]
    found = missing_triggers(installed - {(model._meta.db_table, trigger.get_pgid(model))})
    assert len(found) == 1
    assert trigger.name in found[0]


def test_a_table_without_stamp_is_found() -> None:
    assert unstamped({"kernel_draft"})
    assert unstamped({"no_such_table"})


@pytest.mark.django_db
@isolate_apps("diapason.plan")
def test_an_unwritten_migration_is_found() -> None:
    class Forgotten(models.Model):
        class Meta:
            app_label = "plan"

    now = ProjectState.from_apps(apps)
    now.add_model(ModelState.from_model(Forgotten))
    assert "plan" in unwritten(now)


# Numbers that are none: PostgreSQL keeps "not a number" where no rule says otherwise.


def without_rule(model: type[models.Model]) -> list[str]:
    """The columns of numbers of which no rule of the table refuses "not a number", each rule asked
    of a row of little else."""
    found = []
    for field in model._meta.concrete_fields:
        if not isinstance(field, models.DecimalField):
            continue
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE contype = 'c' AND conrelid = %s::regclass",
                [table],
            )
            rules = [rule for (rule,) in cursor.fetchall() if f"({field.column} " in rule]
            columns = ", ".join(
                f"{1 if isinstance(one, models.IntegerField) else 'NULL'}"
                f"::{one.db_type(connection)} AS {one.column}"
                for one in model._meta.concrete_fields
                if one is not field
            )
            row = f"SELECT 'NaN'::numeric AS {field.column}, {columns}"
            held = []
            for rule in rules:
                cursor.execute(f"SELECT {rule.removeprefix('CHECK ')} FROM ({row}) alone")
                held.append(cursor.fetchone()[0])
        if False not in held:
            found.append(f"{model._meta.label}.{field.name}: write a rule with an upper bound")
    return found


NUMBERED = [model for model in OURS if not hasattr(model, "pgh_tracked_model")]


@pytest.mark.django_db
@pytest.mark.parametrize("model", NUMBERED, ids=lambda model: model._meta.label)
def test_no_table_keeps_what_is_not_a_number(model: type[models.Model]) -> None:
    assert not without_rule(model)


@pytest.mark.django_db
@isolate_apps("diapason.plan")
def test_a_column_without_rule_is_found() -> None:
    class Loose(models.Model):
        amount = models.DecimalField(max_digits=6, decimal_places=2)

        class Meta:
            app_label = "plan"

    with connection.schema_editor() as editor:
        editor.create_model(Loose)
    assert without_rule(Loose)
