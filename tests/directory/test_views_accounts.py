"""Accounts and roles: what operators see and do, and that nobody else does."""

from __future__ import annotations

import csv
import io

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from diapason.directory.contracts import Role
from diapason.directory.models import Invitation, Membership, User
from tests.directory.factories import MembershipFactory, OrganisationFactory, UserFactory, person
from tests.directory.pages import parsed, words

pytestmark = pytest.mark.django_db

LANGUAGES = ("fr", "en")


@pytest.fixture
def operator():
    return person(Role.OPERATOR, name="Odile")


@pytest.fixture
def ada():
    place = OrganisationFactory(name={"fr": "La Scène", "en": "The Stage"})
    held = MembershipFactory(
        user__name="Ada Byron",
        user__email="ada@example.org",
        organisation=place,
        role=Role.ADVISOR,
    )
    return held.user


@pytest.fixture
def signed_in(client, operator):
    client.force_login(operator)
    return client


def addresses(target: User) -> dict[str, str]:
    held = Membership.objects.filter(user=target).first()
    return {
        "accounts": reverse("directory:accounts"),
        "invite": reverse("directory:invite"),
        "person": reverse("directory:person", args=[target.pk]),
        "close": reverse("directory:close_account", args=[target.pk]),
        "open": reverse("directory:open_account", args=[target.pk]),
        "end": reverse("directory:end_role", args=[held.pk]),
        "withdraw": reverse("directory:withdraw", args=[1]),
    }


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OPERATOR])
def test_other_roles_are_refused_everywhere_and_change_nothing(client, ada, role):
    client.force_login(person(role))
    for url in addresses(ada).values():
        assert client.get(url).status_code in {403, 405}
        assert client.post(url).status_code in {403, 405}
    assert User.objects.get(pk=ada.pk).holds(Role.ADVISOR)


def test_visitors_are_asked_to_sign_in(client, ada):
    for url in addresses(ada).values():
        assert client.get(url).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_names_people_with_their_roles_in_the_readers_language(signed_in, ada, language):
    with override(language):
        page = signed_in.get(reverse("directory:accounts"))
    told = words(page)
    assert "Ada Byron" in told
    assert ("Accompagnateur (La Scène)" if language == "fr" else "Advisor (The Stage)") in told


def test_the_list_narrows_by_words_role_organisation_and_state(signed_in, ada):
    MembershipFactory(user__name="Grace", role=Role.JUROR)
    UserFactory(name="Closed One", is_active=False)
    place = Membership.objects.get(user=ada).organisation_id

    def listed(**asked: object) -> set[str]:
        answer = signed_in.get(reverse("directory:accounts"), asked)
        return {str(row.record) for row in answer.context["listing"].rows}

    assert listed(words="BYRON") == {"Ada Byron"}
    assert listed(words="ada@") == {"Ada Byron"}
    assert listed(role="juror") == {"Grace"}
    assert listed(role="none") == {"Closed One"}
    assert listed(organisation=place) == {"Ada Byron"}
    assert listed(state="closed") == {"Closed One"}
    assert listed(role="nonsense") >= {"Ada Byron", "Grace"}


def test_the_list_costs_the_same_queries_however_many_people(
    signed_in, ada, django_assert_num_queries
):
    url = reverse("directory:accounts")
    signed_in.get(url)
    with django_assert_num_queries(9):
        signed_in.get(url)
    for number in range(3):
        MembershipFactory(user__name=f"Person {number}")
    signed_in.get(url)  # roles changed: the reader's own are asked for anew
    with django_assert_num_queries(9):
        signed_in.get(url)


def test_the_export_holds_what_the_filters_leave(signed_in, ada):
    with override("fr"):
        url = reverse("directory:accounts")
    answer = signed_in.get(url, {"words": "ada", "export": "csv"})
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content])
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))
    assert [row[:3] for row in rows[1:]] == [
        ["Ada Byron", "ada@example.org", "Accompagnateur (La Scène)"]
    ]


def test_inviting_sends_a_letter_and_shows_the_open_invitation(
    signed_in, django_capture_on_commit_callbacks
):
    place = OrganisationFactory()
    given = {
        "email": "grace@example.org",
        "organisation": place.pk,
        "role": "juror",
        "language": "en",
    }
    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in.post(reverse("directory:invite"), given, follow=True)
    assert "grace@example.org" in words(answer)
    assert mail.outbox[-1].to == ["grace@example.org"]
    again = signed_in.post(reverse("directory:invite"), given)
    assert again.context["form"].errors["email"]
    assert "grace@example.org" in again.content.decode()  # nothing typed is lost
    parsed(again)
    invitation = Invitation.objects.get()
    signed_in.post(reverse("directory:withdraw", args=[invitation.pk]))
    invitation.refresh_from_db()
    assert invitation.withdrawn_at


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_persons_page_tells_their_roles_and_what_changed(signed_in, operator, ada, language):
    url = reverse("directory:person", args=[ada.pk])
    signed_in.post(
        url, {"organisation": OrganisationFactory(code="lab").pk, "role": "juror"}, follow=True
    )
    with override(language):
        page = signed_in.get(reverse("directory:person", args=[ada.pk]))
    told = words(page)
    assert ("Membre de jury" if language == "fr" else "Juror") in told
    assert "Odile" in told  # who gave it
    assert User.objects.get(pk=ada.pk).holds(Role.JUROR)


def test_a_refused_role_is_said_beside_the_field_and_keeps_what_was_typed(signed_in, ada):
    held = Membership.objects.get(user=ada)
    page = signed_in.post(
        reverse("directory:person", args=[ada.pk]),
        {"organisation": held.organisation_id, "role": "advisor"},
    )
    assert page.context["form"].errors["role"]
    parsed(page)


def test_a_role_ends_and_an_account_closes_and_opens(signed_in, ada):
    held = Membership.objects.get(user=ada)
    signed_in.post(reverse("directory:end_role", args=[held.pk]))
    assert not User.objects.get(pk=ada.pk).roles()
    signed_in.post(reverse("directory:close_account", args=[ada.pk]))
    assert not User.objects.get(pk=ada.pk).is_active
    signed_in.post(reverse("directory:open_account", args=[ada.pk]))
    assert User.objects.get(pk=ada.pk).is_active


def test_closing_an_account_ends_its_sessions(signed_in, ada):
    theirs = Client()
    theirs.force_login(ada)
    assert theirs.get(reverse("directory:account")).status_code == 200
    signed_in.post(reverse("directory:close_account", args=[ada.pk]))
    assert theirs.get(reverse("directory:account")).url.startswith(reverse("account_login"))


def test_the_last_operator_is_told_why_they_stay(signed_in, operator):
    held = Membership.objects.get(user=operator)
    with override("en"):
        page = signed_in.post(reverse("directory:end_role", args=[held.pk]), follow=True)
    assert "last operator" in words(page)


def test_who_does_not_exist_is_not_found(signed_in):
    for name in ("person", "close_account", "end_role", "withdraw"):
        url = reverse(f"directory:{name}", args=[999_999])
        method = signed_in.get if name == "person" else signed_in.post
        assert method(url).status_code == 404
