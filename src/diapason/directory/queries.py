"""Reads of the directory."""

from __future__ import annotations

from collections.abc import Iterable

from diapason.directory.models import Organisation


def known_organisation_codes(codes: Iterable[str]) -> set[str]:
    """Those of these codes that already name an organisation. One query."""
    found = Organisation.objects.filter(code__in=set(codes))
    return set(found.values_list("code", flat=True))
