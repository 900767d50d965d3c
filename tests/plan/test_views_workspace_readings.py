"""The list of figures, one figure, and its decision, as each kind of person meets them."""

from __future__ import annotations

import dataclasses
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from diapason.directory.contracts import Role
from diapason.kernel import clock
from diapason.plan import actions
from diapason.plan.actions.readings import value_of
from diapason.plan.contracts import Aggregation, ReadingState
from diapason.plan.models import Indicator, Reading
from diapason.plan.queries import figures
from diapason.plan.queries.desk import readings as desk
from tests.directory.factories import UserFactory, person
from tests.plan.factories import IndicatorFactory, ReadingFactory, TargetFactory
from tests.plan.workspace import LANGUAGES, address, page_of, signed


@pytest.fixture
def indicator(db: None) -> Indicator:
    return IndicatorFactory(code="incubated")


@pytest.fixture
def advisor(db: None) -> Any:
    return person(Role.ADVISOR, name="Ada")


@pytest.fixture
def manager(db: None) -> Any:
    return person(Role.PROGRAMME_MANAGER, name="Max")


@pytest.fixture
def declared(indicator: Indicator, advisor: Any) -> Reading:
    return ReadingFactory(
        indicator=indicator,
        state=ReadingState.DECLARED,
        declared_by=advisor,
        source="Register of incubators",
        value=Decimal(4),
        on=date(2019, 6, 30),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_puts_first_what_waits_for_the_person(
    language: str, declared: Reading, manager: Any, indicator: Indicator
) -> None:
    own = ReadingFactory(
        indicator=indicator,
        state=ReadingState.DECLARED,
        declared_by=manager,
        declared_at=declared.declared_at.replace(year=2020),
    )
    answer = signed(manager).get(address("readings", language=language))
    listing = answer.context["listing"]
    assert [row.record.pk for row in listing.rows] == [declared.pk, own.pk]
    words = {"fr": "Approuver ou renvoyer", "en": "Approve or return"}[language]
    assert [str(row.cells[-1].value) == words for row in listing.rows] == [True, False]


def test_others_see_their_own_and_what_is_public(
    declared: Reading, advisor: Any, indicator: Indicator
) -> None:
    approved = ReadingFactory(indicator=indicator)
    hidden = ReadingFactory(
        indicator=indicator, state=ReadingState.DECLARED, declared_by=UserFactory()
    )
    client = signed(advisor)
    shown = [row.record.pk for row in client.get(address("readings")).context["listing"].rows]
    assert shown == [declared.pk, approved.pk]
    assert client.get(address("reading", hidden.pk)).status_code == 404


@pytest.mark.parametrize("role", [Role.MEMBER, Role.JUROR, Role.COMMITTEE_MEMBER])
def test_people_who_give_no_figures_are_told_so(role: Role, declared: Reading) -> None:
    client = signed(person(role))
    for url in (address("readings"), address("reading", declared.pk)):
        assert client.get(url).status_code == 403


def test_visitors_are_asked_to_sign_in(declared: Reading) -> None:
    answer = Client().get(address("reading", declared.pk))
    assert answer.status_code == 302
    assert "login" in answer.url


def test_filters_narrow_and_the_export_follows(declared: Reading, manager: Any) -> None:
    other = ReadingFactory(indicator=IndicatorFactory(action=declared.indicator.action))
    client = signed(manager)
    url = address("readings")
    for query, wanted in (
        ("indicator=incubated", {declared.pk}),
        ("state=approved", {other.pk}),
        ("whose=mine", set()),
        ("period=2019", {declared.pk, other.pk}),
        ("period=2018", set()),
        (f"action={declared.indicator.action.code}", {declared.pk, other.pk}),
    ):
        rows = client.get(f"{url}?{query}").context["listing"].rows
        assert {row.record.pk for row in rows} == wanted, query
    content = b"".join(client.get(f"{url}?indicator=incubated&export=csv").streaming_content)
    assert b"Register of incubators" in content
    assert content.count(b"\n") == 2


def test_the_list_costs_the_same_at_one_row_and_at_fifty(
    declared: Reading, manager: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed(manager)
    url = address("readings")
    client.get(url)
    cache.clear()
    with django_assert_max_num_queries(12) as few:
        client.get(url)
    ReadingFactory.create_batch(49, indicator=declared.indicator)
    cache.clear()
    with django_assert_max_num_queries(12) as many:
        client.get(url)
    assert len(few) == len(many)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reading_says_what_it_does_to_the_figure(
    language: str, declared: Reading, manager: Any, indicator: Indicator
) -> None:
    TargetFactory(indicator=indicator)
    ReadingFactory(indicator=indicator, value=Decimal(3), on=date(2019, 3, 1))
    page = page_of(signed(manager), address("reading", declared.pk, language=language))
    words = {
        "fr": "Le chiffre de 2019 passe de 3 à 7, pour un objectif de 5.",
        "en": "The figure of 2019 goes from 3 to 7, for a target of 5.",
    }
    assert words[language] in page
    assert "Register of incubators" in page


@pytest.mark.parametrize(
    ("aggregation", "before", "value", "after"),
    [
        (Aggregation.PER_PERIOD, [(3, None)], (4, None), 7),
        (Aggregation.LATEST, [(3, None)], (4, None), 4),
        (Aggregation.RATIO, [(3, 10)], (4, 10), Decimal("0.35")),
        (Aggregation.PER_EVENT, [(3, None), (5, None)], (7, None), 5),
    ],
)
def test_the_effect_is_what_approval_then_does(
    aggregation: Aggregation, before: list[Any], value: Any, after: Any, advisor: Any, manager: Any
) -> None:
    made = IndicatorFactory(aggregation=aggregation)
    for number, below in before:
        ReadingFactory(
            indicator=made, value=Decimal(number), denominator=below, on=date(2019, 3, 1)
        )
    reading = ReadingFactory(
        indicator=made,
        state=ReadingState.DECLARED,
        declared_by=advisor,
        value=Decimal(value[0]),
        denominator=value[1],
        on=date(2019, 6, 30),
    )
    plan, at = made.action.plan, date(2020, 1, 1)
    assert desk.effect(reading, plan, at).after == after
    signed(manager).post(address("reading", reading.pk), {"act": "approve"})
    (period,) = [one for one in plan.periods() if one.key == "2019"]
    assert figures.figure(made, plan, period, at=at).value == after


def test_a_manager_approves_what_somebody_else_declared(declared: Reading, manager: Any) -> None:
    client = signed(manager)
    answer = client.post(address("reading", declared.pk), {"act": "approve"}, follow=True)
    declared.refresh_from_db()
    assert (declared.state, declared.decided_by) == (ReadingState.APPROVED, manager)
    assert "Approved. The figure of 2019, unknown so far, becomes 4." in answer.content.decode()


def test_returning_needs_words_and_reaches_its_author(
    declared: Reading, manager: Any, advisor: Any
) -> None:
    url = address("reading", declared.pk)
    refused = signed(manager).post(url, {"act": "return", "reason": " "})
    assert refused.status_code == 200
    assert refused.context["form"].errors["reason"]
    declared.refresh_from_db()
    assert declared.state == ReadingState.DECLARED
    signed(manager).post(url, {"act": "return", "reason": "The date is missing."})
    page = page_of(signed(advisor), url)
    assert "The date is missing." in page
    assert address("reading_mend", declared.pk) in page


@pytest.mark.parametrize("act", ["approve", "return"])
def test_nobody_decides_on_a_figure_that_was_mended_since_they_read_it(
    act: str, declared: Reading, manager: Any, advisor: Any
) -> None:
    url, client = address("reading", declared.pk), signed(manager)

    def sent() -> dict[str, str]:
        page = page_of(client, url)
        (seen,) = set(re.findall(r'name="declared_at" value="([^"]+)"', page))
        return {"act": act, "reason": "No.", "declared_at": seen}

    early = sent()
    other = person(Role.PROGRAMME_MANAGER)
    actions.return_reading(by=other, reading=declared, reason="Check it.")
    declared.refresh_from_db()
    mended = dataclasses.replace(value_of(declared), value=Decimal(999))
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        actions.resubmit_reading(by=advisor, reading=declared, value=mended)
    answer = client.post(url, early)
    assert "mended this figure since you opened it" in answer.content.decode()
    declared.refresh_from_db()
    assert (declared.state, declared.value) == (ReadingState.DECLARED, 999)
    client.post(url, sent())
    declared.refresh_from_db()
    assert declared.state != ReadingState.DECLARED


def test_nobody_decides_on_their_own(manager: Any, indicator: Indicator) -> None:
    own = ReadingFactory(indicator=indicator, state=ReadingState.DECLARED, declared_by=manager)
    client = signed(manager)
    assert 'value="approve"' not in page_of(client, address("reading", own.pk))
    answer = client.post(address("reading", own.pk), {"act": "approve"})
    assert "Somebody else than the person who declared" in answer.content.decode()
    own.refresh_from_db()
    assert own.state == ReadingState.DECLARED


def test_an_advisor_cannot_approve(indicator: Indicator, advisor: Any, declared: Reading) -> None:
    answer = signed(advisor).post(address("reading", declared.pk), {"act": "approve"})
    assert answer.status_code == 403


def test_the_second_to_decide_is_told(declared: Reading, manager: Any) -> None:
    url = address("reading", declared.pk)
    signed(manager).post(url, {"act": "approve"})
    late = signed(person(Role.PROGRAMME_MANAGER)).post(url, {"act": "return", "reason": "No."})
    assert "Max already approved this figure" in late.content.decode()


def test_an_author_takes_a_figure_back(declared: Reading, advisor: Any) -> None:
    signed(advisor).post(address("reading", declared.pk), {"act": "withdraw"})
    declared.refresh_from_db()
    assert declared.state == ReadingState.WITHDRAWN


def test_an_unknown_act_does_nothing(declared: Reading, manager: Any) -> None:
    answer = signed(manager).post(address("reading", declared.pk), {"act": "burn"})
    assert "Choose what to do with this figure." in answer.content.decode()
