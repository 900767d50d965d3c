"""Finding actions, indicators and tasks by words of their titles."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import and_
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Concat

from diapason.kernel.tables import folded
from diapason.kernel.texts import bare
from diapason.plan.models import Action, Indicator, Plan, Task
from diapason.plan.queries.figures import current_plan

Found = TypeVar("Found", bound=Model)


def actions(words: str, limit: int) -> list[Action]:
    plan = current_plan()
    return [] if plan is None else _found(_actions(plan), words, limit, "title", "short")


def indicators(words: str, limit: int) -> list[Indicator]:
    plan = current_plan()
    return [] if plan is None else _found(_indicators(plan), words, limit, "title", "definition")


def tasks(words: str, limit: int) -> list[Task]:
    plan = current_plan()
    return [] if plan is None else _found(_tasks(plan), words, limit, "title")


def _actions(plan: Plan) -> QuerySet[Action]:
    return Action.objects.filter(plan=plan, retired_at__isnull=True)


def _indicators(plan: Plan) -> QuerySet[Indicator]:
    return Indicator.objects.filter(
        action__plan=plan, retired_at__isnull=True, action__retired_at__isnull=True
    ).select_related("action")


def _tasks(plan: Plan) -> QuerySet[Task]:
    return Task.objects.filter(
        action__plan=plan, retired_at__isnull=True, action__retired_at__isnull=True
    ).select_related("action")


def _found(rows: QuerySet[Found], words: str, limit: int, *fields: str) -> list[Found]:
    """The rows of which these texts, in any language, hold every word, whatever its accents."""
    wanted = bare(words).split()
    if not wanted:
        return []
    rows = rows.annotate(said=folded(_in_every_language(fields)))
    test = reduce(and_, (Q(said__contains=word) for word in wanted))
    return list(rows.filter(test)[:limit])


def _in_every_language(fields: Iterable[str]) -> Any:
    parts: list[Any] = []
    for field in fields:
        for code, _name in settings.LANGUAGES:
            parts += [_words(field, code), Value(" ", output_field=TextField())]
    return Concat(*parts, output_field=TextField())


def _words(field: str, code: str) -> Any:
    empty = Value("", output_field=TextField())
    return Coalesce(KeyTextTransform(code, field), empty, output_field=TextField())
