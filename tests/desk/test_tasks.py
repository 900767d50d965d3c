"""What the front desk does each night."""

from __future__ import annotations

from datetime import date

import pytest

from diapason.desk.models import Case
from diapason.desk.tasks import forget_old_contacts
from diapason.kernel import clock
from tests.desk.factories import CaseFactory


@pytest.mark.django_db
def test_each_night_old_names_go() -> None:
    closed = {"next_on": None, "closing": "done", "contact_name": "Ada"}
    CaseFactory(closed_on=date(2018, 2, 1), **closed)
    CaseFactory(closed_on=clock.today(), **closed)
    CaseFactory(contact_name="Ada")
    forget_old_contacts()
    assert Case.objects.filter(contact_name="Ada").count() == 2
