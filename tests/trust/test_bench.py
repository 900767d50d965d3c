"""What the bench piles up goes straight into the tables: it still fits them."""

from __future__ import annotations

import pytest
from bench import crowd, world

from diapason.desk.models import Case, DeskContact
from diapason.directory.models import Contact, Organisation
from diapason.plan.models import Reading
from tests.directory.factories import OrganisationFactory
from tests.plan.factories import IndicatorFactory


@pytest.mark.django_db(transaction=True)
def test_a_crowd_gathers() -> None:
    crowd.gather(part=100)
    assert Organisation.objects.count() == crowd.ORGANISATIONS // 100
    assert Contact.objects.count() == crowd.PEOPLE // 100
    assert DeskContact.objects.count() == crowd.CONTACTS // 100
    assert Case.objects.count() == crowd.CASES // 100


@pytest.mark.django_db(transaction=True)
def test_readings_pile_up() -> None:
    OrganisationFactory()
    IndicatorFactory(code=world.PILED)
    world.pile(30)
    world.add_reading()
    assert Reading.objects.filter(state="approved").count() == 31
