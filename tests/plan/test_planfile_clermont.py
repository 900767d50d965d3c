"""Clermont's plan file is clean, and holds every fact of the document."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from diapason.plan.contracts import Aggregation
from diapason.plan.planfile import PlanFile, read

ROOT = Path(__file__).resolve().parents[2]
CLERMONT = ROOT / "plans" / "clermont.yaml"


@pytest.fixture(scope="module")
def clermont() -> PlanFile:
    plan, faults = read(CLERMONT)
    assert faults == []
    assert plan is not None
    return plan


def test_clermont_has_its_axes_and_actions(clermont: PlanFile) -> None:
    assert (clermont.starts, clermont.ends) == (date(2018, 1, 1), date(2021, 12, 31))
    assert clermont.languages == ("fr", "en")
    assert [axis.number for axis in clermont.axes] == [1, 2, 3]
    assert [action.number for action in clermont.actions] == [*range(1, 11), None]
    by_axis = {axis.code: 0 for axis in clermont.axes}
    for action in clermont.actions:
        if action.axis:
            by_axis[action.axis] += 1
    assert list(by_axis.values()) == [3, 4, 3]
    assert [action.code for action in clermont.actions if action.priority] == ["hub"]
    assert [action.code for action in clermont.actions if action.cross_sectional] == [
        "implementation"
    ]


# indicator: {period: goal} as the document gives them; None is "to be specified".
TARGETS = {
    "enterprises-incubated": {"2019": 5, "2020": 5, "2021": 5},
    "student-projects-supported": {"2019": 2, "2020": 2, "2021": 2},
    "businesses-joined": {"2019": 6},
    "visits": {"2019": 15, "2020": 15, "2021": 15},
    "grants-awarded": {"2019": 5, "2020": 10, "2021": 10},
    "hub-businesses": {"2020": (8, 10), "2021": (8, 10)},
    "hub-events": {"2020": 20, "2021": 20},
    "events-organised": {"2018": 3, "2019": 5, "2020": 7},
    "businesses-per-event": {"2018": "10 each", "2019": "10 each", "2020": "10 each"},
    "showrooms": {"2019": 3},
    "businesses-per-showroom": {"2019": "5 each"},
    "university-agreements": {"2019": 1},
    "productions-shot": {"2019": 60, "2020": None, "2021": None},
    "school-interventions": {"2019": 100, "2020": 150, "2021": 200},
    "children-reached": {"2019": 2000},
}


def test_clermont_has_every_target_of_the_document(clermont: PlanFile) -> None:
    found = {}
    for _, indicator in clermont.indicators():
        goals = {}
        for target in indicator.targets:
            goals[target.period] = {
                "value": target.value,
                "min": f"{target.minimum}+",
                "range": (target.low, target.high),
                "per_event": f"{target.per_event} each",
                "unknown": None,
            }[target.kind]
        if goals != {"plan": None}:
            found[indicator.code] = goals
    assert found == TARGETS


# action: what it promises to count, outputs then results
INDICATORS = {
    "incubation": (2, 2),
    "growth": (4, 4),
    "alternative-funding": (3, 1),
    "hub": (2, 2),
    "local-events": (2, 9),
    "mobility": (3, 1),
    "film": (1, 1),
    "skills": (2, 3),
    "careers": (2, 1),
    "schools": (1, 1),
    "implementation": (0, 0),
}


def test_clermont_has_every_indicator_of_the_document(clermont: PlanFile) -> None:
    kinds = {
        action.code: tuple(
            sum(indicator.kind == kind for indicator in action.indicators)
            for kind in ("output", "result")
        )
        for action in clermont.actions
    }
    assert kinds == INDICATORS
    aggregations = {indicator.aggregation for _, indicator in clermont.indicators()}
    assert aggregations == set(Aggregation)
    for _, indicator in clermont.indicators():
        assert indicator.targets, indicator.code
        assert indicator.definition, indicator.code


def test_clermont_starts_from_47_productions(clermont: PlanFile) -> None:
    baselines = {
        indicator.code: (indicator.baseline.period, indicator.baseline.value)
        for _, indicator in clermont.indicators()
        if indicator.baseline
    }
    assert baselines == {"productions-shot": ("2018", 47)}


# action: its lines, in cents: low, high, year, each year?
BUDGETS = {
    "incubation": [(3_000_000, 3_000_000, 2018, False)],
    "growth": [(None, None, None, False)],
    "alternative-funding": [(5_000_000, 5_000_000, 2019, False), (300_000, 300_000, 2019, False)],
    "hub": [(400_000_000, 400_000_000, None, False), (4_000_000, 4_000_000, None, True)],
    "local-events": [
        (None, None, None, False),
        (10_000_000, 10_000_000, None, False),
        (0, 0, None, False),
        (None, None, None, False),
    ],
    "mobility": [
        (0, 0, None, False),
        (1_000_000, 1_500_000, None, False),
        (0, 0, None, False),
        (None, None, None, False),
        (None, None, None, False),
        (0, 0, None, False),
    ],
    "film": [(None, None, None, False)],
    "skills": [(3_500_000, 3_500_000, 2018, False)],
    "careers": [(None, None, None, False)],
    "schools": [(None, None, None, False)],
    "implementation": [(None, None, None, False), (None, None, None, False)],
}


def test_clermont_has_every_amount_of_the_document(clermont: PlanFile) -> None:
    found = {
        action.code: [(line.low, line.high, line.year, line.recurring) for line in action.budget]
        for action in clermont.actions
    }
    assert found == BUDGETS
    staff = [(action.code, person.fte) for action in clermont.actions for person in action.staff]
    assert staff == [("incubation", Decimal(1))]


# action: leaders, partners, links, examples, objectives, tasks, first day, last day
SHEETS = {
    "incubation": (1, 14, (2, 4), 2, 2, 7, "2018-07-01", "2018-12-31"),
    "growth": (2, 7, (1, 4), 2, 3, 6, "2018-07-01", "2019-12-31"),
    "alternative-funding": (1, 4, (1, 2), 5, 1, 3, "2018-07-01", "2018-12-31"),
    "hub": (1, 9, (1, 2, 5), 2, 3, 9, None, "2019-12-31"),
    "local-events": (6, 9, (2, 4), 2, 2, 8, "2018-01-01", None),
    "mobility": (3, 9, (2, 4), 1, 3, 6, "2019-01-01", "2019-12-31"),
    "film": (3, 9, (2, 4), 1, 3, 3, "2019-01-01", "2019-12-31"),
    "skills": (1, 11, (4,), 2, 5, 12, "2018-07-01", "2018-12-31"),
    "careers": (None, 9, (4,), 0, 1, 4, "2020-01-01", "2020-12-31"),
    "schools": (3, 6, (4,), 2, 2, 5, "2019-01-01", "2019-12-31"),
    "implementation": (1, 1, (), 0, 2, 8, "2018-01-01", "2021-12-31"),
}


def test_clermont_has_the_sheet_of_every_action(clermont: PlanFile) -> None:
    numbers = {action.code: action.number for action in clermont.actions}
    found = {
        action.code: (
            None if action.leaders is None else len(action.leaders),
            len(action.partners or ()),
            tuple(numbers[code] for code in action.links),
            len(action.examples),
            len(action.objectives),
            len(action.tasks),
            action.starts.isoformat() if action.starts else None,
            action.ends.isoformat() if action.ends else None,
        )
        for action in clermont.actions
    }
    assert found == SHEETS
    for action in clermont.actions:
        assert action.context, action.code
        assert action.timeframe, action.code
    examples = [example for action in clermont.actions for example in action.examples]
    assert examples
    assert [example for example in examples if not example.url] == []


def test_clermont_names_no_organisation_in_vain(clermont: PlanFile) -> None:
    named = set()
    for action in clermont.actions:
        for parties in (action.leaders, action.funders, action.partners):
            named.update(parties or ())
        named.update(line.funder for line in action.budget if line.funder)
    assert named == {organisation.code for organisation in clermont.organisations}


def test_french_texts_have_french_typography() -> None:
    data = yaml.safe_load(CLERMONT.read_text(encoding="utf-8"))

    def texts(value: object, language: str = "") -> list[str]:
        if isinstance(value, dict):
            return [text for key, item in value.items() for text in texts(item, str(key))]
        if isinstance(value, list):
            return [text for item in value for text in texts(item)]
        return [value] if language == "fr" and isinstance(value, str) else []

    french = texts(data)
    assert len(french) > 300
    for text in french:
        assert "'" not in text, text
        assert not re.search(r" [:;?!»]|« |(?<![\u00a0\u202f]):", text), text
