"""The invented enterprises of the demonstration."""

from datetime import date

import pytest

from diapason.directory.contracts import Role
from diapason.directory.demonstration import ENTERPRISES, make_enterprises
from diapason.directory.models import Organisation
from diapason.kernel.registries import demonstrations
from tests.directory.factories import person

pytestmark = pytest.mark.django_db
DAY = date(2020, 11, 24)


def test_they_are_made_once_and_say_that_they_are_invented():
    person(Role.ADVISOR)
    for _time in range(2):
        demonstrations["directory.enterprises"](DAY)
    made = Organisation.objects.filter(invented=True)
    assert made.count() == len(ENTERPRISES)
    for one in made:
        assert "Invented" in one.description["en"]
        assert "nvent" in one.description["fr"]
        assert (one.siren, one.siret) == ("", "")
        assert one.checked_on <= DAY


def test_without_an_advisor_there_are_none():
    make_enterprises(DAY)
    assert not Organisation.objects.filter(invented=True).exists()
