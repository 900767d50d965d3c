"""Drafts: what is typed is kept, what is secret is not."""

from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from diapason.directory.models import User
from diapason.kernel import drafts
from diapason.kernel.models import Draft

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def counters() -> None:
    cache.clear()


class Enquiry(forms.Form):
    title = forms.CharField()
    kinds = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B"), ("c", "C")])
    agreed = forms.BooleanField(required=False)
    on = forms.DateField(required=False, widget=forms.SelectDateWidget(years=[2020, 2021]))
    paper = forms.FileField(required=False)


def post(
    client: Client, form: str = "test.enquiry", data: str = "title=Mus%C3%A9e", **more: Any
) -> Any:
    return client.post(
        f"/drafts/{form}/", data, content_type=more.pop("content_type", FORM), **more
    )


def as_seen_by(client: Client, user: Any = None) -> Any:
    request = RequestFactory().get("/")
    request.COOKIES = {name: cookie.value for name, cookie in client.cookies.items()}
    request.user = user or AnonymousUser()
    return request


def test_a_visitor_finds_again_what_was_typed(client: Client) -> None:
    answer = post(client)
    assert (answer.status_code, answer.content) == (204, b"")
    cookie = answer.cookies[drafts.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    again = post(client, data="title=Autre&title=deux")
    assert drafts.COOKIE not in again.cookies
    kept = Draft.objects.get()
    assert kept.owner.startswith("visitor:")
    assert kept.data == {"title": ["Autre", "deux"]}
    assert drafts.of(as_seen_by(client), "test.enquiry").found == kept
    assert drafts.of(as_seen_by(client), "test.other").found is None
    assert drafts.of(as_seen_by(Client()), "test.enquiry").found is None


def test_a_forged_cookie_is_nobody(client: Client) -> None:
    post(client)
    client.cookies[drafts.COOKIE] = client.cookies[drafts.COOKIE].value[:-2] + "xx"
    assert drafts.of(as_seen_by(client), "test.enquiry").found is None
    assert drafts.owner_of(as_seen_by(client)) is None


def test_what_a_visitor_typed_is_found_after_signing_in(client: Client) -> None:
    ada = User.objects.create(email="ada@example.org")
    post(client)
    client.force_login(ada)
    mine = drafts.of(as_seen_by(client, ada), "test.enquiry")
    assert mine.initial(Enquiry)["title"] == "Musée"
    post(client, data="title=Plus")
    assert Draft.objects.filter(owner=f"account:{ada.pk}").count() == 1
    newest = drafts.of(as_seen_by(client, ada), "test.enquiry")
    assert newest.initial(Enquiry)["title"] == "Plus"
    newest.discard()
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "new_password1",
        "csrfmiddlewaretoken",
        "mot_de_passe",
        "api-token",
        "passcode",
        "client_secret",
        "otp",
        "IBAN",
        "card_number",
        "cvc",
    ],
)
def test_secrets_are_never_kept(client: Client, name: str) -> None:
    post(client, data=f"title=x&{name}=hidden")
    assert Draft.objects.get().data == {"title": ["x"]}


def test_what_is_not_a_draft_is_refused(client: Client) -> None:
    assert post(client, form="Bad Key").status_code == 404
    assert post(client, content_type="application/json", data="{}").status_code == 415
    assert post(client, data="title=" + "a" * drafts.MAX_BYTES).status_code == 413
    assert client.get("/drafts/test.enquiry/").status_code == 405
    assert not Draft.objects.exists()


def test_the_form_token_is_asked_for() -> None:
    assert post(Client(enforce_csrf_checks=True)).status_code == 403


