"""Permissions: a closed vocabulary that each view names."""

from collections.abc import Iterator
from typing import Any

import pytest
import rules
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from diapason.kernel import permissions
from diapason.kernel.permissions import (
    PUBLIC,
    SIGNED_IN,
    UnknownPermission,
    allowed,
    declare,
    declared,
    demand,
    public,
    requires,
    signed_in,
)


@rules.predicate
def owns(user: Any, record: Any) -> bool:
    return record == "own"


@pytest.fixture(autouse=True)
def vocabulary() -> Iterator[None]:
    declare("test", {"test.edit": owns, "test.see": rules.always_allow})
    yield
    for name in ("test.edit", "test.see"):
        del permissions._declared[name]
        rules.remove_perm(name)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("seen")


def test_the_predicate_decides() -> None:
    assert allowed("anybody", "test.see")
    assert allowed("anybody", "test.edit", "own")
    assert not allowed("anybody", "test.edit", "other")
    demand("anybody", "test.edit", "own")
    with pytest.raises(PermissionDenied):
        demand("anybody", "test.edit", "other")


def test_a_spelling_mistake_is_no_refusal() -> None:
    with pytest.raises(UnknownPermission, match=r"test\.sea"):
        allowed("anybody", "test.sea")


def test_a_room_declares_its_own_in_order() -> None:
    with pytest.raises(ValueError, match="does not start"):
        declare("other", {"test.see": rules.always_allow})
    with pytest.raises(ValueError, match="alphabetical"):
        declare("test", {"test.see": rules.always_allow, "test.edit": owns})


def test_the_vocabulary_is_listed_in_order() -> None:
    names = list(declared())
    assert names == sorted(names)
    assert {"test.edit", "plan.see"} <= set(names)


def test_each_view_says_who_may_see_it() -> None:
    assert public(page).access == PUBLIC
    assert public(page).login_required is False
    assert signed_in(lambda request: HttpResponse()).access == SIGNED_IN
    assert requires("test.see")(page).access == "test.see"


def test_a_view_is_shut_to_those_who_lack_the_permission() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert requires("test.see")(page)(request).content == b"seen"
    with pytest.raises(PermissionDenied):
        requires("test.edit")(page)(request)
