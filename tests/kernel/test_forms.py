"""Forms that were sent: known when they come twice, refused beside the right field."""

from __future__ import annotations

from uuid import UUID

import pytest
from django import forms
from django.test import RequestFactory

from diapason.kernel.forms import key_of, refuse, sent
from diapason.kernel.refusals import Refusal, SentOtherwise

KEY = UUID(int=7)


class Form(forms.Form):
    name = forms.CharField()
    version = forms.IntegerField(widget=forms.HiddenInput)


def test_a_form_sent_empty_is_a_form_that_was_sent() -> None:
    make = RequestFactory()
    assert sent(make.get("/")) == (None, None)
    fields, files = sent(make.post("/"))
    assert (dict(fields), dict(files)) == ({}, {})


@pytest.mark.parametrize("given", [{}, {"request_key": ""}, {"request_key": "7"}])
def test_a_form_without_a_legible_key_gets_a_new_one(given: dict[str, str]) -> None:
    request = RequestFactory().post("/", given)
    assert key_of(request) != key_of(request)


def test_the_key_of_a_form_stays() -> None:
    assert key_of(RequestFactory().post("/", {"request_key": str(KEY)})) == KEY


@pytest.mark.parametrize(
    ("field", "beside"),
    [("name", "name"), ("", "__all__"), ("unknown", "__all__"), ("version", "__all__")],
)
def test_a_refusal_stands_beside_its_field_or_above(field: str, beside: str) -> None:
    form = Form({"name": "a", "version": "1"})
    refuse(form, Refusal("No.", field=field))
    assert form.errors == {beside: ["No."]}


def test_a_form_that_said_something_else_before_gets_a_new_key() -> None:
    class Keyed(Form):
        request_key = forms.UUIDField(widget=forms.HiddenInput)

    form = Keyed({"name": "a", "version": "1", "request_key": str(KEY)})
    refuse(form, SentOtherwise())
    assert "already sent for something else" in form.errors["__all__"][0]
    assert form["request_key"].value() != str(KEY)
    assert form["name"].value() == "a"
