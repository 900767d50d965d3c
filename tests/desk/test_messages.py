"""What is said on a case: who reads it, who writes, and that it is said once."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.translation import override
from PIL import Image

from diapason.desk import actions
from diapason.desk.actions import personal_secret
from diapason.desk.contracts import Satisfied
from diapason.desk.models import Case, CaseMessage, Satisfaction
from diapason.desk.offers import own_projects, unanswered
from diapason.desk.queries import conversations
from diapason.desk.queries.personal import personal_export
from diapason.directory.contracts import Role
from diapason.kernel.clock import now, today
from diapason.kernel.links import digest
from diapason.kernel.models import StoredFile
from diapason.kernel.refusals import Refusal
from tests.desk.factories import CaseFactory, CaseStageFactory, ReferralFactory
from tests.directory.factories import MembershipFactory, UserFactory, person
from tests.plan.racing import race

KEY = uuid.UUID(int=12)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case(db: None) -> Case:
    made = CaseFactory(
        title="Echoes", request_key=KEY, token_hash=digest(personal_secret(KEY)), next_on=today()
    )
    CaseStageFactory(case=made)
    return made


def advisor_of(organisation: Any) -> Any:
    return MembershipFactory(user=UserFactory(), organisation=organisation, role=Role.ADVISOR).user


def client_of(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def picture(colour: str = "red") -> SimpleUploadedFile:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (4, 4), colour).save(made, "JPEG", exif=exif)
    return SimpleUploadedFile("my plan.jpg", made.getvalue())


LINK = f"/en/project/{personal_secret(KEY)}/"


def test_the_owner_and_those_who_help_talk_on_the_case(case: Case) -> None:
    referral = ReferralFactory(case=case, state="accepted")
    helper = client_of(advisor_of(referral.structure))
    visitor = Client()
    visitor.post(LINK, {"act": "message", "text": "Here is my plan.", "document": picture()})
    page = helper.get(f"/en/workspace/cases/{case.pk}/messages/").content.decode()
    assert "Here is my plan." in page
    message = CaseMessage.objects.get()
    assert message.document is not None
    opened = helper.get(f"/files/{message.document_id}/")
    assert b"secret place" not in b"".join(opened.streaming_content)
    helper.post(f"/en/workspace/cases/{case.pk}/messages/", {"text": "Well done."})
    shown = visitor.get(LINK).content.decode()
    assert "Well done." in shown
    assert referral.structure.code in shown
    document = visitor.get(f"{LINK}documents/{message.pk}/")
    assert document["Content-Type"] == "image/jpeg"
    # Without the link nobody opens it.
    assert visitor.get(f"/files/{message.document_id}/").status_code == 404


@pytest.mark.parametrize("state", ["proposed", "declined"])
def test_a_structure_that_does_not_help_reads_nothing(case: Case, state: str) -> None:
    referral = ReferralFactory(case=case, state=state)
    actions.write_message(case=case, text="For those who help.", document=picture())
    stranger = advisor_of(referral.structure)
    client = client_of(stranger)
    assert client.get(f"/en/workspace/cases/{case.pk}/messages/").status_code == 404
    key = CaseMessage.objects.get().document_id
    assert client.get(f"/files/{key}/").status_code == 404
    assert not conversations.reads_document(key, stranger)  # type: ignore[arg-type]
    with pytest.raises(PermissionDenied):
        actions.write_message(case=case, by=stranger, text="Hello")
    if state == "proposed":
        page = client.get(f"/en/workspace/cases/{case.pk}/").content.decode()
        assert "Messages and documents" not in page


def test_the_page_of_the_account_is_for_the_address_that_asked(case: Case) -> None:
    owner = UserFactory(email=case.contact_email)
    client = client_of(owner)
    assert "Echoes" in client.get("/en/my-projects/").content.decode()
    client.post(f"/en/my-projects/{case.pk}/", {"act": "message", "text": "Still here."})
    assert CaseMessage.objects.get().from_project
    assert [item.title for item in own_projects(owner)] == ["Your project “Echoes”"]
    other = client_of(UserFactory())
    assert other.get(f"/en/my-projects/{case.pk}/").status_code == 404
    assert "Echoes" not in other.get("/en/my-projects/").content.decode()


def test_two_identical_posts_make_one_message(case: Case) -> None:
    for _time in range(2):
        Client().post(LINK, {"act": "message", "text": "Once", "request_key": str(KEY)})
    # The page opened twice: other keys, the same words and the same file.
    for _time in range(2):
        actions.write_message(case=case, text="Twice", document=picture())
    actions.write_message(case=case, text="Twice", document=picture("blue"))
    assert list(CaseMessage.objects.order_by("pk").values_list("text", flat=True)) == [
        "Once",
        "Twice",
        "Twice",
    ]
    assert StoredFile.objects.count() == 2
    later = now() + timedelta(hours=1)
    actions.write_message(case=case, text="Twice", document=picture("blue"), at=later)
    assert CaseMessage.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_identical_messages_at_once_make_one() -> None:
    case = CaseFactory(next_on=today())
    deed = partial(actions.write_message, case=case, text="At once")
    race(*[deed] * 4)
    assert CaseMessage.objects.count() == 1


def test_a_key_of_another_case_writes_nothing(case: Case) -> None:
    actions.write_message(case=case, text="One", request_key=KEY)
    with pytest.raises(Refusal, match="something else"):
        actions.write_message(case=CaseFactory(), text="Two", request_key=KEY)


def test_other_words_under_the_same_key_are_not_swallowed(case: Case) -> None:
    actions.write_message(case=case, text="One", request_key=KEY)
    with pytest.raises(Refusal, match="something else"):
        actions.write_message(case=case, text="Two", request_key=KEY)
    assert CaseMessage.objects.get().text == "One"


def test_what_cannot_be_sent_is_told_and_kept(case: Case) -> None:
    page = Client().post(LINK, {"act": "message", "text": " "}).content.decode()
    assert "Write a few words, or attach a document." in page
    odd = SimpleUploadedFile("virus.exe", b"MZ\x00\x00")
    posted = {"act": "message", "text": "My words", "document": odd}
    page = Client().post(LINK, posted).content.decode()
    assert "of a kind that we cannot take" in page
    assert "My words</textarea>" in page
    with pytest.raises(Refusal, match="5000 at most"):
        actions.write_message(case=case, text="a" * 5001)
    Case.objects.filter(pk=case.pk).update(closed_on=today(), closing="done", next_on=None)
    with pytest.raises(Refusal, match="closed"):
        actions.write_message(case=case, text="Too late")


def refused(statement: str, *values: Any) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError:
        return True
    return False


def test_the_database_keeps_messages_as_they_were_sent(case: Case) -> None:
    message = actions.write_message(case=case, text="As sent")
    table = "UPDATE desk_casemessage SET"
    assert refused(f"{table} text = 'Other' WHERE id = %s", message.pk)
    assert refused(f"{table} text = '' WHERE id = %s", message.pk)
    assert refused(f"{table} from_project = false WHERE id = %s", message.pk)
    assert refused(f"{table} erased = true WHERE id = %s", message.pk)
    assert not refused(f"{table} erased = true, text = '' WHERE id = %s", message.pk)


def test_what_the_owner_asks_waits_for_those_in_charge(case: Case) -> None:
    advisor, stranger = advisor_of(case.owner), person(Role.ADVISOR)
    actions.write_message(case=case, text="When do we meet?")
    assert [item.title for item in unanswered(advisor)] == ["Answer the owner of “Echoes”"]
    assert not list(unanswered(stranger))
    listed = client_of(advisor)
    assert "Echoes" in listed.get("/en/workspace/cases/?state=asks").content.decode()
    actions.write_message(case=case, by=advisor, text="Tomorrow.")
    assert "Echoes" not in listed.get("/en/workspace/cases/?state=asks").content.decode()
    assert not list(unanswered(advisor))
    assert CaseMessage.objects.get(author=advisor).structure == case.owner


def test_erasing_takes_messages_documents_and_words_away(case: Case) -> None:
    owner = UserFactory(email=case.contact_email)
    message = actions.write_message(case=case, text="My secret", document=picture())
    assert personal_export(owner)["messages"][0]["text"] == "My secret"
    actions.write_message(case=case, by=advisor_of(case.owner), text="Dear Ada")
    with override("en"):
        actions.forget_contact(case=case)
    assert set(CaseMessage.objects.values_list("text", "erased")) == {("", True)}
    assert not StoredFile.objects.filter(pk=message.document_id).exists()
    page = Client().get(LINK).content.decode()
    assert "erased with its author" in page


def test_erasing_an_advisor_leaves_what_was_said_without_their_name(case: Case) -> None:
    advisor = advisor_of(case.owner)
    actions.write_message(case=case, by=advisor, text="Come on Monday.")
    actions.forget_person(advisor)
    message = CaseMessage.objects.get()
    assert (message.author, message.text) == (None, "Come on Monday.")


def ended(case: Case, on: date) -> None:
    Case.objects.filter(pk=case.pk).update(closed_on=on, closing="done", next_on=None)
    case.refresh_from_db()


def test_one_answer_at_the_end_that_may_change_for_a_time(case: Case) -> None:
    client = Client()
    assert "Was the help of use" not in client.get(LINK).content.decode()
    with pytest.raises(Refusal, match="still open"):
        actions.answer_satisfaction(case=case, answer=Satisfied.VERY)
    ended(case, today() - timedelta(days=3))
    assert "Was the help of use" in client.get(LINK).content.decode()
    client.post(LINK, {"act": "satisfied", "answer": "rather", "words": "Quick"})
    client.post(LINK, {"act": "satisfied", "answer": "very", "words": "Quick and kind"})
    assert Satisfaction.objects.get().answer == "very"
    staff = client_of(person(Role.PROGRAMME_MANAGER))
    page = staff.get(f"/en/workspace/cases/{case.pk}/messages/").content.decode()
    assert "It helped a lot" in page
    assert "Quick and kind" in page
    ended(case, today() - conversations.ANSWERABLE - timedelta(days=1))
    with pytest.raises(Refusal, match="time to answer is over"):
        actions.answer_satisfaction(case=case, answer=Satisfied.NOT)
    page = client.get(LINK).content.decode()
    assert "What you said of the help" in page
    assert "Send my answer" not in page


def test_the_database_holds_one_answer_in_time(case: Case) -> None:
    ended(case, today())
    made = actions.answer_satisfaction(case=case, answer=Satisfied.LITTLE)
    late = "UPDATE desk_satisfaction SET answered_on = final_on + 1 WHERE id = %s"
    assert refused(late, made.pk)
    again = (
        "INSERT INTO desk_satisfaction (case_id, answer, words, answered_on, final_on, invented) "
        "SELECT case_id, answer, words, answered_on, final_on, invented FROM desk_satisfaction"
    )
    assert refused(again)
