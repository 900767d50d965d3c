"""Changing a target: a date, a reason, and the former one beside it."""

from __future__ import annotations

from typing import Any

import pytest

from diapason.directory.contracts import Role
from diapason.plan.models import Indicator, Target
from tests.directory.factories import person
from tests.plan.factories import IndicatorFactory, TargetFactory
from tests.plan.workspace import LANGUAGES, address, page_of, signed


@pytest.fixture
def indicator(db: None) -> Indicator:
    made = IndicatorFactory(code="incubated")
    TargetFactory(indicator=made, period="2019")
    return made


@pytest.fixture
def manager(db: None) -> Any:
    return person(Role.PROGRAMME_MANAGER, name="Max")


def decided(**fields: Any) -> dict[str, Any]:
    return {
        "period": "2019",
        "goal": "exact",
        "value": "6",
        "upper": "",
        "decided_on": "2019-02-01",
        "reason": "The committee aims higher.",
        **fields,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_target_takes_the_place_of_the_former(
    language: str, indicator: Indicator, manager: Any
) -> None:
    client, url = signed(manager), address("targets", "incubated", language=language)
    seen = client.get(url).context["form"]["seen"].value()
    client.post(url, decided(seen=seen))
    former, new = Target.objects.order_by("pk")
    assert former.replaced_at is not None
    assert (new.low, new.high, new.exact, new.decided_by) == (6, 6, True, manager)
    page = page_of(client, url)
    assert "The committee aims higher." in page
    assert {"fr": "remplacé", "en": "replaced"}[language] in page


@pytest.mark.parametrize(
    ("fields", "bounds"),
    [
        ({"goal": "least"}, (6, None, False)),
        ({"goal": "most"}, (None, 6, False)),
        ({"goal": "range", "upper": "8"}, (6, 8, False)),
        ({"goal": "open", "value": ""}, (None, None, True)),
        ({"period": "plan"}, (6, 6, False)),
    ],
)
def test_each_shape_of_target(
    fields: dict[str, str], bounds: Any, indicator: Indicator, manager: Any
) -> None:
    signed(manager).post(address("targets", "incubated"), decided(**fields))
    new = Target.objects.latest("pk")
    assert (new.low, new.high, new.unknown) == bounds


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"value": ""}, "value"),
        ({"value": "some"}, "value"),
        ({"goal": "range"}, "upper"),
        ({"goal": "range", "upper": "2"}, "goal"),
        ({"decided_on": "2999-01-01"}, "decided_on"),
        ({"period": "1999"}, "period"),
    ],
)
def test_a_refusal_stands_beside_its_field(
    fields: dict[str, str], field: str, indicator: Indicator, manager: Any
) -> None:
    answer = signed(manager).post(address("targets", "incubated"), decided(**fields))
    assert list(answer.context["form"].errors) == [field]
    assert Target.objects.count() == 1


def test_nobody_replaces_a_target_that_they_have_not_seen(
    indicator: Indicator, manager: Any
) -> None:
    client, url = signed(manager), address("targets", "incubated")
    seen = client.get(url).context["form"]["seen"].value()
    client.post(url, decided(seen=seen))
    late = client.post(url, decided(seen=seen, value="7"))
    assert "changed this target meanwhile" in late.content.decode()
    assert late.context["form"]["value"].value() == "7"
    assert Target.objects.count() == 2


def test_only_managers_change_targets(indicator: Indicator) -> None:
    for role in (Role.ADVISOR, Role.MEMBER, Role.COMMITTEE_MEMBER):
        assert signed(person(role)).get(address("targets", "incubated")).status_code == 403


def test_an_unknown_indicator_is_not_found(indicator: Indicator, manager: Any) -> None:
    assert signed(manager).get(address("targets", "nothing")).status_code == 404


def test_the_indicators_page_leads_there_those_who_may(indicator: Indicator, manager: Any) -> None:
    public = address("indicator", "incubated")
    assert address("targets", "incubated") in page_of(signed(manager), public)
    advisor = page_of(signed(person(Role.ADVISOR)), public)
    assert address("targets", "incubated") not in advisor
    assert f"{address('reading_new')}?indicator=incubated" in advisor
    assert address("reading_new") not in page_of(signed(person(Role.MEMBER)), public)


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"goal": "open"}, "value"), ({"upper": "9"}, "upper"), ({"reason": "é" * 2001}, "reason")],
)
def test_what_was_typed_is_not_dropped_without_a_word(
    fields: dict[str, str], field: str, indicator: Indicator, manager: Any
) -> None:
    client, url = signed(manager), address("targets", "incubated", language="en")
    answer = client.post(url, decided(**fields))
    assert field in answer.context["form"].errors
    assert Target.objects.count() == 1
