"""The contract of a measure: its number is the sum of its rows, for everybody and every part."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, Value
from django.db.models.functions import NullIf
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from diapason.kernel import measures
from diapason.kernel.measures import (
    Count,
    CountDistinct,
    Evidence,
    Latest,
    Ratio,
    Sum,
    Unit,
    UnknownMeasure,
    fold,
    measure,
)
from diapason.kernel.periods import parse
from diapason.plan.models import Reading
from tests.plan.factories import IndicatorFactory, ReadingFactory

SPECS = [Count(), CountDistinct(), Sum(), Ratio(), Ratio(100), Latest()]
ROWS = st.lists(
    st.tuples(
        st.dates(date(2019, 1, 1), date(2019, 1, 9)),
        st.integers(-50, 50),
        st.integers(1, 9),
        st.sampled_from("abc"),
    ),
    max_size=12,
)


def _evidence(value, **more):
    given_ = {
        "rows": Reading.objects.all(),
        "value": value,
        "on": "on",
        "label": "note",
        "amount": "value",
        "denominator": "denominator",
        "entity": "source",
        "by": {"sector": "link"},
    }
    return Evidence(**(given_ | more))


class NumberIsSumOfRows(TestCase):
    @given(ROWS, st.sampled_from(SPECS), st.booleans())
    def test_for_every_kind_reader_part_and_page_size(self, rows, spec, opened):
        indicator = IndicatorFactory()
        for on, value, below, entity in rows:
            ReadingFactory(
                indicator=indicator,
                on=on,
                value=value,
                denominator=below,
                source=entity,
                link="north" if value > 0 else "south",
                note="who",
            )
        shown = _evidence(spec, opened_by=lambda reader: Q() if opened else Q(pk__in=[]))
        number = shown.number()
        lines = list(shown.every_line(AnonymousUser(), step=2))
        assert number.rows == len(lines) == len(rows)
        _same(number.value, fold(spec, lines), rows)
        assert all(line.named is opened for line in lines)
        assert all(line.label == ("who" if opened else "") for line in lines)
        parts = shown.split("sector")
        assert sum(part.rows for _name, part in parts) == number.rows
        for name, part in parts:
            narrowed = shown.narrowed({"sector": name})
            assert narrowed.number().rows == part.rows
            _same(part.value, narrowed.number().value, rows)
            _same(part.value, fold(spec, narrowed.every_line(AnonymousUser())), rows)


def _same(first, second, rows):
    if first is None or not rows:
        assert second in (None, 0)
        return
    assert abs(first - second) < Decimal("1e-9")


@pytest.mark.django_db
def test_a_filter_of_the_measure_itself_holds_in_the_parts():
    """metabase#6010, cube#1138: the drill-down forgot the metric's own filter."""
    indicator = IndicatorFactory()
    ReadingFactory(indicator=indicator, value=1, link="north", source="a")
    ReadingFactory(indicator=indicator, value=100, link="north", source="b")
    shown = _evidence(Sum(), rows=Reading.objects.filter(value__lt=50))
    ((name, part),) = shown.split("sector")
    assert (name, part.value, part.rows) == ("north", 1, 1)
    assert [line.amount for line in shown.narrowed({"sector": "north"}).lines(None)] == [1]


@pytest.mark.django_db
def test_nothing_is_unknown_or_zero_as_the_measure_says():
    assert _evidence(Count()).number().value == 0
    assert _evidence(Sum()).number().value == 0
    assert _evidence(Sum(), empty_is_zero=False).number().value is None
    assert _evidence(Ratio()).number().value is None
    assert _evidence(Latest()).number().value is None


@pytest.mark.django_db
def test_a_number_that_would_disclose_is_withheld_and_so_is_what_would_give_it_away():
    indicator = IndicatorFactory()
    for number in range(8):
        ReadingFactory(
            indicator=indicator,
            source=f"firm {number}",
            value=10,
            link="small" if number < 2 else "large",
        )
    shown = _evidence(Sum(), minimum_entities=5)
    assert shown.number().value == 80
    parts = dict(shown.split("sector"))
    assert parts["small"].withheld
    assert parts["small"].value is None
    assert parts["large"].withheld, "the whole minus this part would give the small one away"
    assert all(line.amount is None for line in shown.lines(AnonymousUser()))
    few = _evidence(Sum(), rows=Reading.objects.filter(link="small"), minimum_entities=5).number()
    assert few.withheld
    assert few.value is None
    assert few.rows == 2


