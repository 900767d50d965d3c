"""Saying which enterprise a project is."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from diapason.desk.actions import attach
from diapason.directory.contracts import Role
from diapason.kernel.refusals import Refusal
from tests.desk.factories import CaseFactory
from tests.directory.factories import OrganisationFactory, person

pytestmark = pytest.mark.django_db


def test_whoever_decides_on_a_case_says_which_enterprise_it_is() -> None:
    manager, case = person(Role.PROGRAMME_MANAGER), CaseFactory()
    enterprise = OrganisationFactory()
    twin = OrganisationFactory(merged_into=enterprise)
    assert attach(by=manager, case=case, organisation_id=twin.pk).organisation == enterprise
    version = attach(by=manager, case=case, organisation_id=enterprise.pk).version
    assert attach(by=manager, case=case, organisation_id=None).organisation is None
    case.refresh_from_db()
    assert case.version == version + 1
    with pytest.raises(Refusal) as refusal:
        attach(by=manager, case=case, organisation_id=10**9)
    assert refusal.value.field == "organisation"


def test_nobody_else_does() -> None:
    with pytest.raises(PermissionDenied):
        attach(by=person(Role.ADVISOR), case=CaseFactory(), organisation_id=None)
