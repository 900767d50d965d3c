"""Lists: any queryset filtered, sorted, paged and exported, in a constant number of queries.

`docs/lists.md` shows how a view uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page
from django.db import connection
from django.db.models import F, Func, OrderBy, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

from diapason.kernel.paging import Counted
from diapason.kernel.registries import Tone
from diapason.kernel.spreadsheets import FORMATS, Heading, Kind, export_response

PAGE_SIZE = 50
SORT, PAGE, EXPORT = "sort", "page", "export"
_STEP = 2000

Sort = str | Combinable | Callable[[], Combinable]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a list.

    `value`: a dotted path from the row, or a function of it; by default the attribute `key`.
    `sort`: the field, expression or function giving one by which the column sorts; empty where
    it does not sort. Texts sort without regard to case and accents.
    `link`: the address that the cell leads to. `tone`: the tone of a status.
    `on_page`, `in_export`: whether the page shows it and files hold it.
    """

    key: str
    heading: Any
    value: str | Callable[[Any], Any] = ""
    kind: Kind = Kind.TEXT
    sort: Sort = ""
    link: Callable[[Any], str] | None = None
    tone: Callable[[Any], str] | None = None
    on_page: bool = True
    in_export: bool = True

    def reader(self) -> Callable[[Any], Any]:
        """The function that reads the cell's value from a row; a missing link gives None."""
        if callable(self.value):
            return self.value
        path = self.value or self.key
        if "." not in path:
            return attrgetter(path)
        steps = path.split(".")

        def follow(row: Any) -> Any:
            for step in steps:
                if row is None:
                    return None
                row = getattr(row, step)
            return row

        return follow


def leads_to(url_name: str) -> Callable[[Any], str]:
    """For `Column.link`: the address of that name for the row's primary key. The address is looked
    up once for each language, not once for each row."""

    def address(record: Any) -> str:
        before, after = _around(url_name, get_language(), get_script_prefix())
        return f"{before}{record.pk}{after}"

    return address


@lru_cache(maxsize=500)
def _around(url_name: str, _language: str | None, _prefix: str) -> tuple[str, str]:
    """What stands before and after the number in an address."""
    before, _number, after = reverse(url_name, args=[_STANDS_FOR_IT]).partition(str(_STANDS_FOR_IT))
    return before, after


# No address holds this number otherwise.
_STANDS_FOR_IT = 9_007_199_254_740_991


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell on the page; the template writes `value` as its `kind` asks."""

    value: Any
    kind: str
    link: str
    tone: str
    key: str


@dataclass(frozen=True, slots=True)
class Row:
    record: Any
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Header:
    """The top of a column. `sort` is what `aria-sort` says, empty for an unsorted column; `url`
    sorts by it, empty where it cannot."""

    label: Any
    url: str
    sort: str
    number: bool
    key: str


class Folded(Func):
    """The text without accents and in small letters, so that "école" stands beside "ecole".

    A function of our own, which promises the same answer always: indexes may hold what it gives.
    """

    function = "kernel_folded"
    output_field = TextField()
    # Whether there is always a text to fold.
    always_known = False


def folded(expression: Any) -> Combinable:
    """How a text sorts, whatever its case and accents."""
    return Folded(expression)


def in_language(field: str) -> Callable[[], Combinable]:
    """To sort by a text kept per language: in the reader's, else in any that has words."""
    return lambda: text_in(field, (get_language() or "").split("-")[0])


def text_in(field: str, language: str) -> Combinable:
    """The folded text of a field that is kept per language, in that one where it has words."""
    codes = [language, *(code for code in ("fr", "en") if code != language)]
    texts = [NullIf(KeyTextTransform(code, field), Value("")) for code in codes if code]
    text = Folded(Coalesce(*texts, Value("")))
    text.always_known = True
    return text