def test_nobody_saves_without_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "SAVES_A_MINUTE", 3)
    assert [post(client).status_code for _ in range(5)] == [204, 204, 204, 204, 429]
    monkeypatch.setattr(drafts, "NEW_VISITORS_AN_HOUR", 3)
    assert [post(Client()).status_code for _ in range(4)] == [204, 204, 429, 429]
    monkeypatch.setattr(drafts, "MAX_FORMS", 2)
    ada = User.objects.create(email="ada@example.org")
    client.force_login(ada)
    codes = [post(client, form=f"test.{n}").status_code for n in "abca"]
    assert codes[:3] == [204, 204, 409]


def test_a_draft_ends_after_thirty_days() -> None:
    drafts.save("visitor:a", "f", {"x": ["1"]})
    drafts.save("visitor:a", "g", {"x": ["1"]})
    assert drafts.load("visitor:a", "f") == {"x": ["1"]}
    kept = Draft.objects.filter(form="f")
    left = kept.get().expires_at - timezone.now()
    assert timedelta(days=29) < left <= timedelta(days=30)
    kept.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert drafts.load("visitor:a", "f") is None
    assert drafts.remove_expired() == 1
    assert [draft.form for draft in Draft.objects.all()] == ["g"]


def test_discarding_and_forgetting() -> None:
    for owner, form in (("a", "f"), ("a", "g"), ("b", "f")):
        drafts.save(owner, form, {})
    drafts.discard("a", "f")
    drafts.discard("a", "f")
    assert Draft.objects.count() == 2
    assert drafts.forget("a") == 1
    assert Draft.objects.get().owner == "b"
    with pytest.raises(ValueError, match="cannot name"):
        drafts.save("a", "../x", {})


def test_each_kind_of_field_is_filled_in_again() -> None:
    typed = QueryDict("title=T&kinds=a&kinds=c&agreed=on&on_year=2021&on_month=2&on_day=3&paper=x")
    drafts.save("visitor:a", "f", typed)
    kept = Draft.objects.get()
    initial = drafts.FormDraft(("visitor:a",), "f", kept).initial(Enquiry, {"more": 1})
    assert initial == {
        "more": 1,
        "title": "T",
        "kinds": ["a", "c"],
        "agreed": True,
        "on": "2021-02-03",
    }
    page = str(Enquiry(initial=initial))
    assert 'value="T"' in page
    assert "checked" in page
    unchecked = drafts.FormDraft((), "f", Draft(data={"title": ["T"]})).initial(
        Enquiry, {"agreed": True}
    )
    assert unchecked["agreed"] is False
    assert drafts.FormDraft((), "f", None).initial(Enquiry, {"title": "kept"}) == {"title": "kept"}


def test_a_form_shows_the_draft_until_it_is_forgotten(client: Client) -> None:
    post(client)
    draft = drafts.of(as_seen_by(client), "test.enquiry")
    assert draft.initial(Enquiry)["title"] == "Musée"
    assert draft.url == "/drafts/test.enquiry/"
    assert draft.saved_at is not None
    draft.discard()
    assert not Draft.objects.exists()


class AnyTyping(TestCase):
    @given(st.dictionaries(st.text(max_size=20), st.lists(st.text(max_size=50), max_size=3)))
    @settings(max_examples=60, deadline=None)
    def test_any_text_is_kept_but_what_a_database_cannot_hold(
        self, data: dict[str, list[str]]
    ) -> None:
        clean = {
            name: [value.encode("utf-8", "ignore").decode() for value in values]
            for name, values in data.items()
            if name == name.encode("utf-8", "ignore").decode() and "\x00" not in name
        }
        drafts.save("visitor:a", "f", clean)
        loaded = drafts.load("visitor:a", "f")
        assert loaded == {
            name: [value.replace("\x00", "") for value in values]
            for name, values in clean.items()
            if not drafts._NEVER.search(name)
        }


def test_no_form_keeps_more_than_forms_hold() -> None:
    with pytest.raises(RequestDataTooBig):
        drafts.save("visitor:x", "test.enquiry", {"title": ["a" * drafts.MAX_BYTES]})
    assert not Draft.objects.exists()
