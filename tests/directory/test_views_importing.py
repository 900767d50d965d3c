"""A spreadsheet of organisations: matched, tried, corrected, imported."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from diapason.directory.contracts import Role
from diapason.directory.models import Membership, Organisation
from diapason.directory.views import importing
from diapason.kernel import jobs
from diapason.kernel.models import Progress
from tests.directory.factories import (
    SIREN,
    SIRET,
    ActivityFactory,
    CommuneFactory,
    OrganisationFactory,
    person,
)
from tests.directory.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def staff(client):
    client.force_login(person(Role.ADVISOR, language="en"))
    return client


def url(language="en"):
    return ("" if language == "fr" else f"/{language}") + "/workspace/organisations/import/"


def listed():
    """The organisations besides those of the people who try."""
    return Organisation.objects.exclude(pk__in=Membership.objects.values("organisation"))


def sheet(*lines, name="liste.csv"):
    return SimpleUploadedFile(name, "\n".join(lines).encode(), "text/csv")


HEADINGS = "Nom de la structure;N° SIRET;Ville;Code APE;Mail;Remarque"
LINE = f"Studio Inventé;{SIRET};Élan;5911A;hello@example.org;à rappeler"


@pytest.fixture(autouse=True)
def lists():
    CommuneFactory(name="Élan", code="99101")
    ActivityFactory(code="59.11A")


def matched(answer, **changes):
    """What the page would send for the columns as it shows them."""
    form = answer.context["match"]
    fields = {name: form[name].value() or "" for name in form.fields}
    return {"sealed": answer.context["sealed"], **fields, **changes}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_any_list_is_matched_tried_and_imported(staff, language):
    first = staff.post(url(language), {"file": sheet(HEADINGS, LINE)})
    guessed = {name: first.context["match"][name].value() for name in first.context["match"].fields}
    assert guessed == {
        "column-0": "name", "column-1": "siret", "column-2": "commune_id",
        "column-3": "activity_id", "column-4": "email", "column-5": "",
    }  # fmt: skip
    tried = staff.post(url(language), matched(first))
    assert "Studio Inventé" in words(tried)
    assert not listed().exists()
    for _twice in range(2):
        done = staff.post(url(language), matched(tried, step="import"))
        assert done.status_code == 302
    made = listed().get()
    assert (made.siret, made.commune_id, made.activity.code) == (SIRET, "99101", "59.11A")
    assert made.email == "hello@example.org"


def test_a_wrong_guess_is_corrected(staff):
    first = staff.post(url(), {"file": sheet("Titre;Nom", "Studio Inventé;Ada")})
    tried = staff.post(url(), matched(first, **{"column-0": "name", "column-1": ""}))
    assert [row.name for row in tried.context["added"]] == ["Studio Inventé"]
    # What is said is shown again with the trial, so that it can be corrected once more.
    assert tried.context["match"]["column-0"].value() == "name"


def test_two_columns_of_one_kind_and_no_name_are_refused(staff):
    first = staff.post(url(), {"file": sheet("A;B", "Studio;Ada")})
    twice = staff.post(url(), matched(first, **{"column-0": "name", "column-1": "name"}))
    assert "column-1" in twice.context["match"].errors
    none = staff.post(url(), matched(first, **{"column-0": "phone", "column-1": ""}))
    assert none.context["match"].non_field_errors()
    assert "trial" not in none.context


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        (f"Studio Inventé;123;Élan;5911A;;{SIREN}", "B3"),
        ("Studio Inventé;;Ailleurs;5911A;;", "C3"),
        ("Studio Inventé;;Élan;00;;", "D3"),
        ("Studio Inventé;;Élan;5911A;nobody;", "E3"),
        (";;Élan;5911A;a@example.org;", "A3"),
        (f"Studio;{SIRET};;;;", "B3"),
    ],
)
def test_each_fault_is_told_with_its_cell_and_nothing_is_written(staff, line, cell):
    first = staff.post(url(), {"file": sheet(HEADINGS, LINE, line)})
    for step in ("", "import"):
        answer = staff.post(url(), matched(first, step=step))
        assert [error.address for error in answer.context["trial"].errors] == [cell]
        assert cell in words(answer)
    assert not listed().exists()


def test_all_faults_of_a_list_are_told_at_once(staff):
    lines = (
        "Studio Inventé;123;Ailleurs;5911A;nobody;",
        LINE,
        f"Studio;{SIRET};;;;",
    )
    answer = staff.post(url(), matched(staff.post(url(), {"file": sheet(HEADINGS, *lines)})))
    errors = answer.context["trial"].errors
    assert [error.address for error in errors] == ["B2", "C2", "E2", "B4"]
    sent = matched(staff.post(url(), {"file": sheet(HEADINGS, *lines)}), step="import")
    assert staff.post(url(), sent).context["trial"].errors
    assert not listed().exists()


def test_a_likely_duplicate_is_asked_about(staff):
    there = OrganisationFactory(name={"fr": "Studio Invente"})
    first = staff.post(url(), {"file": sheet("Nom;Tél", "Studio Inventé;04 00 00 00 00")})
    tried = staff.post(url(), matched(first))
    assert "It is Studio Invente (a similar name)" in words(tried)
    staff.post(url(), matched(tried, step="import", rest="leave"))
    assert listed().get().phone == ""
    staff.post(url(), matched(tried, step="import", **{"line-2": str(there.pk)}))
    assert listed().get().phone == "04 00 00 00 00"
    staff.post(url(), matched(tried, step="import", rest="new"))
    assert listed().count() == 2


def test_numbers_that_a_workbook_took_for_quantities_keep_their_zeros(staff):
    book = Workbook()
    book.active.append(["Nom", "SIRET", "CP"])
    book.active.append(["Studio Inventé", int(SIRET), 1000])
    content = BytesIO()
    book.save(content)
    first = staff.post(url(), {"file": SimpleUploadedFile("l.xlsx", content.getvalue())})
    tried = staff.post(url(), matched(first))
    staff.post(url(), matched(tried, step="import"))
    made = listed().get()
    assert (made.siret, made.postcode) == (SIRET, "01000")


def test_what_a_file_says_is_never_run(staff):
    first = staff.post(url(), {"file": sheet("Nom;<b>x", "Studio;<script>alert(1)</script>")})
    page = first.content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_what_is_no_list_is_refused_beside_the_field(staff):
    for upload in (SimpleUploadedFile("l.xlsx", b"%PDF-1.4 nothing"), sheet("Nom;SIRET")):
        answer = staff.post(url(), {"file": upload})
        assert answer.context["form"].errors["file"]
    assert staff.post(url(), {}).context["form"].errors["file"]


def test_the_kept_file_is_its_owners_alone(staff, client):
    first = staff.post(url(), {"file": sheet(HEADINGS, LINE)})
    client.force_login(person(Role.ADVISOR))
    for sealed in (first.context["sealed"], "forged"):
        answer = client.post(url(), matched(first, sealed=sealed, step="import"))
        assert answer.context["form"].errors["file"]
    assert not listed().exists()


def test_the_template_is_recognised_column_by_column(staff):
    answer = staff.get(reverse("directory:organisations_template"))
    content = b"".join(answer.streaming_content)
    book = load_workbook(BytesIO(content))
    book.worksheets[0].append(["Studio Inventé"])
    filled = BytesIO()
    book.save(filled)
    first = staff.post(url(), {"file": SimpleUploadedFile("t.xlsx", filled.getvalue())})
    form = first.context["match"]
    assert [form[name].value() for name in form.fields] == [column.key for column in form.ours]


@pytest.fixture
def long_at_two(monkeypatch):
    """Two lines are many."""
    monkeypatch.setattr(importing, "AT_ONCE", 1)


def test_many_lines_are_imported_by_a_job_that_tells_how_far_it_has_got(staff, long_at_two):
    first = staff.post(url(), {"file": sheet("Name", "Studio One", "Studio Two")})
    tried = staff.post(url(), matched(first))
    assert "Studio Two" in words(tried)
    confirmed = matched(tried, step="import", request_key=str(tried.context["request_key"]))
    answers = [staff.post(url(), confirmed) for _twice in range(2)]
    (progress,) = Progress.objects.all()
    assert {answer.headers["Location"] for answer in answers} == {f"/en/progress/{progress.pk}/"}
    assert ProcrastinateJob.objects.filter(task_name="directory.import_sheet").count() == 1
    page = staff.get(answers[0].headers["Location"])
    assert "Import of liste.csv" in words(page)
    assert not listed().exists()


def test_many_lines_with_a_fault_are_not_even_asked_for(staff, long_at_two):
    first = staff.post(url(), {"file": sheet("Name;Town", "Studio One;Élan", "Studio Two;Nowhere")})
    columns = {"column-1": "commune_id"}
    refused = staff.post(url(), matched(first, step="import", **columns))
    assert "B3" in words(refused)
    assert not Progress.objects.exists()


def test_the_progress_of_somebody_else_is_not_taken_over(staff, long_at_two):
    theirs = jobs.start_progress("account:0", "Theirs")
    first = staff.post(url(), {"file": sheet("Name", "Studio One", "Studio Two")})
    answer = staff.post(url(), matched(first, step="import", request_key=str(theirs.pk)))
    assert "This form was already sent for something else. Open it anew." in words(answer)
    assert not ProcrastinateJob.objects.filter(task_name="directory.import_sheet").exists()
