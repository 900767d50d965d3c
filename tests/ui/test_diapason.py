"""The tags and filters of `{% load diapason %}`."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from diapason.kernel.spreadsheets import Kind
from diapason.kernel.tables import Cell, Column, Header, Listing
from diapason.ui import charts
from diapason.ui.states import STATES


def render(source, **context):
    return Template("{% load diapason %}" + source).render(Context(context))


@pytest.mark.parametrize("key", STATES)
def test_a_state_is_a_mark_a_word_and_a_tone(key):
    with override("en"):
        html = render("{% pill key %}", key=key)
    assert f"pill-{STATES[key].tone}" in html
    assert "<svg" in html
    with override("en"):
        assert str(STATES[key].word) in html


def test_a_state_takes_words_of_its_own_and_escapes_them():
    assert "&lt;b&gt;" in render("{% pill 'bad' words %}", words="<b>")
    assert "pill-grey" in render("{% pill 'no such state' %}")


def test_a_bar_says_its_state_to_those_who_do_not_see_it():
    drawn = charts.bar(
        3, value_label="3", low=5, high=5, goal_label="5", status="at_risk", name="<incubated>"
    )
    with override("en"):
        html = render("{% bar drawn %}", drawn=drawn)
    assert "At risk" in html
    assert "3 / 5" in html
    assert "&lt;incubated&gt;" in html
    assert "style=" not in html
    assert "bar-unseen" in render("{% bar drawn 'unseen' %}", drawn=drawn)


def test_a_bar_with_an_address_is_a_link():
    drawn = charts.bar(3, value_label="3", name="incubated", url="/plan/?a=1&b=2")
    assert '<a class="bar bar-plain" href="/plan/?a=1&amp;b=2">' in render(
        "{% bar drawn %}", drawn=drawn
    )


def test_late_days_are_marked():
    today = date(2020, 11, 23)
    late = render("{% when day today %}", day=date(2020, 11, 22), today=today)
    assert "when-late" in late
    assert "when-late" not in render("{% when day today %}", day=today, today=today)


def test_the_address_keeps_its_other_parameters():
    request = RequestFactory().get("/list", {"state": "open", "page": "3"})
    assert render("{% query page=2 %}", request=request) == "?state=open&amp;page=2"
    assert render("{% query page=None %}", request=request) == "?state=open"


def test_the_pages_around_the_current_one():
    paginator = Paginator(range(240), 20)
    html = render("{% for n in p|page_numbers:4 %}[{{ n }}]{% endfor %}", p=paginator)
    assert html == "[1][2][3][4][5][None][12]"


def test_cells_are_written_as_their_kind_asks(settings):
    settings.CURRENCY = "EUR"
    kinds = [
        (Kind.TEXT, "<Studio>"),
        (Kind.MONEY, 123450),
        (Kind.DATE, date(2020, 3, 12)),
        (Kind.NUMBER, None),
        (Kind.PERCENT, 0.5),
        (Kind.YES_NO, True),
        (Kind.STATUS, "Late"),
    ]
    cells = [
        Cell(value, kind.value, "/there" if kind is Kind.TEXT else "", "bad", kind.value)
        for kind, value in kinds
    ]
    headers = [Header(kind.value, "", "", kind.is_number, kind.value) for kind, _ in kinds]
    with override("fr"):
        html = render("{% cells row headers %}", row=cells, headers=headers)
    assert '<th scope="row"><a href="/there">&lt;Studio&gt;</a></th>' in html
    assert '<td class="number" data-label="money">1\u202f234,50\u00a0€</td>' in html
    assert "12\u00a0mars\u00a02020" in html
    assert "50\u202f%" in html
    assert "oui" in html
    assert "pill-rose" in html


def test_filters_write_in_the_reader_s_language():
    with override("fr"):
        html = render(
            "{{ n|number }}|{{ n|number:1 }}|{{ c|money }}|{{ d|date_long }}|{{ k|period }}",
            n=1234.56, c=100, d=date(2020, 5, 1), k="2019",
        )  # fmt: skip
    assert html == "1\u202f234,56|1\u202f234,6|1\u00a0€|1er\u00a0mai 2020|2019"


def test_a_listing_without_rows_teaches():
    request = RequestFactory().get("/tasks")
    columns = [Column(key="name", heading="Name", sort="name")]
    listing = Listing(request, Group.objects.none(), columns, name="tasks")
    html = render("{% include 'ui/listing.html' with empty_title='No task yet' %}", listing=listing)
    assert "No task yet" in html
    assert "<table" not in html
