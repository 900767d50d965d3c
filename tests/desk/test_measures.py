"""The front desk's numbers: empty window, boundary days, neighbours, number against rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from diapason.desk.contracts import ReferralState
from diapason.directory.actions import merge_organisations
from diapason.directory.contracts import Role
from diapason.kernel import measures
from diapason.kernel.periods import Window
from tests.desk.factories import (
    CaseFactory,
    CaseStageFactory,
    DeskContactFactory,
    OutcomeFactory,
    ReferralFactory,
    VisitFactory,
)
from tests.directory.factories import OrganisationFactory, person

pytestmark = pytest.mark.django_db
YEAR = Window(date(2019, 1, 1), date(2020, 1, 1))

MAKERS: dict[str, Callable[[date], Any]] = {
    "desk.enterprises_incubated": lambda day: CaseStageFactory(stage="incubation", began_on=day),
    "desk.startups_accelerated": lambda day: CaseStageFactory(
        stage="acceleration", ended_on=day, completed=True
    ),
    "desk.student_projects_supported": lambda day: ReferralFactory(
        case__student=True, state=ReferralState.ACCEPTED, answered_on=day
    ),
    "desk.enterprises_supported": lambda day: ReferralFactory(
        state=ReferralState.ACCEPTED, answered_on=day
    ),
    "desk.businesses_created": lambda day: OutcomeFactory(kind="business_created", on=day),
    "desk.jobs_created": lambda day: OutcomeFactory(count=1, on=day),
    "desk.contacts_received": lambda day: DeskContactFactory(on=day),
    "desk.visits": lambda day: VisitFactory(state="done", done_on=day),
}


def number(key: str, window: Window = YEAR) -> int:
    evidence = measures.find(key).evidence(window)
    found = evidence.number()
    lines = evidence.lines(person(Role.PROGRAMME_MANAGER))
    # The rows make the number, whoever counts them.
    told = measures.fold(evidence.value, lines)
    assert told == found.value
    for dimension in evidence.by:
        assert sum(part.rows for _name, part in evidence.split(dimension)) == found.rows
    return int(found.value)


def test_every_measure_is_tried_here() -> None:
    assert {key for key in measures.offered() if key.startswith("desk.")} == MAKERS.keys()


@pytest.mark.parametrize("key", MAKERS)
def test_nothing_is_zero_and_neighbours_do_not_count(key: str) -> None:
    assert number(key) == 0
    for day in (date(2018, 12, 31), date(2020, 1, 1)):
        MAKERS[key](day)
    assert number(key) == 0
    for day in (date(2019, 1, 1), date(2019, 12, 31)):
        MAKERS[key](day)
    assert number(key) == 2


@pytest.mark.parametrize("key", MAKERS)
def test_the_public_counts_rows_without_their_names(key: str) -> None:
    MAKERS[key](date(2019, 6, 30))
    evidence = measures.find(key).evidence(YEAR)
    (hidden,) = evidence.lines(None)
    assert (hidden.named, hidden.label, hidden.url) == (False, "", "")
    (shown,) = evidence.lines(person(Role.PROGRAMME_MANAGER))
    assert shown.named


def test_a_project_is_incubated_once() -> None:
    case = CaseFactory()
    for day, end in ((date(2018, 3, 1), date(2018, 4, 1)), (date(2019, 3, 1), None)):
        CaseStageFactory(case=case, stage="incubation", began_on=day, ended_on=end)
    CaseStageFactory(stage="prototyping", began_on=date(2019, 3, 1))
    assert number("desk.enterprises_incubated") == 0
    before = Window(date(2018, 1, 1), date(2019, 1, 1))
    assert number("desk.enterprises_incubated", before) == 1


def test_only_what_came_to_its_end_was_accelerated() -> None:
    CaseStageFactory(stage="acceleration", ended_on=date(2019, 3, 1))
    CaseStageFactory(stage="incubation", ended_on=date(2019, 3, 1), completed=True)
    assert number("desk.startups_accelerated") == 0


def test_several_structures_support_one_project() -> None:
    case = CaseFactory(student=True)
    for state in (ReferralState.ACCEPTED, ReferralState.ENDED, ReferralState.DECLINED):
        ReferralFactory(case=case, state=state, answered_on=date(2019, 5, 1))
    ReferralFactory()
    assert number("desk.enterprises_supported") == 1
    assert number("desk.student_projects_supported") == 1


def test_two_cases_of_one_enterprise_are_one() -> None:
    enterprise = OrganisationFactory()
    for _number in range(2):
        ReferralFactory(
            case__organisation=enterprise, state=ReferralState.ACCEPTED, answered_on=YEAR.start
        )
    ReferralFactory(state=ReferralState.ACCEPTED, answered_on=YEAR.start)
    assert number("desk.enterprises_supported") == 2


def test_jobs_add_up_and_businesses_are_not_jobs() -> None:
    OutcomeFactory(count=3)
    OutcomeFactory(count=2)
    OutcomeFactory(kind="business_created")
    OutcomeFactory(count=4, withdrawn_on=YEAR.start, withdrawal_reason="Hired elsewhere")
    assert number("desk.jobs_created") == 5
    assert number("desk.businesses_created") == 1


def test_supports_and_what_came_of_them_are_told_by_structure_and_stage() -> None:
    one, two = OrganisationFactory(), OrganisationFactory()
    case = CaseFactory(owner=one, stage="prototyping")
    for structure in (one, two):
        ReferralFactory(
            case=case, offer__structure=structure, state=ReferralState.ACCEPTED,
            answered_on=date(2019, 5, 1),
        )  # fmt: skip
    OutcomeFactory(case=case, count=3, on=date(2019, 6, 1))
    supported = measures.find("desk.enterprises_supported").evidence(YEAR)
    parts = {name: int(part.value) for name, part in supported.split("structure")}
    # One enterprise of each, and one in all.
    assert parts == {one.code: 1, two.code: 1}
    assert supported.number().value == 1
    assert [(name, int(part.value)) for name, part in supported.split("stage")] == [
        ("prototyping", 1)
    ]
    # Jobs count once, for the structure in charge.
    jobs = measures.find("desk.jobs_created").evidence(YEAR)
    assert [(name, int(part.value)) for name, part in jobs.split("structure")] == [(one.code, 3)]

    # A structure that was merged counts with the one that took its place.
    merge_organisations(by=person(Role.PROGRAMME_MANAGER), kept=two, duplicate=one)
    merged = measures.find("desk.enterprises_supported").evidence(YEAR)
    assert [(name, int(part.value)) for name, part in merged.split("structure")] == [(two.code, 1)]


def test_dimensions_are_told_in_words() -> None:
    structure = OrganisationFactory(name={"fr": "La Fabrique", "en": "The Works"})
    ReferralFactory(
        case__sector="games", case__stage="idea", offer__structure=structure,
        state=ReferralState.ACCEPTED, answered_on=date(2019, 5, 1),
    )  # fmt: skip
    DeskContactFactory(on=date(2019, 5, 1), channel="phone", oriented_to=structure)
    found = measures.find("desk.enterprises_supported").evidence(YEAR)
    contacts = measures.find("desk.contacts_received").evidence(YEAR)
    with override("fr"):
        assert found.told("sector", "games") == "Jeu vidéo"
        assert found.told("stage", "idea") == "Idée"
        assert found.told("structure", structure.code) == "La Fabrique"
        assert contacts.told("channel", "phone") == "Téléphone"
        assert contacts.told("oriented_to", structure.code) == "La Fabrique"
        assert found.told("commune", None) == ""
