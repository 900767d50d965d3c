"""Columns that hold numbers and nothing else."""

from __future__ import annotations

from functools import reduce
from operator import and_

from django.db.models import Q

# What twenty digits, six of them decimals, stay below.
BEYOND = 10**14


def numbers(*columns: str) -> Q:
    """That each of these columns is empty or a number: PostgreSQL keeps "not a number" as well,
    and takes it for greater than all numbers."""
    each = (Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lt": BEYOND}) for name in columns)
    return reduce(and_, each)
