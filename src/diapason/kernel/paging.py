"""Pages of lists that may be long."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

MOST_COUNTED = 10_000
MOST_SORTED_WHOLE = 1_000


class Counted(Paginator):
    """Pages of rows that are counted up to `MOST_COUNTED`: counting a million takes longer than
    showing fifty, and nobody leafs to the end."""

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @property
    def has_more(self) -> bool:
        return self._counted > MOST_COUNTED

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by().values("pk")[: MOST_COUNTED + 1].count()

    def page(self, number: int | str) -> Page:
        page = super().page(number)
        if self._counted > MOST_SORTED_WHOLE:
            # Which rows first, then all that is shown of them: sorting many whole rows is slow.
            page.object_list = self.object_list.filter(
                pk__in=page.object_list.values("pk")  # type: ignore[attr-defined]
            )
        return page
