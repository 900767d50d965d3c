"""The rows behind a number, and the number that they make: one query gives both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Count as SqlCount
from django.db.models import F, Q, QuerySet
from django.db.models import Sum as SqlSum

from diapason.kernel.measures.values import (
    Count,
    CountDistinct,
    Latest,
    Line,
    Number,
    Ratio,
    Sum,
    Value,
)  # fmt: skip
from diapason.kernel.periods import ONE_DAY

# What people told of themselves is never shown of fewer.
GUARDED_LEAST = 5


@dataclass(frozen=True)
class Guarded:
    """A dimension that people chose to tell of themselves, and the rows that it splits.

    It is shown as a split alone, of `GUARDED_LEAST` entities at least in each part and in what is
    withheld together; no row tells it, and nobody narrows by it. The sets of `rows` of one
    dimension must never overlap, whatever the measure and the window: two figures that share some
    rows would give the others away. `during` says which rows they are.
    """

    field: str
    rows: QuerySet[Any]
    during: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The rows behind a number, and how the number is made of them.

    `rows`: a queryset, already narrowed to the window by the measure.
    `on`, `label`, `amount`, `denominator`, `entity`: names of fields (or annotations) of `rows`.
    `by`: the dimensions that the number can be split by, name to field.
    `guarded`: dimensions about people that they chose to tell, of rows of their own.
    `words`: for a dimension whose values are codes, what people read in their language instead.
    `opened_by`: which rows a reader may open, as a `Q`; by default none.
    `link`: the address of a row's record for a reader, from its primary key; empty for none.
    `reference`: the field that holds the address of a row's source, for whoever may open the row.
    `minimum_entities`: below this number of different entities the number is withheld.
    `sealed`: the number is withheld however many there are, because of what else is shown.
    `withheld_parts`: for a dimension, the values whose numbers are withheld for the same reason.
    `empty_is_zero`: False where no row means "not known" rather than "none" (readings typed by
    people); a ratio over nothing and a latest of nothing are always unknown.
    """

    rows: QuerySet[Any]
    value: Value
    on: str
    label: str
    amount: str | None = None
    denominator: str | None = None
    entity: str | None = None
    by: Mapping[str, str] = field(default_factory=dict)
    guarded: Mapping[str, Guarded] = field(default_factory=dict)
    words: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    opened_by: Callable[[Any], Q] = field(default=lambda reader: Q(pk__in=[]))
    link: Callable[[Any, Any], str] = field(default=lambda reader, pk: "")
    reference: str | None = None
    expected: int | None = None
    minimum_entities: int = 0
    sealed: bool = False
    withheld_parts: Callable[[str], Collection[Any]] = field(default=lambda dimension: ())
    empty_is_zero: bool = True

    def __post_init__(self) -> None:
        fields = {CountDistinct: "entity", Ratio: "amount denominator", Count: ""}
        needs = fields.get(type(self.value), "amount").split()
        missing = [name for name in needs if getattr(self, name) is None]
        if missing:
            raise TypeError(f"{type(self.value).__name__} evidence must name {missing}")
        if self.minimum_entities and self.entity is None:
            raise TypeError("withholding needs `entity`, to count whose figures they are")
        if self.guarded and self.entity is None:
            raise TypeError("a guarded dimension needs `entity`, to count whose it is")
        if self.minimum_entities and isinstance(self.value, Latest):
            raise TypeError("the latest amount is always somebody's own: it cannot be confidential")

    def number(self) -> Number:
        """The number, in one query."""
        facts = self.rows.aggregate(**self._aggregates())
        return self._number(facts, self.rows)

    def split(self, dimension: str) -> list[tuple[Any, Number]]:
        """The number by value of a dimension, largest number of rows first, in one query.

        Where parts are withheld, the smallest others are withheld with them until together they
        hold enough entities: else the whole minus the rest would give them away.
        """
        name = self.by[dimension]
        grouped = self.rows.order_by().values(part=F(name)).annotate(**self._aggregates())
        parts = [
            (facts["part"], self._number(facts, self.rows.filter(**{name: facts["part"]})))
            for facts in grouped.order_by("-rows_", "part")
        ]
        also = self.withheld_parts(dimension)
        withheld = [part for part, number in parts if number.withheld or part in also]
        shown = [one for one in parts if one[0] not in withheld]
        shown.sort(key=lambda one: one[1].entities or 0, reverse=True)
        while withheld and shown and self._are_few(withheld, name):
            withheld.append(shown.pop()[0])
        return [
            (part, replace(number, value=None, withheld=True) if part in withheld else number)
            for part, number in parts
        ]

    def guarded_split(self, dimension: str) -> list[tuple[Any, Number]]:
        """The number by value of a guarded dimension, without the parts that would tell of a few;
        nothing where nobody told."""
        apart = replace(
            self,
            rows=self.guarded[dimension].rows,
            by={dimension: self.guarded[dimension].field},
            guarded={},
            minimum_entities=max(GUARDED_LEAST, self.minimum_entities),
        )
        parts = apart.split(dimension)
        told = any(part not in (None, "") for part, _number in parts)
        return parts if told and any(not number.withheld for _part, number in parts) else []

    def _are_few(self, parts: Sequence[Any], name: str) -> bool:
        """Whether too few entities stand in these parts together for their sum to be told."""
        inside = Q(**{f"{name}__in": [part for part in parts if part is not None]})
        if None in parts:
            inside |= Q(**{f"{name}__isnull": True})
        entities = self.rows.filter(inside).order_by().values(self.entity or "pk").distinct()
        return entities.exclude(**{f"{self.entity}__isnull": True}).count() < self.minimum_entities

    @property
    def may_be_narrowed(self) -> bool:
        """Whether a reader may choose which rows count: not where a number may be withheld, since
        two choices that differ by one row would give that row away."""
        return not self.minimum_entities

    def narrowed(
        self, filters: Mapping[str, Any], *, first: date | None = None, last: date | None = None
    ) -> Evidence:
        """The same evidence for some values of its dimensions, or some days (both ends included).

        Raises KeyError for a dimension that this evidence does not have.
        """
        rows = self.rows
        if first is not None:
            rows = rows.filter(**{f"{self.on}__gte": first})
        if last is not None and last < date.max:
            rows = rows.filter(**{f"{self.on}__lt": last + ONE_DAY})
        for dimension, wanted in filters.items():
            rows = rows.filter(**{self.by[dimension]: wanted})
        return replace(self, rows=rows, expected=None)

    def choices(self, dimension: str, limit: int = 200) -> list[Any]:
        """The values that a dimension takes among the rows, in order."""
        name = self.by[dimension]
        found = self.rows.order_by(name).values_list(name, flat=True).distinct()
        return [value for value in found[:limit] if value not in (None, "")]

    def told(self, dimension: str, value: Any) -> str:
        """A value of a dimension as people read it; empty where it has none."""
        if value in (None, ""):
            return ""
        return str(self.words.get(dimension, str)(value))

    def lines(self, reader: Any, offset: int = 0, limit: int | None = None) -> list[Line]:
        """A page of the rows, oldest first, as `reader` may see them: two queries."""
        end = None if limit is None else offset + limit
        return self._told(list(self._records()[offset:end]), reader)

    def every_line(self, reader: Any, step: int = 2000) -> Iterator[Line]:
        """All the rows of one moment, in bounded memory and one pass over them."""
        records = self._records().iterator(chunk_size=step)
        while part := list(islice(records, step)):
            yield from self._told(part, reader)

    def _records(self) -> QuerySet[Any, dict[str, Any]]:
        return self.rows.order_by(self.on, "pk").values(**self._columns())

    def _told(self, records: Sequence[dict[str, Any]], reader: Any) -> list[Line]:
        open_keys = set(
            self.rows.filter(pk__in=[record["key_"] for record in records])
            .filter(self.opened_by(reader))
            .values_list("pk", flat=True)
        )
        return [self._line(record, record["key_"] in open_keys, reader) for record in records]

    def _aggregates(self) -> dict[str, Any]:
        wanted: dict[str, Any] = {"rows_": SqlCount("pk")}
        if self.entity:
            wanted["entities_"] = SqlCount(self.entity, distinct=True)
        if isinstance(self.value, Sum | Ratio):
            wanted["amount_"] = SqlSum(self.amount)
        if isinstance(self.value, Ratio):
            wanted["denominator_"] = SqlSum(self.denominator)
        return wanted

    def _number(self, facts: Mapping[str, Any], rows_of_it: QuerySet[Any]) -> Number:
        rows = facts["rows_"]
        entities = facts.get("entities_")
        value: Decimal | None
        match self.value:
            case Count():
                value = Decimal(rows)
            case CountDistinct():
                value = Decimal(entities or 0)
            case Sum():
                value = Decimal(facts["amount_"] or 0)
            case Ratio(scale):
                below = facts["denominator_"]
                above = Decimal(facts["amount_"] or 0)
                value = scale * above / Decimal(below) if below else None
            case Latest():
                amounts = rows_of_it.values_list(self.amount or "pk", flat=True)
                last = amounts.order_by(self.on, "pk").last()
                value = None if last is None else Decimal(last)
        if not rows and not (self.empty_is_zero and not isinstance(self.value, Ratio | Latest)):
            value = None
        # Rows of nobody known are of too few entities, not of none.
        few = bool(rows) and (entities or 0) < self.minimum_entities
        withheld = bool(self.minimum_entities) and (few or self.sealed)
        return Number(
            value=None if withheld else value,
            rows=rows,
            entities=entities,
            expected=self.expected,
            withheld=withheld,
        )

    def _columns(self) -> dict[str, F]:
        columns = {"key_": F("pk"), "on_": F(self.on), "label_": F(self.label)}
        for name in ("amount", "denominator", "entity", "reference"):
            if field_name := getattr(self, name):
                columns[f"{name}_"] = F(field_name)
        columns |= {f"by_{dimension}": F(name) for dimension, name in self.by.items()}
        return columns

    def _line(self, record: Mapping[str, Any], named: bool, reader: Any) -> Line:
        confidential = bool(self.minimum_entities) and not named

        def decimal(name: str) -> Decimal | None:
            found = record.get(name)
            return None if found is None or confidential else Decimal(found)

        on = record["on_"]
        return Line(
            on=on.date() if hasattr(on, "date") else on,
            label=str(record["label_"]) if named else "",
            named=named,
            amount=decimal("amount_"),
            denominator=decimal("denominator_"),
            entity=record.get("entity_"),
            url=self.link(reader, record["key_"]) if named else "",
            reference=record.get("reference_") or "" if named else "",
            dimensions={
                dimension: None if confidential else record[f"by_{dimension}"]
                for dimension in self.by
            },
        )
