"""What the ground floor keeps about people, given back and erased."""

import pytest
from django.apps import apps

from diapason.directory.models import User
from diapason.kernel import drafts, jobs
from diapason.kernel.models import Draft, Progress
from diapason.kernel.registries import personal_data, personal_records

pytestmark = pytest.mark.django_db


def test_what_was_typed_is_given_to_the_person_and_erased_with_the_account() -> None:
    ada, bo = (User.objects.create(email=f"{name}@example.org") for name in ("ada", "bo"))
    for user in (ada, bo):
        drafts.save(f"account:{user.pk}", "plan.reading", {"source": [user.email]})
        jobs.start_progress(f"account:{user.pk}", "Export")
    records = personal_records["kernel.forms"]
    [draft] = records.export(ada)["drafts"]
    assert draft["typed"] == {"source": ["ada@example.org"]}
    records.erase(ada)
    assert records.export(ada) == {"drafts": []}
    assert Draft.objects.get().owner == Progress.objects.get().owner == f"account:{bo.pk}"


def test_every_declaration_names_a_field_that_exists() -> None:
    for key, declared in personal_data.items():
        model = apps.get_model(declared.model)
        for name in declared.fields:
            assert model._meta.get_field(name), key
        assert str(declared.purpose)
        assert str(declared.retention)