@pytest.mark.django_db
def test_parts_withheld_together_do_not_give_away_one_entity():
    """One firm in two small parts: the whole minus the others would be its own figure."""
    indicator = IndicatorFactory()
    for place in ("north", "south"):
        ReadingFactory(indicator=indicator, source="the firm", value=1000, link=place)
    for number in range(12):
        ReadingFactory(
            indicator=indicator,
            source=f"firm {number}",
            value=10,
            link="east" if number < 5 else "west",
        )
    parts = dict(_evidence(Sum(), minimum_entities=5).split("sector"))
    assert parts["north"].withheld
    assert parts["south"].withheld
    assert parts["east"].withheld
    assert not parts["west"].withheld


@pytest.mark.django_db
def test_a_part_without_name_is_withheld_with_the_others():
    indicator = IndicatorFactory()
    rows = Reading.objects.annotate(place=NullIf("link", Value("")))
    for number in range(12):
        link = "north" if number < 2 else "" if number < 7 else "south"
        ReadingFactory(indicator=indicator, source=f"firm {number}", value=10, link=link)
    shown = _evidence(Sum(), minimum_entities=5, rows=rows, by={"sector": "place"})
    parts = dict(shown.split("sector"))
    assert parts["north"].withheld
    assert parts[None].withheld or parts["south"].withheld


@pytest.mark.django_db
def test_rows_of_nobody_known_are_withheld_too():
    ReadingFactory(indicator=IndicatorFactory(), value=1000, source="")
    rows = Reading.objects.annotate(who=NullIf("source", Value("")))
    number = _evidence(Sum(), minimum_entities=5, rows=rows, entity="who").number()
    assert number.withheld
    assert number.value is None


@pytest.mark.django_db
def test_rows_are_narrowed_to_days_both_ends_included():
    indicator = IndicatorFactory()
    for day in (1, 2, 3, 4):
        ReadingFactory(indicator=indicator, on=date(2019, 1, day), value=day)
    shown = _evidence(Sum())
    assert shown.narrowed({}, first=date(2019, 1, 2), last=date(2019, 1, 3)).number().value == 5
    assert shown.narrowed({}, last=date(2019, 1, 1)).number().value == 1
    assert shown.narrowed({}, first=date.min, last=date.max).number().value == 10
    with pytest.raises(KeyError):
        shown.narrowed({"nothing": "x"})
    assert shown.may_be_narrowed
    assert not _evidence(Sum(), minimum_entities=5).may_be_narrowed


def test_evidence_that_could_not_be_counted_is_refused():
    with pytest.raises(TypeError, match="entity"):
        _evidence(CountDistinct(), entity=None)
    with pytest.raises(TypeError, match="denominator"):
        _evidence(Ratio(), denominator=None)
    with pytest.raises(TypeError, match="withholding"):
        _evidence(Sum(), entity=None, minimum_entities=5)
    with pytest.raises(TypeError, match="confidential"):
        _evidence(Latest(), minimum_entities=5)


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(measures, "_registry", {})


@pytest.mark.usefixtures("registry")
def test_a_measure_is_found_by_its_key():
    @measure("room.thing", unit=Unit.COUNT, tables=("a_table",))
    def thing(window):
        """Things in the window."""
        return window

    found = measures.find("room.thing")
    assert found.evidence(parse("2019").window) == parse("2019").window
    assert found.room == "room"
    assert found.definition == "Things in the window."
    assert list(measures.offered()) == ["room.thing"]
    with pytest.raises(UnknownMeasure):
        measures.find("room.other")


@pytest.mark.usefixtures("registry")
def test_a_measure_is_refused_without_room_without_tables_or_under_a_taken_key():
    with pytest.raises(ValueError, match=r"room\.name"):
        measure("thing", unit=Unit.COUNT, tables=("t",))(lambda window: None)
    with pytest.raises(ValueError, match="tables"):
        measure("room.thing", unit=Unit.COUNT, tables=())(lambda window: None)

    @measure("room.thing", unit=Unit.COUNT, tables=("t",))
    def first(window):
        return None

    with pytest.raises(ValueError, match="already"):

        @measure("room.thing", unit=Unit.COUNT, tables=("t",))
        def second(window):
            return None


@pytest.mark.usefixtures("registry")
def test_the_digest_of_a_definition_changes_with_it():
    @measure("room.one", unit=Unit.COUNT, tables=("t",))
    def one(window):
        return F("a")

    @measure("room.two", unit=Unit.COUNT, tables=("t",))
    def two(window):
        return F("b")

    assert measures.find("room.one").digest != measures.find("room.two").digest
