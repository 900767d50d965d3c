"""Reads of the people to reach."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from diapason.directory.contracts import CONSENTED, PublicContact
from diapason.directory.models import Contact, Organisation
from diapason.kernel import clock


def contacts_at(family: Iterable[Organisation]) -> QuerySet[Contact]:
    """The people to reach at these organisations, those of today and of before, by name."""
    found = Contact.objects.filter(organisation__in=list(family))
    return found.select_related("organisation").order_by("name", "pk")


def contact(pk: int) -> Contact | None:
    return Contact.objects.select_related("organisation").filter(pk=pk).first()


def public_contacts(family: Iterable[Organisation]) -> list[PublicContact]:
    """Those of today who agreed to be shown, with the fields that they agreed to."""
    today = clock.today()
    found = contacts_at(family).filter(
        Q(ends__isnull=True) | Q(ends__gt=today), starts__lte=today, name_public_on__isnull=False
    )
    return [
        PublicContact(
            **{
                name: getattr(one, name) if getattr(one, f"{name}_public_on") else ""
                for name in CONSENTED
            }
        )
        for one in found
    ]


def to_write_to(organisations: Iterable[int]) -> dict[int, int]:
    """For each of these organisations that has somebody to write to today, the contact: of
    several, the one written down last."""
    today = clock.today()
    found = Contact.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=today),
        organisation__in=list(organisations),
        starts__lte=today,
    ).exclude(email="")
    return dict(found.order_by("starts", "pk").values_list("organisation_id", "pk"))
