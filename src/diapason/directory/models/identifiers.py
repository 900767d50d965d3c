"""Official numbers of enterprises (SIREN) and of their establishments (SIRET).

A right checksum tells that a number was not mistyped, never that the enterprise exists.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, Value
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NotSound
from stdnum.fr import siren as siren_numbers
from stdnum.fr import siret as siret_numbers

SIREN_LENGTH, SIRET_LENGTH = 9, 14


def compact(number: str) -> str:
    """The number without the spaces, dots and dashes that people write in it."""
    return "".join(sign for sign in number if not sign.isspace() and sign not in ".-")


def validate_siren(number: str) -> None:
    try:
        siren_numbers.validate(number)
    except NotSound as error:
        raise ValidationError(
            _("This is no SIREN: it has 9 digits, of which the last proves the others.")
        ) from error


def validate_siret(number: str) -> None:
    """Establishments of La Poste follow a rule of their own, which the library knows."""
    try:
        siret_numbers.validate(number)
    except NotSound as error:
        raise ValidationError(
            _("This is no SIRET: it has 14 digits, of which the last proves the others.")
        ) from error


def sound(field: str, length: int) -> Any:
    """The same rule in the database, as a condition of a constraint; empty is sound."""
    return Func(
        F(field), Value(length), function="directory_number_sound", output_field=BooleanField()
    )


def grouped(number: str) -> str:
    """The number as people read it: by three digits, then the five of the establishment."""
    parts = (number[:3], number[3:6], number[6:9], number[9:])
    return "\u00a0".join(part for part in parts if part)
