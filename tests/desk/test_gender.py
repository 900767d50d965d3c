"""What whoever asks may say of themselves: only counted, never of a few, and erased."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from diapason.desk import actions
from diapason.desk.contracts import ReferralState
from diapason.desk.models import Case
from diapason.desk.queries.personal import personal_export
from diapason.directory.contracts import Role
from diapason.kernel import measures
from diapason.kernel.clock import today
from diapason.kernel.measures.evidence import GUARDED_LEAST
from diapason.kernel.periods import Window
from tests.desk.factories import CaseFactory, FrontDoorFactory, ReferralFactory
from tests.desk.factories import request as a_request
from tests.directory.factories import UserFactory, person
from tests.trust.world import client_of

pytestmark = pytest.mark.django_db
YEAR = Window(date(2019, 1, 1), date(2020, 1, 1))


def supported(**by_gender: int) -> None:
    for gender, count in by_gender.items():
        for _n in range(count):
            ReferralFactory(
                case=CaseFactory(gender="" if gender == "unsaid" else gender),
                state=ReferralState.ACCEPTED,
                answered_on=date(2019, 5, 1),
            )


def shown(window: Window = YEAR) -> dict[str, int | None]:
    evidence = measures.find("desk.enterprises_supported").evidence(window)
    if "gender" not in evidence.guarded:
        return {}
    parts = evidence.guarded_split("gender")
    return {part: None if one.value is None else int(one.value) for part, one in parts}


def test_groups_of_five_are_told_and_smaller_ones_are_not() -> None:
    supported(woman=7, man=6, unsaid=9)
    assert shown() == {"woman": 7, "man": 6, "": 9}


@pytest.mark.parametrize("few", range(1, GUARDED_LEAST))
def test_a_few_are_not_told_nor_what_gives_them_away(few: int) -> None:
    supported(woman=9, man=few, unsaid=6)
    told = shown()
    # The whole is known: what is left of it beside the parts that are told is of five at least.
    left = 15 + few - sum(value or 0 for value in told.values())
    assert told["man"] is None
    assert left >= GUARDED_LEAST
    assert told["woman"] == 9


@pytest.mark.parametrize("counts", [{"woman": 3}, {"woman": 3, "man": 4}, {"unsaid": 12}])
def test_nothing_is_told_where_few_or_none_said_it(counts: dict[str, int]) -> None:
    supported(**counts)
    told = shown()
    assert told == {} or all(value is None for value in told.values())


def test_only_whole_years_that_are_over_are_split() -> None:
    supported(woman=6, unsaid=6)
    assert shown()
    # Two sets that share some rows would give the rest away; a year that runs grows by one. So a
    # longer window tells of its last year that is over, and no other of any.
    assert shown(Window(date(2019, 1, 1), date(2019, 7, 1))) == {}
    assert shown(Window(date(2018, 7, 1), date(2019, 7, 1))) == {}
    for longer in (
        Window(date(2018, 1, 1), date(2020, 1, 1)),
        Window(date(2018, 7, 1), date(2020, 7, 1)),
    ):
        evidence = measures.find("desk.enterprises_supported").evidence(longer)
        assert evidence.guarded["gender"].during == "2019"
        assert shown(longer) == shown()
    with time_machine.travel(date(2019, 12, 31)):
        assert shown() == {}
    for key in measures.offered():
        if key.startswith("desk.") and key != "desk.enterprises_supported":
            assert measures.find(key).evidence(YEAR).guarded == {}


def test_no_row_tells_it_and_nobody_narrows_by_it() -> None:
    supported(woman=6)
    evidence = measures.find("desk.enterprises_supported").evidence(YEAR)
    lines = evidence.lines(person(Role.PROGRAMME_MANAGER))
    assert len(lines) == 6
    assert not [line for line in lines if "gender" in line.dimensions]
    with pytest.raises(KeyError):
        evidence.narrowed({"gender": "woman"})


def test_it_is_asked_freely_kept_and_erased(client: Any) -> None:
    FrontDoorFactory()
    page = client.get(reverse("desk:contact")).content.decode()
    assert 'name="gender" value=""' in page
    asked = actions.ask(**a_request(gender="woman"))
    silent = actions.ask(**a_request(title="Another", request_key=uuid.uuid4()))
    assert (asked.gender, silent.gender) == ("woman", "")
    user = UserFactory(email=asked.contact_email)
    assert personal_export(user)["requests"][0]["gender"] == "woman"
    # No page of the case says it.
    told = client_of(person(Role.PROGRAMME_MANAGER)).get(reverse("desk:case", args=[asked.pk]))
    assert "Une femme" not in told.content.decode()
    actions.forget_contact(case=asked)
    asked.refresh_from_db()
    assert asked.gender == ""


def test_it_ends_two_years_after_the_case() -> None:
    case = CaseFactory(gender="man", closed_on=today() - timedelta(days=800), closing="done")
    actions.forget_old_contacts(on=today())
    assert Case.objects.get(pk=case.pk).gender == ""


def test_the_database_knows_the_words() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseFactory(gender="x")


def test_its_heading_says_of_which_year() -> None:
    supported(woman=6, unsaid=6)
    evidence = measures.find("desk.enterprises_supported").evidence(YEAR)
    with override("fr"):
        assert evidence.told("gender", "woman") == "Une femme"
    assert evidence.guarded["gender"].during == "2019"