class Listing:
    """A list as a request asks for it.

    `filters` is a django-filter FilterSet class, or None. Its query parameters, `sort`, `page`
    and `export` live in the address. What an address asks wrongly is left out: an unknown sort
    falls back to the default, a page too far to the last one; a filter that does not validate
    shows its error beside the field, and filters nothing.
    """

    def __init__(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        columns: Sequence[Column],
        *,
        name: str,
        filters: type[Any] | None = None,
        default_sort: str = "",
        page_size: int = PAGE_SIZE,
    ) -> None:
        self.request = request
        self.name = str(name)
        self.columns = tuple(columns)
        self.page_size = page_size
        self._by_key = {column.key: column for column in self.columns}
        self._default_sort = default_sort
        self._base = queryset
        self.filterset = (
            filters(request.GET, queryset=queryset, request=request) if filters else None
        )

    @property
    def form(self) -> Any:
        """The filters' form, or None."""
        return self.filterset.form if self.filterset else None

    @cached_property
    def is_valid(self) -> bool:
        return self.filterset is None or self.filterset.form.is_valid()

    @cached_property
    def is_filtered(self) -> bool:
        """Whether the address narrows the list."""
        if self.filterset is None or not self.is_valid:
            return False
        return not all(_empty(value) for value in self.filterset.form.cleaned_data.values())

    @cached_property
    def sort(self) -> str:
        """The column that the list is sorted by, with a minus where it descends; may be empty."""
        for wanted in (self.request.GET.get(SORT, ""), self._default_sort):
            column = self._by_key.get(wanted.removeprefix("-"))
            if column is not None and column.sort:
                return wanted
        return ""

    @cached_property
    def queryset(self) -> QuerySet[Any]:
        """The rows, filtered and sorted; always in one order, so that pages never overlap. Of rows
        that are alike, a list that descends has what was added last first."""
        rows = self.filterset.qs if self.filterset and self.is_valid else self._base
        if not self.sort:
            return rows if rows.ordered else rows.order_by("pk")
        column = self._by_key[self.sort.removeprefix("-")]
        descends = self.sort.startswith("-")
        ordered = _ordering(column, rows.model, descending=descends)
        return rows.order_by(ordered, "-pk" if descends else "pk")

    @cached_property
    def _pages(self) -> Counted:
        return Counted(self.queryset, self.page_size)

    @cached_property
    def page(self) -> Page:
        return self._pages.get_page(self.request.GET.get(PAGE))

    @property
    def total(self) -> int:
        """How many rows the filters leave, `MOST_COUNTED` where there are more."""
        return self._pages.count

    @property
    def has_more(self) -> bool:
        """Whether there are more rows than `total`: pages stop there, filters and files do not."""
        return self._pages.has_more

    @cached_property
    def headers(self) -> list[Header]:
        return [self._header(column) for column in self.columns if column.on_page]

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of the page that is shown."""
        plan = [
            (column.reader(), column.kind.value, column.link, column.tone, column.key)
            for column in self.columns
            if column.on_page
        ]
        return [
            Row(
                record,
                [
                    Cell(
                        read(record),
                        kind,
                        link(record) if link else "",
                        tone(record) if tone else Tone.PLAIN.value,
                        key,
                    )
                    for read, kind, link, tone, key in plan
                ],
            )
            for record in self.page.object_list
        ]

    @property
    def reset_url(self) -> str:
        """The address of the whole list; empty where nothing is filtered."""
        return self.request.path if self.is_filtered or not self.is_valid else ""

    @property
    def exports(self) -> list[tuple[str, str]]:
        """The formats and the addresses that export the filtered rows."""
        return [(format, self.url(**{EXPORT: format, PAGE: None})) for format in FORMATS]

    def url(self, **changes: str | int | None) -> str:
        """This list's address with some of its parameters changed, or removed where None."""
        query = self.request.GET.copy()
        for key, value in changes.items():
            if value is None:
                query.pop(key, None)
            else:
                query[key] = str(value)
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def export_rows(self) -> Iterator[list[Any]]:
        """Every filtered row, as values of the exported columns, in bounded memory."""
        readers = [column.reader() for column in self.columns if column.in_export]
        for record in self.queryset.iterator(chunk_size=_STEP):
            yield [read(record) for read in readers]

    def export(self, format: str) -> HttpResponseBase:
        """The filtered rows as a file. Raises ValueError for an unknown format."""
        headings = [
            Heading(column.heading, column.kind) for column in self.columns if column.in_export
        ]
        return export_response(headings, self.export_rows(), name=self.name, format=format)

    def respond(self, template: str, context: Mapping[str, Any] | None = None) -> HttpResponseBase:
        """The page, with `listing` in its context, or the file that the address asks for."""
        format = self.request.GET.get(EXPORT)
        if format in FORMATS and self.is_valid:
            return self.export(format)
        return render(self.request, template, {**(context or {}), "listing": self})

    def _header(self, column: Column) -> Header:
        if not column.sort:
            return Header(str(column.heading), "", "", column.kind.is_number, column.key)
        ascending, descending = column.key, f"-{column.key}"
        state = {ascending: "ascending", descending: "descending"}.get(self.sort, "")
        following = descending if self.sort == ascending else ascending
        return Header(
            str(column.heading),
            self.url(**{SORT: following, PAGE: None, EXPORT: None}),
            state,
            column.kind.is_number,
            column.key,
        )


def _empty(value: Any) -> bool:
    """Whether a cleaned filter value asks for nothing."""
    if isinstance(value, slice):  # what a range filter gives
        return value.start is None and value.stop is None
    if isinstance(value, QuerySet | list | tuple | set):
        return not value
    return value is None or value == ""


def _ordering(column: Column, model: Any, *, descending: bool) -> OrderBy:
    """What is unknown stands last both ways; said only where something may be unknown, because an
    index serves one such order and not the other."""
    sort = column.sort
    expression: Any
    if isinstance(sort, str):
        expression = folded(F(sort)) if column.kind is Kind.TEXT else F(sort)
    else:
        expression = sort if isinstance(sort, Combinable) else sort()
    known = getattr(expression, "always_known", False) or (
        isinstance(sort, str) and _is_always_known(model, sort)
    )
    return OrderBy(expression, descending=descending, nulls_last=None if known else True)


def _is_always_known(model: Any, name: str) -> bool:
    return any(field.name == name and not field.null for field in model._meta.concrete_fields)


def counts(querysets: Sequence[QuerySet[Any]]) -> list[int]:
    """How many rows each of these has, asked in one query."""
    asked: list[str] = []
    given: list[Any] = []
    for rows in querysets:
        try:
            sql, params = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            sql, params = "SELECT WHERE false", ()
        asked.append(f"(SELECT count(*) FROM ({sql}) AS rows)")  # noqa: S608 - Django's own SQL
        given += params
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)}", given)
        return list(cursor.fetchone())
