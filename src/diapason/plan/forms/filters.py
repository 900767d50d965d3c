"""What narrows the workspace's lists; kept in the address."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from diapason.directory.api import staff_choices
from diapason.plan.contracts import ReadingState, TaskState
from diapason.plan.models import BudgetLine, Plan, Reading, Task
from diapason.plan.queries.desk.readings import Named
from diapason.plan.queries.desk.work import OPEN_STATES

MINE, NOBODY = "mine", "nobody"


def _labels(kind: Any) -> list[tuple[str, Any]]:
    return [(item.value, item.label) for item in kind]


def _choice(label: Any, **kwargs: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=label, empty_label=_("All"), **kwargs)


class ReadingFilter(django_filters.FilterSet):
    indicator = _choice(_("Indicator"), field_name="indicator__code")
    state = _choice(_("State"), choices=_labels(ReadingState))
    whose = _choice(_("Declared by"), method="of_whom", choices=[(MINE, _("Me"))])
    action = _choice(_("Action"), field_name="indicator__action__code")
    period = _choice(_("Period"), method="in_period")

    class Meta:
        model = Reading
        fields: ClassVar = []

    def __init__(self, *args: Any, plan: Plan, choices: list[Named], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.filters["action"].extra["choices"] = [(one.code, one.title) for one in choices]
        self.filters["indicator"].extra["choices"] = [
            (one.title, list(one.indicators)) for one in choices
        ]
        self.filters["period"].extra["choices"] = [
            (period.key, period.label) for period in plan.periods()
        ]

    def of_whom(self, rows: QuerySet[Reading], _name: str, _value: str) -> QuerySet[Reading]:
        return rows.filter(declared_by=self.request.user.pk)

    def in_period(self, rows: QuerySet[Reading], _name: str, key: str) -> QuerySet[Reading]:
        days = self.plan.period(key).window
        return rows.filter(on__gte=days.start, on__lt=days.end)


class TaskFilter(django_filters.FilterSet):
    action = _choice(_("Action"), field_name="action__code")
    owner = _choice(_("Person in charge"), method="of_owner")
    state = _choice(
        _("State"),
        method="in_state",
        choices=[("open", _("Still open")), *_labels(TaskState)],
    )
    late = _choice(_("Deadline"), method="is_late", choices=[("late", _("Late"))])

    class Meta:
        model = Task
        fields: ClassVar = []

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["action"].extra["choices"] = choices
        self.filters["owner"].extra["choices"] = [
            (MINE, _("Me")),
            (NOBODY, _("Nobody yet")),
            *((str(key), name) for key, name in staff_choices()),
        ]

    def of_owner(self, rows: QuerySet[Task], _name: str, value: str) -> QuerySet[Task]:
        if value == NOBODY:
            return rows.filter(owner__isnull=True)
        return rows.filter(owner=self.request.user.pk if value == MINE else value)

    def in_state(self, rows: QuerySet[Task], _name: str, value: str) -> QuerySet[Task]:
        return rows.filter(state__in=OPEN_STATES if value == "open" else [value])

    def is_late(self, rows: QuerySet[Task], _name: str, _value: str) -> QuerySet[Task]:
        return rows.filter(late=True)


class BudgetFilter(django_filters.FilterSet):
    action = _choice(_("Action"), field_name="action__code")
    funder = _choice(_("Funder"), method="of_funder")
    year = _choice(_("Year"), method="in_year")

    class Meta:
        model = BudgetLine
        fields: ClassVar = []

    def __init__(
        self,
        *args: Any,
        plan: Plan,
        choices: list[tuple[str, str]],
        funders: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.filters["action"].extra["choices"] = choices
        self.filters["funder"].extra["choices"] = [(NOBODY, _("Not specified")), *funders]
        years = range(plan.starts.year, plan.last_day.year + 1)
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in years]

    def of_funder(self, rows: QuerySet[BudgetLine], _name: str, key: str) -> QuerySet[BudgetLine]:
        if key == NOBODY:
            return rows.filter(funder__isnull=True)
        return rows.filter(funder=key)

    def in_year(self, rows: QuerySet[BudgetLine], _name: str, year: str) -> QuerySet[BudgetLine]:
        """The lines of that year, and those of each year that have begun by then."""
        begun = Q(year__isnull=True) | Q(year__lte=year)
        return rows.filter(Q(year=year) | Q(recurring=True) & begun)
