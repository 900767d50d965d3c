"""Numbers as people write them, in French or in English."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from diapason.kernel.spreadsheets import CellProblem, Writing, number
from diapason.ui import formats

# What the tables hold: 20 digits, 6 of them decimals.
WHOLE_DIGITS, DECIMALS = 14, 6


class AmountField(forms.CharField):
    """A number written as the reader's language does or as the other one: "1 234,5", "1,234.5".

    Gives a Decimal, or None where nothing was typed. Spaces, "%" and "€" are read over.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            found = Decimal(number()(typed.rstrip("%").strip(), Writing(formats.french())))
        except CellProblem as problem:
            raise ValidationError(_sentence(str(problem)), code="invalid") from problem
        exponent = int(found.as_tuple().exponent)
        if found and (found.adjusted() >= WHOLE_DIGITS or -exponent > DECIMALS):
            raise ValidationError(
                _("This number is too long: %(whole)s digits and %(decimals)s decimals at most.")
                % {"whole": WHOLE_DIGITS, "decimals": DECIMALS},
                code="too_long",
            )
        return found

    def prepare_value(self, value: Any) -> Any:
        """A number that was kept, written as the reader would type it."""
        if isinstance(value, Decimal):
            plain = f"{value:f}"
            plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
            return plain.replace(".", ",") if formats.french() else plain
        return value


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
