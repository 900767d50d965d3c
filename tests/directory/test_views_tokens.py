"""The pages of API tokens: each manager their organisations', operators all."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from diapason.directory.actions import create_token, token_holder
from diapason.directory.contracts import Role
from diapason.directory.models import ApiToken
from tests.directory.factories import MembershipFactory, OrganisationFactory, person
from tests.directory.pages import parsed, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def managed():
    return MembershipFactory(role=Role.PROGRAMME_MANAGER)


@pytest.fixture
def signed_in(client, managed):
    client.force_login(managed.user)
    return client


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_token_is_made_shown_once_and_works(signed_in, managed, language):
    with override(language):
        made = signed_in.post(
            reverse("directory:new_token"),
            {"name": "Website", "organisation": managed.organisation_id},
        )
        parsed(made)
        raw = re.search(r"diapason_[\w-]{40,}", made.content.decode()).group()
        assert token_holder(raw).organisation_id == managed.organisation_id
        # Whole on a phone and without a script, which alone shows the button that copies.
        assert re.search(rf'<textarea [^>]*id="token"[^>]*>{raw}</textarea>', made.content.decode())
        assert made["Cache-Control"].find("no-store") >= 0
        page = signed_in.get(reverse("directory:tokens"))
    assert "Website" in words(page)
    assert raw not in page.content.decode()


def test_a_manager_cannot_choose_somebody_elses_organisation(signed_in):
    page = signed_in.post(
        reverse("directory:new_token"),
        {"name": "Website", "organisation": OrganisationFactory().pk},
    )
    assert page.context["form"].errors["organisation"]
    assert not ApiToken.objects.exists()


def test_a_token_of_another_organisation_is_not_found(signed_in):
    other = MembershipFactory(role=Role.PROGRAMME_MANAGER)
    token, raw = create_token(organisation_id=other.organisation_id, name="Theirs", by=other.user)
    assert "Theirs" not in words(signed_in.get(reverse("directory:tokens")))
    assert signed_in.post(reverse("directory:revoke_token", args=[token.pk])).status_code == 404
    assert token_holder(raw)


def test_a_token_is_revoked(signed_in, managed):
    token, raw = create_token(
        organisation_id=managed.organisation_id, name="Website", by=managed.user
    )
    signed_in.post(reverse("directory:revoke_token", args=[token.pk]))
    assert token_holder(raw) is None


def test_an_operator_makes_tokens_for_any_organisation(client):
    client.force_login(person(Role.OPERATOR))
    place = OrganisationFactory()
    client.post(
        reverse("directory:new_token"),
        {"name": "Site", "organisation": place.pk, "expires": "2999-01-01"},
    )
    assert ApiToken.objects.get().organisation == place


def test_a_date_in_the_past_is_refused_beside_the_field(signed_in, managed):
    page = signed_in.post(
        reverse("directory:new_token"),
        {"name": "Site", "organisation": managed.organisation_id, "expires": "2001-01-01"},
    )
    assert page.context["form"].errors["expires"]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADVISOR, Role.JUROR, Role.COMMITTEE_MEMBER])
def test_other_roles_are_refused(client, role):
    client.force_login(person(role))
    assert client.get(reverse("directory:tokens")).status_code == 403
    assert client.get(reverse("directory:new_token")).status_code == 403
