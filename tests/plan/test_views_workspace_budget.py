"""Money: the lines, their sums by funder and year, and the entries of one line."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from diapason.directory.contracts import Role
from diapason.plan.models import BudgetEntry, BudgetLine
from tests.directory.factories import OrganisationFactory, person
from tests.plan.factories import BudgetEntryFactory, BudgetLineFactory
from tests.plan.workspace import LANGUAGES, address, page_of, signed


@pytest.fixture
def manager(db: None) -> Any:
    return person(Role.PROGRAMME_MANAGER, name="Max")


@pytest.fixture
def line(db: None) -> BudgetLine:
    return BudgetLineFactory(code="mission", funder=OrganisationFactory(code="metropole"))


def entry(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "spent",
        "amount": "1 234,50",
        "on": "2019-06-30",
        "source": "Invoice 12",
        "request_key": str(uuid.uuid4()),
        **fields,
    }


def test_sums_by_funder_and_year_agree_with_the_lines(line: BudgetLine, manager: Any) -> None:
    BudgetEntryFactory(line=line, kind=BudgetEntry.COMMITTED, amount_cents=20_000_00)
    BudgetEntryFactory(line=line, amount_cents=5_000_00)
    BudgetEntryFactory(line=line, amount_cents=1_000_00, on=date(2020, 2, 1))
    BudgetLineFactory(action=line.action, year=None, funder=None, planned_cents=None)
    BudgetLineFactory(
        action=line.action, year=2020, recurring=True, planned_cents=100_00, funder=line.funder
    )
    totals = signed(manager).get(address("budget")).context["totals"]
    rows = {
        str(total.name): (total.planned, total.committed, total.spent, total.to_be_set)
        for total in totals.by_funder
    }
    assert rows == {
        "metropole": (30_200_00, 20_000_00, 6_000_00, 0),
        "": (0, 0, 0, 1),
    }
    years = {total.name: (total.planned, total.committed, total.spent) for total in totals.by_year}
    assert years == {
        2019: (30_000_00, 20_000_00, 5_000_00),
        2020: (100_00, 0, 1_000_00),
        2021: (100_00, 0, 0),
        None: (0, 0, 0),
    }
    whole = totals.whole
    assert (whole.planned, whole.committed, whole.spent) == (30_200_00, 20_000_00, 6_000_00)


def test_filters_narrow_and_the_export_follows(line: BudgetLine, manager: Any) -> None:
    other = BudgetLineFactory(action=line.action, year=2020, funder=None)
    client, url = signed(manager), address("budget")
    for query, wanted in (
        (f"funder={line.funder_id}", {line.pk}),
        ("funder=nobody", {other.pk}),
        ("year=2020", {other.pk}),
        (f"action={line.action.code}", {line.pk, other.pk}),
    ):
        rows = client.get(f"{url}?{query}").context["listing"].rows
        assert {row.record.pk for row in rows} == wanted, query
    for sort in ("label", "action", "funder", "year", "-planned_shown", "committed", "-spent"):
        assert client.get(f"{url}?sort={sort}").status_code == 200
    content = b"".join(client.get(f"{url}?year=2020&export=csv").streaming_content).decode()
    assert f"Line {other.code}" in content
    assert "30000" in content
    assert f"Line {line.code}" not in content


def test_the_list_costs_the_same_at_one_row_and_at_fifty(
    line: BudgetLine, manager: Any, django_assert_max_num_queries: Any
) -> None:
    client, url = signed(manager), address("budget")
    client.get(url)
    cache.clear()
    with django_assert_max_num_queries(12) as few:
        client.get(url)
    BudgetLineFactory.create_batch(49, action=line.action, funder=line.funder)
    cache.clear()
    with django_assert_max_num_queries(12) as many:
        client.get(url)
    assert len(few) == len(many)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_manager_records_money_once(language: str, line: BudgetLine, manager: Any) -> None:
    client, url = signed(manager), address("budget_line", line.pk, language=language)
    form = entry(amount={"fr": "1 234,50", "en": "1,234.50"}[language])
    for _twice in range(2):
        client.post(url, form)
    (made,) = BudgetEntry.objects.all()
    assert (made.amount_cents, made.kind, made.recorded_by) == (1_234_50, "spent", manager)
    assert "Invoice 12" in page_of(client, url)


def test_more_than_planned_is_recorded_and_said(line: BudgetLine, manager: Any) -> None:
    answer = signed(manager).post(
        address("budget_line", line.pk), entry(amount="31000"), follow=True
    )
    assert "1,000 over what was planned" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "1000000000.01"}, "amount"),
        ({"amount": "12.345"}, "amount"),
        ({"amount": "-5"}, "reason"),
        ({"amount": "-5", "reason": "Too much"}, "amount"),
        ({"on": "2999-01-01"}, "on"),
        ({"source": " "}, "source"),
        ({"kind": "lost"}, "kind"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(
    fields: dict[str, str], field: str, line: BudgetLine, manager: Any
) -> None:
    form = entry(**{"amount": "5", **fields})
    answer = signed(manager).post(address("budget_line", line.pk), form)
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"]["amount"].value() == form["amount"]
    assert not BudgetEntry.objects.exists()


def test_an_advisor_reads_but_does_not_record(line: BudgetLine) -> None:
    client, url = signed(person(Role.ADVISOR)), address("budget_line", line.pk)
    assert 'name="amount"' not in page_of(client, url)
    assert client.post(url, entry()).status_code == 403


def test_others_do_not_see_entries(line: BudgetLine) -> None:
    client = signed(person(Role.MEMBER))
    assert client.get(address("budget")).status_code == 403
    assert client.get(address("budget_line", line.pk)).status_code == 403
    assert signed(person(Role.ADVISOR)).get(address("budget_line", 999999)).status_code == 404


def test_a_line_says_what_is_spent_of_what_is_planned(line: BudgetLine, manager: Any) -> None:
    BudgetEntryFactory(line=line, amount_cents=5_000_00)
    open_line = BudgetLineFactory(action=line.action, planned_cents=None)
    client = signed(manager)
    assert "dépensés sur 30" in page_of(client, address("budget_line", line.pk, language="fr"))
    assert "le montant prévu reste à fixer" in page_of(
        client, address("budget_line", open_line.pk, language="fr")
    )
