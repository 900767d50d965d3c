"""A small plan to load, and what is asked of the tables after a load."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from diapason.plan.contracts.loads import LoadReport
from diapason.plan.models import (
    Target,
)
from diapason.plan.planfile import PlanFile, model
from tests.plan.factories import TargetFactory

CLERMONT = Path(__file__).resolve().parents[2] / "plans" / "clermont.yaml"


def text(words: str) -> dict[str, str]:
    return {"fr": f"{words} (fr)", "en": f"{words} (en)"}


def target(period: str, **goal: Any) -> model.TargetEntry:
    numbers = {key: Decimal(value) if key != "unknown" else value for key, value in goal.items()}
    return model.TargetEntry(period=period, **numbers)


def indicator(code: str, **fields: Any) -> model.IndicatorEntry:
    given = {
        "kind": "output",
        "title": text(code),
        "short": text(code),
        "unit": "enterprises",
        "aggregation": "per_period",
        "declared": True,
    }
    return model.IndicatorEntry(code=code, **(given | fields))


def plan_file(**fields: Any) -> PlanFile:
    """Two actions of a small plan, with a task under another, money, and three targets."""
    first = model.ActionEntry(
        code="incubation",
        number=1,
        cross_sectional=False,
        title=text("Incubate"),
        short=text("Incubation"),
        axis="support",
        leaders=("hub",),
        funders=("city", "bank"),
        objectives=(text("One"), text("Two")),
        tasks=(
            model.TaskEntry(code="map", title=text("Map"), parent="join", due=date(2019, 6, 30)),
            model.TaskEntry(code="join", title=text("Join"), starts=date(2018, 7, 1)),
        ),
        budget=(
            model.BudgetEntry(
                code="mission",
                label=text("Mission"),
                low=30_000_00,
                high=30_000_00,
                year=2018,
                funder="city",
                task="map",
            ),
            model.BudgetEntry(code="later", label=text("Later"), low=None, high=None),
        ),
        staff=(model.StaffEntry(label=text("Adviser"), fte=Decimal("0.5")),),
        examples=(model.ExampleEntry(name=text("Elsewhere"), url="https://example.org/"),),
        links=("hub-open",),
        indicators=(
            indicator("incubated", targets=(target("2019", value=5), target("2020", minimum=6))),
            indicator(
                "films",
                unit="productions",
                baseline=model.BaselineEntry(
                    period="2018", value=Decimal(47), on=date(2018, 1, 1), source=text("The plan")
                ),
                targets=(target("plan", unknown=True),),
            ),
        ),
    )
    second = model.ActionEntry(
        code="hub-open",
        number=None,
        cross_sectional=True,
        title=text("Open"),
        short=text("Hub"),
        leaders=None,
    )
    given = {
        "code": "anywhere",
        "languages": ("fr", "en"),
        "title": text("A plan"),
        "territory": text("Anywhere"),
        "starts": date(2018, 1, 1),
        "ends": date(2021, 12, 31),
        "periods": "calendar_year",
        "axes": (model.AxisEntry(code="support", number=1, title=text("Support")),),
        "actions": (first, second),
        "organisations": tuple(
            model.OrganisationEntry(code=code, name=text(code), kind="body")
            for code in ("hub", "city", "bank")
        ),
    }
    return PlanFile(**(given | fields))


def changed_action(file: PlanFile, **fields: Any) -> PlanFile:
    return replace(file, actions=(replace(file.actions[0], **fields), *file.actions[1:]))


def changed_indicator(file: PlanFile, **fields: Any) -> PlanFile:
    first, *others = file.actions[0].indicators
    return changed_action(file, indicators=(replace(first, **fields), *others))


def hashes() -> dict[str, str]:
    """A digest of every table's rows: history, stamps and all."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(r::text, '|' ORDER BY r::text), '')) "
                f'FROM "{table}" r'
            )
            found[table] = cursor.fetchone()[0]
    return found


def told(report: LoadReport) -> set[tuple[str, str, str]]:
    return {
        (str(change.kind), str(change.item), change.code)
        for change in (*report.changes, *report.kept)
    }


def in_force(code: str, period: str) -> Target:
    return Target.objects.get(indicator__code=code, period=period, replaced_at__isnull=True)


def decide(code: str, period: str, value: int) -> Target:
    """A committee's decision, as `change_target` writes it."""
    old = in_force(code, period)
    Target.objects.filter(pk=old.pk).update(replaced_at=timezone.now())
    return TargetFactory(
        indicator=old.indicator, period=period, low=value, high=value, reason="Decided"
    )
