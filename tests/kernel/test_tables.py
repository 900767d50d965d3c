"""Lists: filters, sorting, pages and exports, in a constant number of queries."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import django_filters
import pytest
from django.test import RequestFactory
from django.utils.translation import override
from django_filters import FilterSet
from python_calamine import load_workbook

from diapason.kernel.models import Draft
from diapason.kernel.spreadsheets import Kind
from diapason.kernel.tables import Column, Listing, counts, folded, in_language

pytestmark = pytest.mark.django_db


class DraftFilter(FilterSet):
    form = django_filters.CharFilter(lookup_expr="icontains", label="Form")
    since = django_filters.DateFilter(field_name="expires_at", lookup_expr="date__gte")

    class Meta:
        model = Draft
        fields: list[str] = []


COLUMNS = [
    Column(key="owner", heading="Owner", sort="owner", link=lambda draft: f"/drafts/{draft.pk}/"),
    Column(
        key="size",
        heading="Size",
        kind=Kind.NUMBER,
        value=lambda draft: len(draft.data),
        sort="data__rank",
    ),
    Column(key="until", heading="Until", kind=Kind.DATE, value="expires_at", sort="expires_at"),
    Column(key="note", heading="Note", value=lambda draft: draft.data.get("note"), on_page=False),
    Column(
        key="state",
        heading="State",
        kind=Kind.STATUS,
        value=lambda draft: "old",
        tone=lambda draft: "bad",
        in_export=False,
    ),
]


def draft(owner: str, *, form: str = "case", day: int = 1, **data: Any) -> Draft:
    return Draft.objects.create(
        owner=owner, form=form, data=data, expires_at=datetime(2020, 1, day, 12, tzinfo=UTC)
    )


def listing(address: str = "/list/", **options: Any) -> Listing:
    request = RequestFactory().get(address)
    defaults = {"name": "drafts", "filters": DraftFilter, "default_sort": "owner"}
    return Listing(request, Draft.objects.all(), COLUMNS, **(defaults | options))


def owners(shown: Listing) -> list[str]:
    return [row.cells[0].value for row in shown.rows]


def test_texts_sort_without_regard_to_case_and_accents() -> None:
    for owner in ("zèbre", "école", "Ecluse", "avril", "Été"):
        draft(owner)
    assert owners(listing()) == ["avril", "Ecluse", "école", "Été", "zèbre"]
    assert owners(listing("/list/?sort=-owner")) == ["zèbre", "Été", "école", "Ecluse", "avril"]


def test_the_unknown_stands_last_both_ways() -> None:
    draft("one", rank=1)
    draft("two", rank=2)
    draft("none")
    assert owners(listing("/list/?sort=size")) == ["one", "two", "none"]
    assert owners(listing("/list/?sort=-size")) == ["two", "one", "none"]


def test_of_rows_alike_the_last_added_is_first_where_the_list_descends() -> None:
    for owner in ("one", "two", "three"):
        draft(owner, rank=1)
    assert owners(listing("/list/?sort=size")) == ["one", "two", "three"]
    assert owners(listing("/list/?sort=-size")) == ["three", "two", "one"]


@pytest.mark.parametrize("asked", ["state", "-state", "nothing", "pk", "owner__x", "-", ""])
def test_a_sort_that_does_not_exist_falls_back_to_the_default(asked: str) -> None:
    draft("b")
    draft("a")
    assert owners(listing(f"/list/?sort={asked}")) == ["a", "b"]


def test_headers_say_the_order_and_lead_to_the_next_one() -> None:
    shown = listing("/list/?sort=-until&form=case&page=3&export=xlsx").headers
    assert [header.key for header in shown] == ["owner", "size", "until", "state"]
    owner, size, until, state = shown
    assert (owner.sort, until.sort, state.sort, state.url) == ("", "descending", "", "")
    assert owner.url == "/list/?sort=owner&form=case"
    assert until.url == "/list/?sort=until&form=case"
    assert size.number
    assert not owner.number
    assert listing("/list/?sort=until").headers[2].url == "/list/?sort=-until"
    assert listing("/list/?sort=until").headers[2].sort == "ascending"


def test_filters_narrow_the_rows_and_stay_in_the_addresses() -> None:
    draft("a", form="case")
    draft("b", form="visit")
    shown = listing("/list/?form=VIS")
    assert owners(shown) == ["b"]
    assert shown.is_filtered
    assert shown.reset_url == "/list/"
    assert shown.exports[0] == ("csv", "/list/?form=VIS&export=csv")
    whole = listing("/list/?form=")
    assert owners(whole) == ["a", "b"]
    assert not whole.is_filtered
    assert whole.reset_url == ""


def test_a_wrong_filter_says_so_and_exports_nothing() -> None:
    draft("a")
    shown = listing("/list/?since=yesterday&export=csv")
    assert shown.form.errors["since"]
    assert owners(shown) == ["a"]
    assert shown.reset_url == "/list/"
    response = shown.respond("django_filters/rest_framework/form.html")
    assert response.headers["Content-Type"].startswith("text/html")


def test_pages_never_overlap_and_a_page_too_far_is_the_last() -> None:
    for number in range(7):
        draft("same", form=f"f{number}")
    seen: list[int] = []
    for page in (1, 2, 3):
        shown = listing(f"/list/?page={page}", page_size=3)
        seen += [row.record.pk for row in shown.rows]
        assert shown.total == 7
    assert len(set(seen)) == 7
    assert [row.record.pk for row in listing("/list/?page=99", page_size=3).rows] == seen[-1:]
    assert len(listing("/list/?page=x", page_size=3).rows) == 3


def test_cells_carry_what_the_template_writes() -> None:
    made = draft("a", rank=1)
    owner, size, until, state = listing().rows[0].cells
    assert (owner.value, owner.kind, owner.link) == ("a", "text", f"/drafts/{made.pk}/")
    assert (size.value, size.kind) == (1, "number")
    assert until.value == made.expires_at
    assert (state.value, state.tone) == ("old", "bad")


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_the_number_of_queries_does_not_depend_on_the_rows(
    rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        draft(f"o{number}")
    with django_assert_num_queries(2):
        shown = listing()
        assert len(shown.rows) == min(rows, 50)
        assert shown.total == rows
        assert shown.headers


def test_a_dotted_path_stops_at_what_is_missing() -> None:
    made = draft("a")
    made.parent = None  # type: ignore[attr-defined]
    assert Column(key="x", heading="X", value="parent.name").reader()(made) is None
    assert Column(key="x", heading="X", value="expires_at.year").reader()(made) == 2020


def test_csv_holds_the_filtered_rows_as_the_language_writes_them() -> None:
    draft("=1+1", form="case", day=2, note="très; bien")
    draft("b", form="visit")
    with override("fr"):
        response = listing("/list/?form=case&export=csv").respond("unused.html")
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["Owner", "Size", "Until", "Note"],
        ["'=1+1", "1", "02/01/2020 13:00:00", "très; bien"],
    ]
    assert response.headers["Content-Disposition"].startswith('attachment; filename="drafts-')
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_xlsx_holds_real_dates_and_numbers_and_no_formula() -> None:
    draft("=1+1", note="n")
    response = listing("/list/?export=xlsx").respond("unused.html")
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    rows = load_workbook(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert rows[1] == ["=1+1", 1, datetime(2020, 1, 1, 13), "n"]  # noqa: DTZ001 - as in the file


def test_the_page_is_shown_where_no_file_is_asked() -> None:
    draft("a")
    with pytest.raises(ValueError, match="no format"):
        listing().export("pdf")
    response = listing("/list/?export=pdf").respond("django_filters/rest_framework/form.html")
    assert response.status_code == 200
    assert "Content-Disposition" not in response.headers


def test_sorting_by_a_text_per_language_falls_back_on_another() -> None:
    for owner, data in (("1", {"fr": "Zone"}), ("2", {"fr": "Été", "en": "Summer"}), ("3", {})):
        Draft.objects.create(
            owner=owner, form="f", data=data, expires_at=datetime(2020, 1, 1, tzinfo=UTC)
        )
    sort = in_language("data")
    for language, expected in (("fr", "321"), ("en", "321")):
        with override(language):
            found = Draft.objects.order_by(sort()).values_list("owner", flat=True)
            assert "".join(found) == expected
    with override("en"):
        assert Draft.objects.annotate(t=sort()).get(owner="2").t == "summer"
    assert Draft.objects.annotate(t=folded("form")).first().t == "f"


def test_several_counts_are_one_query(django_assert_num_queries: Any) -> None:
    for number in range(3):
        Draft.objects.create(
            owner=f"user:{number}", form="a %s form", expires_at=datetime(2030, 1, 1, tzinfo=UTC)
        )
    asked = [
        Draft.objects.all(),
        Draft.objects.filter(owner="user:1", form="a %s form").order_by("owner"),
        Draft.objects.filter(pk__in=[]),
        Draft.objects.none(),
    ]
    with django_assert_num_queries(1):
        assert counts(asked) == [3, 1, 0, 0]
    with django_assert_num_queries(0):
        assert counts([]) == []


def test_a_long_list_is_counted_so_far_and_says_so(monkeypatch: Any) -> None:
    monkeypatch.setattr("diapason.kernel.paging.MOST_COUNTED", 3)
    for number in range(3):
        draft(str(number))
    shown = listing(page_size=2)
    assert (shown.total, shown.has_more) == (3, False)
    draft("4")
    shown = listing("/list/?page=9", page_size=2)
    assert (shown.total, shown.has_more, shown.page.number) == (3, True, 2)
    # The filters and the files still hold them all.
    assert len(list(shown.export_rows())) == 4


def test_what_is_always_known_is_sorted_as_an_index_holds_it() -> None:
    by = {name: str(listing(f"/list/?sort={name}").queryset.query) for name in ("-until", "size")}
    assert "NULLS LAST" not in by["-until"]
    assert "NULLS LAST" in by["size"]
