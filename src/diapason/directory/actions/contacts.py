"""People to reach at an organisation, and what they agree to show."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from diapason.directory.actions.organisations import locked_living
from diapason.directory.contracts import CONSENTED, ContactFacts
from diapason.directory.models import Contact, Organisation, User
from diapason.kernel import audit, clock
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal, once, refuse_unsound, says


@transaction.atomic
def add_contact(
    *, by: Any, organisation: Organisation, facts: ContactFacts, request_key: UUID | None = None
) -> Contact:
    """Write down a person to reach. The same `request_key` again gives the one made before.

    Side effects: adds the contact; each field that the person agreed to show bears today's date.
    Raises Refusal for facts that cannot be; PermissionDenied unless `by` may edit organisations.
    """
    demand(by, "directory.edit_organisation")
    place = locked_living(organisation)

    def make() -> Contact:
        made = Contact(organisation=place, request_key=request_key)
        _write(made, facts)
        with audit.done_by(by):
            made.save(force_insert=True)
        return made

    told = {"organisation_id": place.pk, "name": facts.name.strip(), "email": facts.email.strip()}
    return once(Contact, request_key, make, lambda found: says(found, **told))


@transaction.atomic
def change_contact(*, by: Any, contact: Contact, facts: ContactFacts) -> Contact:
    """Write what is known of a person to reach, and what they agree to show from now on.

    Side effects: a field no longer agreed to is gone from every public page at once; one newly
    agreed to bears today's date, the others keep theirs.
    Raises Refusal for facts that cannot be; PermissionDenied unless `by` may edit organisations.
    """
    demand(by, "directory.edit_organisation")
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    _write(locked, facts)
    with audit.done_by(by):
        locked.save()
    return locked


@transaction.atomic
def erase_contact(*, by: Any, contact: Contact) -> None:
    """Erase a person to reach, at their request or because nobody needs them any more.

    Side effects: the contact is gone; its history, which holds no word of it, says when.
    Raises PermissionDenied unless `by` may edit organisations.
    """
    demand(by, "directory.edit_organisation")
    with audit.done_by(by):
        Contact.objects.filter(pk=contact.pk).delete()


def contacts_of_person(user: User) -> QuerySet[Contact]:
    """What was written of the owner of an account, found by the addresses that they proved."""
    proved = EmailAddress.objects.filter(user=user, verified=True).annotate(plain=Lower("email"))
    written = Contact.objects.annotate(plain=Lower("email")).exclude(email="")
    return written.filter(plain__in=proved.values("plain"))


def export_contacts(user: User) -> dict[str, Any]:
    """Everything that is written of the person as somebody to reach, as plain values."""
    found = contacts_of_person(user).select_related("organisation").order_by("pk")
    return {
        "contacts": [
            {
                "organisation": one.organisation.code,
                **{name: getattr(one, name) for name in CONSENTED},
                "starts": one.starts.isoformat(),
                "ends": one.ends.isoformat() if one.ends else None,
                "shown_since": {
                    name: day.isoformat()
                    for name in CONSENTED
                    if (day := getattr(one, f"{name}_public_on"))
                },
            }
            for one in found
        ]
    }


def forget_contacts(user: User) -> None:
    """Erase what was written of the person as somebody to reach."""
    Contact.objects.filter(
        pk__in=list(contacts_of_person(user).values_list("pk", flat=True))
    ).delete()


def _write(record: Contact, facts: ContactFacts) -> None:
    for name in CONSENTED:
        setattr(record, name, getattr(facts, name).strip())
    if not record.name:
        raise Refusal(_("Write the person’s name."), field="name")
    record.starts = facts.starts or record.starts
    record.ends = facts.ends
    if record.ends is not None and record.ends < record.starts:
        raise Refusal(_("A contact cannot end before it starts."), field="ends")
    shown = [name for name in CONSENTED if name in facts.public]
    if shown and "name" not in shown:
        raise Refusal(_("Nothing of a person is shown whose name is not shown."), field="public")
    for name in CONSENTED:
        since = getattr(record, f"{name}_public_on")
        setattr(record, f"{name}_public_on", (since or clock.today()) if name in shown else None)
    refuse_unsound(record)
