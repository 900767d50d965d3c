"""Confidential measures: nobody works out a few enterprises' own figure from what is shown."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from diapason.kernel import measures
from diapason.kernel.measures import Evidence, Sum, Unit, measure
from diapason.plan.contracts import Aggregation, Why
from diapason.plan.models import Reading
from diapason.plan.queries import figures
from tests.plan.factories import ActionFactory, IndicatorFactory, PlanFactory, ReadingFactory

pytestmark = pytest.mark.django_db
SECRET = 7654321


@pytest.fixture
def turnover(monkeypatch):
    """Turnover of enterprises, told from three of them on: in 2019 only two."""
    monkeypatch.setattr(measures, "_registry", dict(measures._registry))

    @measure("room.turnover", unit=Unit.EUROS, tables=("plan_reading",))
    def turnover(window):
        """Turnover of enterprises."""
        rows = Reading.objects.filter(
            indicator__code="held", on__gte=window.start, on__lt=window.end
        )
        return Evidence(
            rows=rows,
            value=Sum(),
            on="on",
            label="source",
            amount="value",
            entity="source",
            by={"sector": "note"},
            minimum_entities=3,
        )

    plan = PlanFactory()
    action = ActionFactory(plan=plan, axis__plan=plan)
    held = IndicatorFactory(action=action, code="held")
    for year, firms in ((2018, 4), (2019, 2), (2020, 4), (2021, 3)):
        for number in range(firms):
            ReadingFactory(
                indicator=held,
                on=date(year, 1 + 3 * number, 1),
                value=SECRET if year == 2019 and not number else 10,
                source=f"firm {number}",
                note="music" if number else "film",
            )

    def shown(aggregation):
        return IndicatorFactory(
            action=action,
            code=f"turnover-{aggregation.value.replace('_', '-')}",
            measure="room.turnover",
            unit=Unit.EUROS,
            aggregation=aggregation,
        )

    with time_machine.travel("2026-03-01T12:00:00Z"):
        yield shown


def _figures(client, indicator, **asked):
    found = client.get(f"/api/indicators/{indicator.code}", asked).json()["figures"]
    return {one["period"]: one for one in found}


def _evidence(client, indicator, **asked):
    return client.get(f"/api/indicators/{indicator.code}/evidence", asked).json()


def test_a_total_is_withheld_where_it_minus_the_rest_would_tell(client, turnover):
    known = _figures(client, turnover(Aggregation.PER_PERIOD))
    assert {key: one["value"] is None for key, one in known.items()} == {
        "2018": False, "2019": True, "2020": False, "2021": False,
    }  # fmt: skip
    assert known["2019"]["why"] == Why.WITHHELD
    indicator = turnover(Aggregation.CUMULATIVE)
    totals = _figures(client, indicator)
    assert totals["2018"]["value"] is not None
    assert all(totals[year]["value"] is None for year in ("2019", "2020", "2021"))
    assert _evidence(client, indicator, period="plan")["figure"]["value"] is None


def test_a_period_that_overlaps_the_plans_own_is_withheld(client, turnover):
    indicator = turnover(Aggregation.PER_PERIOD)
    for period in ("2018-2019", "2018-Q1", "2020-Q4", "plan"):
        assert _evidence(client, indicator, period=period)["figure"]["value"] is None


def test_a_figure_as_known_on_another_day_is_withheld(client, turnover):
    indicator = turnover(Aggregation.PER_PERIOD)
    for day in ("2020-03-31", "2020-04-01", "2020-10-02"):
        assert _figures(client, indicator, at=day)["2020"]["value"] is None
        assert _evidence(client, indicator, at=day, period="2020")["figure"]["value"] is None
    assert _figures(client, indicator, at="2022-01-01")["2020"]["value"] is not None


@pytest.mark.parametrize("aggregation", [Aggregation.PER_PERIOD, Aggregation.CUMULATIVE])
@pytest.mark.parametrize("period", ["2018", "2019", "2020", "plan", "2018-2019", "2019-Q1"])
def test_no_page_file_or_answer_holds_it(client, turnover, aggregation, period):
    indicator = turnover(aggregation)
    address = f"/en/plan/indicators/{indicator.code}/"
    asked = {"period": period}
    page = client.get(address, asked).content.decode()
    for spelling in (str(SECRET), "7,654,3", "7 654 3"):
        assert spelling not in page
    assert "Reload the page" not in page
    file = b"".join(client.get(f"{address}evidence.csv", asked)).decode()
    assert str(SECRET) not in file
    assert (
        str(SECRET)
        not in client.get(f"/api/indicators/{indicator.code}/evidence", asked).content.decode()
    )


def test_what_is_kept_today_is_not_told_tomorrow(turnover):
    indicator = turnover(Aggregation.PER_PERIOD)
    plan = indicator.action.plan

    def told(at):
        known = figures.figures(plan, at=at)
        return next(
            one.value for one in known
            if one.indicator == indicator.code and one.period.key == "2020"
        )  # fmt: skip

    with time_machine.travel("2020-12-01T12:00:00Z"):
        assert told(date(2020, 12, 1)) is not None
    with time_machine.travel("2020-12-02T00:10:00Z"):
        assert told(date(2020, 12, 1)) is None
