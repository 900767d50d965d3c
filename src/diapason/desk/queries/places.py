"""Finding the commune that somebody writes down."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Lower

from diapason.desk.models import Case
from diapason.kernel.tables import folded

MOST = 6


def called(words: str) -> list[Any]:
    """The communes of that name or postcode, whatever the case and accents; a few at most."""
    communes = Case._meta.get_field("commune").related_model._default_manager
    named = communes.annotate(folded=folded("name")).filter(
        Q(folded=folded(Value(words))) | Q(postcodes__contains=[words])
    )
    return list(named.order_by(Lower("name"))[:MOST])
