"""Amounts and counts as people write them, in French or in English."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from diapason.kernel.money import units
from diapason.kernel.spreadsheets import CellProblem, Parse, Writing, money, number
from diapason.ui import formats


class TypedNumber(forms.CharField):
    """A number written as the reader's language does or as the other one: "1 234,5", "1,234.5".
    Gives what `parse` makes of it, None where nothing was typed."""

    parse: Parse = staticmethod(number())
    inputmode = "decimal"

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": self.inputmode, "autocomplete": "off"}
        super().__init__(
            max_length=60, required=False, widget=forms.TextInput(attrs=attrs), **kwargs
        )

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return self.parse(typed, Writing(formats.french()))
        except CellProblem as problem:
            words = str(problem)
            raise ValidationError(words[:1].upper() + words[1:], code="invalid") from problem

    def written(self, value: Any) -> str:
        """A number that was kept, as the reader would type it."""
        return formats.number(value)

    def prepare_value(self, value: Any) -> Any:
        return self.written(value) if isinstance(value, int | Decimal) else value


class MoneyField(TypedNumber):
    """An amount in units of currency, as whole cents."""

    parse = staticmethod(money(least_cents=0))

    def written(self, value: Any) -> str:
        return formats.number(units(int(value)))


class CountField(TypedNumber):
    """A whole number."""

    parse = staticmethod(number(whole=True, least=0))
    inputmode = "numeric"


class ShareField(TypedNumber):
    """A number with decimals, zero or more."""

    parse = staticmethod(number(least=0))
