"""Pages of the observatory: the survey by its link, staff's pages, the public results."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from diapason.directory.contracts import Role
from diapason.kernel import clock
from diapason.observatory.models import Answer, Campaign, Invitation
from tests.directory.factories import ContactFactory, OrganisationFactory, person
from tests.observatory.factories import (
    AnswerFactory,
    CampaignFactory,
    InvitationFactory,
    entered,
    secret_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def running() -> Campaign:
    today = clock.today()
    return CampaignFactory(
        year=2019,
        opened_on=today - timedelta(days=40),
        closes_on=today + timedelta(days=14),
        closed_on=None,
    )


def page(name: str, *args: Any) -> str:
    with override("en"):
        return reverse(f"observatory:{name}", args=args)


def staff(client: Client, role: Role = Role.PROGRAMME_MANAGER) -> Any:
    user = person(role)
    client.force_login(user)
    return user


def text(answer: Any) -> str:
    return answer.content.decode()


# -------------------------------------------------------------------------------------- the survey


def test_it_is_prefilled_with_the_year_before_and_says_so(client: Client, running: Any) -> None:
    asked = InvitationFactory(campaign=running)
    AnswerFactory(campaign__year=2018, organisation=asked.organisation, turnover=123_456_00)
    shown = text(client.get(page("respond", secret_of(asked))))
    assert 'value="123,456"' in shown
    assert "In 2018: €123,456." in shown
    assert "noindex" in shown


def test_typed_figures_are_understood_in_both_languages(client: Client, running: Any) -> None:
    asked = InvitationFactory(campaign=running)
    url = page("respond", secret_of(asked))
    client.post(url.removeprefix("/en"), {"act": "send", "active": "yes", "turnover": "1 234,50"})
    assert Answer.objects.get().turnover == 123_450
    assert Invitation.objects.get().language == "fr"
    client.post(url, {"act": "send", "active": "yes", "turnover": "2,345.60"})
    assert Answer.objects.get().turnover == 234_560
    assert Invitation.objects.get().language == "en"


def test_a_slip_loses_nothing(client: Client, running: Any) -> None:
    asked = InvitationFactory(campaign=running)
    typed = {"act": "send", "active": "yes", "turnover": "10", "abroad": "20", "headcount": "7"}
    answer = client.post(page("respond", secret_of(asked)), typed)
    shown = text(answer)
    assert "cannot be more" in shown
    assert 'value="7"' in shown
    assert not Answer.objects.exists()
    typed["abroad"] = "many"
    assert answer.status_code == 200
    assert "many" in text(client.post(page("respond", secret_of(asked)), typed))


def test_what_is_left_half_way_is_found_on_any_device(running: Any) -> None:
    asked = InvitationFactory(campaign=running)
    url, keep = page("respond", secret_of(asked)), page("keep", secret_of(asked))
    phone, desk = Client(), Client()
    assert phone.post(keep, {"turnover": "77", "password": "x"}).status_code == 204
    assert 'value="77"' in text(desk.get(url))
    desk.post(url, {"act": "later", "active": "yes", "turnover": "78"})
    shown = text(phone.get(url))
    assert 'value="78"' in shown
    assert "not sent yet" in shown
    # A flood is not kept, and takes the place of nothing.
    assert desk.post(url, {"act": "later", "turnover": "7" * 200_000}).status_code == 400
    assert 'value="78"' in text(phone.get(url))
    phone.post(url, {"act": "send", "active": "yes", "turnover": "79"})
    assert "not sent yet" not in text(desk.get(url))
    assert Answer.objects.get().turnover == 7900


def test_a_link_that_is_no_link_leads_nowhere(client: Client, running: Any) -> None:
    InvitationFactory(campaign=running)
    for name in ("respond", "keep"):
        assert client.post(page(name, "0" * 64), {"act": "stop"}).status_code == 404


def test_a_closed_survey_shows_what_was_said_and_takes_nothing(client: Client) -> None:
    closed = CampaignFactory(year=2018, closed_on=clock.today())
    asked = InvitationFactory(campaign=closed)
    url = page("respond", secret_of(asked))
    assert "This survey is closed" in text(client.get(url))
    assert "change the answer" not in text(client.get(url))
    shown = text(client.post(url, {"act": "send", "active": "yes", "turnover": "5"}))
    assert "closed" in shown
    assert not Answer.objects.exists()


def test_write_to_me_no_more(client: Client, running: Any) -> None:
    asked = InvitationFactory(campaign=running)
    client.post(page("respond", secret_of(asked)), {"act": "stop"})
    asked.refresh_from_db()
    assert asked.refused_on == clock.today()
    assert "Write to me no more" not in text(client.get(page("respond", secret_of(asked))))


# ------------------------------------------------------------------------------------------- staff


def test_a_manager_opens_a_survey_asks_and_closes(client: Client) -> None:
    staff(client)
    helped = OrganisationFactory(email="a@example.org")
    year = clock.today().year - 1
    answer = client.post(
        page("survey_new"),
        {
            "year": year,
            "questions": ["turnover", "headcount"],
            "closes_on": (clock.today() + timedelta(days=30)).isoformat(),
            "reminder_days": "7; 2",
        },
    )
    made = Campaign.objects.get()
    assert answer.url == page("survey", made.pk)
    assert (made.year, made.reminder_days) == (year, [7, 2])
    with entered({helped: clock.today()}):
        client.post(page("survey", made.pk), {"act": "invite", "whom": "helped", "language": "en"})
    assert Invitation.objects.get().organisation == helped
    shown = text(client.get(page("survey", made.pk)))
    assert "0 enterprises of 1 have answered" in shown
    client.post(page("survey", made.pk), {"act": "close"})
    made.refresh_from_db()
    assert made.closed_on == clock.today()


def test_a_refusal_stands_beside_its_field(client: Client, running: Any) -> None:
    staff(client)
    last = (clock.today() + timedelta(days=30)).isoformat()
    typed = {"year": 2019, "questions": ["turnover"], "closes_on": last}
    shown = text(client.post(page("survey_new"), typed))
    assert "already a survey about this year" in shown
    shown = text(
        client.post(page("survey", running.pk), {"act": "invite", "whom": "one", "language": "en"})
    )
    assert "Choose at least one enterprise" in shown


def test_whom_to_ask_is_counted_and_filtered(client: Client, running: Any) -> None:
    staff(client, Role.ADVISOR)
    answered = AnswerFactory(campaign=running).organisation
    InvitationFactory(campaign=running, organisation=answered)
    InvitationFactory(campaign=running, organisation__name={"fr": "Muet", "en": "Mute"})
    shown = text(client.get(page("survey", running.pk)))
    assert "1 enterprise of 2 has answered" in shown
    shown = text(client.get(page("survey", running.pk), {"standing": "waiting"}))
    assert "Mute" in shown
    assert str(answered) not in shown


def test_staff_write_an_answer_down_then_verify_it(client: Client, running: Any) -> None:
    user = staff(client, Role.ADVISOR)
    asked = InvitationFactory(campaign=running)
    url = page("answer", running.pk, asked.organisation_id)
    typed = {"act": "record", "active": "yes", "turnover": "500", "status": "estimated"}
    assert "rests on" in text(client.post(url, typed))
    client.post(url, typed | {"source": "Accounts", "version": "0"})
    said = Answer.objects.get()
    assert (said.turnover, said.status, said.answered_by) == (50_000, "estimated", user)
    client.post(url, {"act": "verify", "verified_with": "Accounts", "version": said.version})
    said.refresh_from_db()
    assert (said.status, said.verified_by) == ("verified", user)
    assert "Verified" in text(client.get(url))
    assert client.get(page("found", said.pk)).url == url


def test_of_two_who_write_the_second_is_told_and_loses_nothing(
    client: Client, running: Any
) -> None:
    staff(client, Role.ADVISOR)
    said = AnswerFactory(campaign=running, version=4)
    url = page("answer", running.pk, said.organisation_id)
    typed = {"act": "record", "active": "yes", "turnover": "500", "status": "declared"}
    answer = client.post(url, typed | {"version": "3"})
    shown = text(answer)
    assert "Somebody changed this answer meanwhile" in shown
    assert 'value="500"' in shown
    said.refresh_from_db()
    assert said.turnover == 10_000_000
    assert client.post(url, typed | {"version": answer.context["record"]["version"].value()}).url
    said.refresh_from_db()
    assert said.turnover == 50_000


def test_an_unknown_enterprise_has_no_page(client: Client, running: Any) -> None:
    staff(client)
    assert client.get(page("answer", running.pk, 10**9)).status_code == 404


def test_an_organisation_page_shows_its_years_to_staff(client: Client) -> None:
    said = AnswerFactory(turnover=3_000_000)
    staff(client, Role.ADVISOR)
    with override("en"):
        url = reverse("directory:organisation", args=[said.organisation_id])
    shown = text(client.get(url))
    assert "Its years, from the survey" in shown
    assert "€30,000" in shown


def sheet(*rows: tuple[Any, ...]) -> SimpleUploadedFile:
    book = Workbook()
    book.active.append(["Enterprise", "Turnover", "Status", "What it rests on"])
    for row in rows:
        book.active.append(row)
    kept = BytesIO()
    book.save(kept)
    return SimpleUploadedFile("answers.xlsx", kept.getvalue())


def test_a_spreadsheet_is_tried_then_taken_in(client: Client, running: Any, settings: Any) -> None:
    staff(client, Role.ADVISOR)
    one, other = OrganisationFactory.create_batch(2)
    url = page("import", running.pk)
    wrong = sheet((one.code, "many", None, None), ("Nobody", 5, None, None))
    shown = text(client.post(url, {"file": wrong}))
    assert "B2" in shown
    shown = text(client.post(url, {"file": sheet((one.code, 5, "estimated", None))}))
    assert "D2" in shown
    right = sheet((one.code, 5, None, None), (other.code, "6,5", "estimated", "Accounts"))
    tried = client.post(url, {"file": right})
    assert "2 answers are ready" in text(tried)
    assert not Answer.objects.exists()
    sealed = {"sealed": tried.context["sealed"], "request_key": tried.context["request_key"]}
    for _time in range(2):
        assert client.post(url, sealed).status_code == 302
    kept = {one.organisation_id: (one.turnover, one.status) for one in Answer.objects.all()}
    assert kept == {one.pk: (500, "declared"), other.pk: (650, "estimated")}


def test_the_template_has_a_column_for_each_question(client: Client, running: Any) -> None:
    staff(client, Role.ADVISOR)
    answer = client.get(page("template", running.pk))
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    headings = [cell.value for cell in book.worksheets[0][1]]
    assert {"Enterprise", "Turnover", "New markets", "Status"} <= set(headings)


# ---------------------------------------------------------------------------------------- results


def test_the_results_say_when_there_are_none_and_when_they_are_not_shown(client: Client) -> None:
    assert "No results yet" in text(client.get(page("results")))
    AnswerFactory.create_batch(4, campaign=CampaignFactory(year=2018))
    shown = text(client.get(page("results")))
    assert "not shown" in shown
    assert "€400,000" not in shown


def test_each_year_has_its_page_and_no_other(client: Client) -> None:
    AnswerFactory.create_batch(5, campaign=CampaignFactory(year=2018))
    AnswerFactory.create_batch(5, campaign=CampaignFactory(year=2017), turnover=200_00, abroad=0)
    shown = text(client.get(page("results"), {"year": "2017"}))
    assert "€1,000" in shown
    assert "5 enterprises of 5 answered." in shown
    assert client.get(page("results"), {"year": "2005"}).status_code == 404
    assert client.get(page("export", "pdf")).status_code == 404


def test_a_letter_to_a_person_is_told_on_the_answer_page(client: Client, running: Any) -> None:
    staff(client)
    contact = ContactFactory(email="ada@example.org")
    asked = InvitationFactory(
        campaign=running, organisation=contact.organisation, contact=contact, to_person=True
    )
    url = page("answer", running.pk, asked.organisation_id)
    assert secret_of(asked) in text(client.get(url))
    contact.delete()
    assert "Nobody to write to" in text(client.get(url))


def test_days_that_are_no_number_are_told(client: Client) -> None:
    staff(client)
    last = (clock.today() + timedelta(days=30)).isoformat()
    typed = {"year": 2019, "questions": ["turnover"], "closes_on": last}
    shown = text(client.post(page("survey_new"), typed | {"reminder_days": "14, ²"}))
    assert "Write numbers of days" in shown


def test_a_new_survey_is_about_the_last_year_without_one(client: Client) -> None:
    staff(client)
    over = clock.today().year - 1
    assert f'value="{over}"' in text(client.get(page("survey_new")))
    made = CampaignFactory(year=over)
    assert f'value="{over - 1}"' in text(client.get(page("survey_new")))
    assert "Nobody is asked yet" in text(client.get(page("survey", made.pk)))


def test_the_history_of_an_answer_speaks_the_reader_s_language(client: Client) -> None:
    made = AnswerFactory()
    made.verified_by = staff(client)
    made.verified_on, made.verified_with, made.status = clock.today(), "Accounts", "verified"
    made.save()
    with override("fr"):
        url = reverse("observatory:answer", args=[made.campaign_id, made.organisation_id])
    assert "Vérifiée par" in text(client.get(url))


def test_one_answer_is_one_in_french(client: Client, running: Any) -> None:
    asked = InvitationFactory(campaign=running)
    InvitationFactory(campaign=running)
    AnswerFactory(campaign=running, organisation=asked.organisation)
    with override("fr"):
        url = reverse("observatory:results")
    assert "1 entreprise sur 2 a répondu." in text(client.get(f"{url}?year={running.year}"))
