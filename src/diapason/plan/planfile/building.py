"""From sound data to the frozen plan. Called only when no error was found."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from diapason.plan.planfile import model

Entry = TypeVar("Entry")


class _Builder:
    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.languages: list[str] = data["languages"]

    def text(self, value: Any) -> model.Text | None:
        if value is None:
            return None
        if isinstance(value, str):
            return {language: value.strip() for language in self.languages}
        return {language: value[language].strip() for language in self.languages}

    def each(self, block: dict, key: str, build: Callable[[dict], Entry]) -> tuple[Entry, ...]:
        return tuple(build(item) for item in block.get(key, []))

    def plan(self) -> model.PlanFile:
        data = self.data
        return model.PlanFile(
            code=data["code"],
            languages=tuple(self.languages),
            title=self.text(data["title"]) or {},
            territory=self.text(data["territory"]) or {},
            summary=self.text(data.get("summary")),
            starts=date.fromisoformat(data["starts"]),
            ends=date.fromisoformat(data["ends"]),
            periods=data["periods"],
            organisations=self.each(data, "organisations", self.organisation),
            axes=self.each(data, "axes", self.axis),
            actions=self.each(data, "actions", self.action),
        )

    def organisation(self, block: dict) -> model.OrganisationEntry:
        return model.OrganisationEntry(
            code=block["code"],
            name=self.text(block["name"]) or {},
            kind=block["kind"],
            url=block.get("url", ""),
        )

    def axis(self, block: dict) -> model.AxisEntry:
        return model.AxisEntry(
            code=block["code"],
            number=block["number"],
            title=self.text(block["title"]) or {},
            summary=self.text(block.get("summary")),
        )

    def action(self, block: dict) -> model.ActionEntry:
        return model.ActionEntry(
            code=block["code"],
            number=block.get("number"),
            cross_sectional=block.get("cross_sectional", False),
            title=self.text(block["title"]) or {},
            short=self.text(block["short"]) or {},
            axis=block.get("axis"),
            secondary_axes=tuple(block.get("secondary_axes", [])),
            priority=block.get("priority", False),
            context=self.text(block.get("context")),
            objectives=tuple(self.text(value) or {} for value in block.get("objectives", [])),
            leaders=_parties(block.get("leaders", [])),
            funders=_parties(block.get("funders", [])),
            partners=_parties(block.get("partners", [])),
            starts=_date(block.get("starts")),
            ends=_date(block.get("ends")),
            timeframe=self.text(block.get("timeframe")),
            tasks=self.each(block, "tasks", self.task),
            budget=self.each(block, "budget", self.budget),
            staff=self.each(block, "staff", self.staff),
            links=tuple(block.get("links", [])),
            examples=self.each(block, "examples", self.example),
            indicators=self.each(block, "indicators", self.indicator),
        )

    def task(self, block: dict) -> model.TaskEntry:
        return model.TaskEntry(
            code=block["code"],
            title=self.text(block["title"]) or {},
            parent=block.get("parent"),
            starts=_date(block.get("starts")),
            due=_date(block.get("due")),
        )

    def budget(self, block: dict) -> model.BudgetEntry:
        amount = block["amount"]
        low, high = amount, amount
        if isinstance(amount, dict):
            low, high = amount["low"], amount["high"]
        return model.BudgetEntry(
            code=block["code"],
            label=self.text(block["label"]) or {},
            low=_cents(low),
            high=_cents(high),
            year=block.get("year"),
            recurring=block.get("recurring", False),
            funder=block.get("funder"),
            task=block.get("task"),
            note=self.text(block.get("note")),
        )

    def staff(self, block: dict) -> model.StaffEntry:
        return model.StaffEntry(label=self.text(block["label"]) or {}, fte=Decimal(block["fte"]))

    def example(self, block: dict) -> model.ExampleEntry:
        return model.ExampleEntry(name=self.text(block["name"]) or {}, url=block.get("url", ""))

    def indicator(self, block: dict) -> model.IndicatorEntry:
        baseline = block.get("baseline")
        return model.IndicatorEntry(
            code=block["code"],
            kind=block["kind"],
            title=self.text(block["title"]) or {},
            short=self.text(block["short"]) or {},
            unit=block["unit"],
            aggregation=block["aggregation"],
            definition=self.text(block.get("definition")),
            direction=block.get("direction", "more"),
            measure=block.get("measure"),
            declared=block.get("declared", False),
            measured_from=_date(block.get("measured_from")),
            lag_years=block.get("lag_years"),
            baseline=self.baseline(baseline) if baseline else None,
            targets=self.each(block, "targets", self.target),
        )

    def baseline(self, block: dict) -> model.BaselineEntry:
        return model.BaselineEntry(
            period=block["period"],
            value=Decimal(block["value"]),
            on=_date(block.get("on")),
            source=self.text(block.get("source")),
        )

    def target(self, block: dict) -> model.TargetEntry:
        return model.TargetEntry(
            period=block["period"],
            value=_decimal(block.get("value")),
            minimum=_decimal(block.get("min")),
            low=_decimal(block.get("low")),
            high=_decimal(block.get("high")),
            per_event=_decimal(block.get("per_event")),
            unknown=block.get("unknown", False),
            note=self.text(block.get("note")),
        )


def build(data: dict[str, Any]) -> model.PlanFile:
    """The plan that sound ``data`` describes."""
    return _Builder(data).plan()


def _parties(value: list[str] | str) -> model.Parties:
    return None if value == "unknown" else tuple(value)


def _date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _decimal(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _cents(value: int | Decimal | str) -> int | None:
    return None if value == "unknown" else int(Decimal(value) * 100)
