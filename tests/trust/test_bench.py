"""What the bench piles up goes straight into the tables: it still fits them."""

from __future__ import annotations

import pytest
from bench import crowd

from diapason.desk.models import Case, DeskContact
from diapason.directory.models import Contact, Organisation


@pytest.mark.django_db(transaction=True)
def test_a_crowd_gathers() -> None:
    crowd.gather(part=100)
    assert Organisation.objects.count() == crowd.ORGANISATIONS // 100
    assert Contact.objects.count() == crowd.PEOPLE // 100
    assert DeskContact.objects.count() == crowd.CONTACTS // 100
    assert Case.objects.count() == crowd.CASES // 100
