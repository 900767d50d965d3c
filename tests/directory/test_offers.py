"""What the directory offers to the common pages."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from diapason.directory.contracts import Role
from diapason.kernel.registries import search_sources
from tests.directory.factories import SIREN, ContactFactory, OrganisationFactory, person


@pytest.mark.django_db
def test_search_finds_what_the_reader_may_see_and_nobody_by_what_is_hidden():
    shown = OrganisationFactory(code="shown", name={"fr": "Studio Élan"}, listed=True, siren=SIREN)
    hidden = OrganisationFactory(code="hidden", name={"fr": "Studio Caché"})
    OrganisationFactory(name={"fr": "Studio Double"}, merged_into=shown, listed=True)
    ContactFactory(organisation=shown, name="Ada Byron")
    search = search_sources["directory.organisations"].search
    for visitor in (AnonymousUser(), person(Role.MEMBER)):
        assert [hit.title for hit in search(visitor, "STUDIO", 9)] == ["Studio Élan"]
        assert list(search(visitor, SIREN, 9)) == list(search(visitor, "byron", 9)) == []
    found = {hit.url for hit in search(person(Role.ADVISOR), "studio", 9)}
    assert len(found) == 2
    assert any(url.endswith(f"/{hidden.pk}/") for url in found)
