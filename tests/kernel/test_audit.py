"""The audit: who, what, when, from where and why."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import override

from diapason.directory.models import Membership, Organisation, User
from diapason.kernel.audit import (
    AuditMiddleware,
    Deed,
    NotTracked,
    acting,
    address_of,
    because,
    history,
    history_of,
    truncated,
)
from diapason.kernel.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return User.objects.create(email="ada@example.org", name="Ada")


def organisation(code: str = "guild", **fields: Any) -> Organisation:
    return Organisation.objects.create(code=code, name={"fr": "La guilde", "en": "Guild"}, **fields)


def through_middleware(view: Any, *, user: Any = None, method: str = "post", **extra: Any) -> None:
    request = getattr(RequestFactory(), method)("/place/", **extra)
    if user is not None:
        request.user = user
    AuditMiddleware(view)(request)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("unix:", ""),
        ("", ""),
    ],
)
def test_an_address_is_cut_down_to_its_network(address: str, network: str) -> None:
    assert truncated(address) == network


def test_only_our_own_proxies_are_believed(settings: Any) -> None:
    request = RequestFactory().get(
        "/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}, REMOTE_ADDR="192.0.2.1"
    )
    assert address_of(request) == "192.0.2.1"
    settings.TRUSTED_PROXIES = 1
    assert address_of(request) == "198.51.100.7"
    settings.TRUSTED_PROXIES = 3
    assert address_of(request) == "192.0.2.1"


def test_a_change_through_the_web_says_who_when_and_from_where(ada: User) -> None:
    guild = organisation()

    def view(request: HttpRequest) -> HttpResponse:
        guild.url = "https://guild.example"
        guild.save()
        return HttpResponse()

    through_middleware(view, user=ada, REMOTE_ADDR="192.0.2.77")
    created, changed = history(guild)
    assert created.deed is Deed.CREATED
    assert changed.deed is Deed.CHANGED
    assert (changed.who, changed.user_id, changed.where) == ("Ada", ada.pk, "192.0.2.0/24")
    assert [(c.label, c.before, c.after) for c in changed.changes] == [
        ("Website", "", "https://guild.example")
    ]
    assert changed.at >= created.at


def test_reading_leaves_the_account_alone(django_assert_num_queries: Any) -> None:
    class Unread:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(f"the reader's {name} was looked up")

    through_middleware(lambda request: HttpResponse(), user=Unread(), method="get")


def test_somebody_who_signs_in_during_the_request_is_named(ada: User) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        request.user = ada
        organisation()
        return HttpResponse()

    through_middleware(view)
    assert history(Organisation.objects.get())[0].who == "Ada"


def test_reasons_stay_with_what_was_done_for_them(ada: User) -> None:
    guild = organisation()

    def view(request: HttpRequest) -> HttpResponse:
        Organisation.objects.filter(pk=guild.pk).update(code="one")
        with because("the committee said so"):
            Organisation.objects.filter(pk=guild.pk).update(code="two")
        Organisation.objects.filter(pk=guild.pk).update(code="three")
        return HttpResponse()

    through_middleware(view, user=ada)
    _created, *entries = history(guild)
    assert [(entry.why, entry.who) for entry in entries] == [
        ("", "Ada"),
        ("the committee said so", "Ada"),
        ("", "Ada"),
    ]


def test_a_reason_ends_with_its_block_inside_one_transaction() -> None:
    with transaction.atomic():
        with because("a reason"):
            guild = organisation()
        Organisation.objects.filter(pk=guild.pk).update(code="later")
    assert [entry.why for entry in history(guild)] == ["a reason", ""]


def test_the_program_is_named_for_what_it_does(ada: User) -> None:
    with acting("load-plan"):
        guild = organisation()
    with acting("import", user=ada), because("yearly list"):
        Organisation.objects.filter(pk=guild.pk).update(code="later")
    Organisation.objects.filter(pk=guild.pk).update(code="last")
    first, second, third = history(guild)
    assert first.who == "the program (load-plan)"
    assert (second.who, second.why) == ("Ada", "yearly list")
    assert third.who == "the program"


def test_values_are_told_in_the_readers_language() -> None:
    member = User.objects.create(email="bo@example.org", name="Bo")
    held = Membership.objects.create(
        user=member, organisation=organisation(), role="advisor", starts=date(2020, 1, 2)
    )
    Membership.objects.filter(pk=held.pk).update(ends=date(2021, 3, 1))
    with override("fr"):
        created, changed = history(held)
        values = {change.field: change.after for change in created.changes}
        assert values["organisation"] == "La guilde"
        assert values["user"] == "Bo"
        assert values["starts"] == "2\u00a0janvier 2020"
        assert [change.after for change in changed.changes] == ["1er\u00a0mars 2021"]
        french_role = values["role"]
    with override("en"):
        english = {change.field: change.after for change in history(held)[0].changes}
        assert english["organisation"] == "Guild"
        assert english["role"] == "Advisor"
    assert french_role != "advisor"


def test_what_is_gone_is_said_to_be_gone(ada: User) -> None:
    guild = organisation()
    held = Membership.objects.create(user=ada, organisation=guild, role="advisor")
    with acting("command", user=ada):
        Organisation.objects.filter(pk=guild.pk).update(code="x")
    key, gone = held.pk, ada.pk
    User.objects.filter(pk=ada.pk).delete()
    created = history_of(Membership, key)[0]
    values = {change.field: change.after for change in created.changes}
    assert values["user"] == f"no longer there ({gone})"
    assert history(guild)[1].who == "an account that was erased"


def test_a_model_without_history_says_so() -> None:
    with pytest.raises(NotTracked, match=r"kernel\.StoredFile"):
        history(StoredFile())


@pytest.mark.parametrize("versions", [2, 12])
def test_the_number_of_queries_does_not_depend_on_the_versions(
    versions: int, django_assert_num_queries: Any, ada: User
) -> None:
    held = Membership.objects.create(user=ada, organisation=organisation(), role="advisor")
    for number in range(versions):
        with acting("x", user=ada):
            Membership.objects.filter(pk=held.pk).update(ends=date(2030, 1, number + 1))
    with django_assert_num_queries(4):
        assert len(history(held)) == versions + 1
