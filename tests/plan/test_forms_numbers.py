"""Numbers as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from diapason.plan.forms.numbers import AmountField


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [
        ("fr", "1 234,5", "1234.5"),
        ("fr", "1\u202f234,5", "1234.5"),
        ("fr", "1,234", "1.234"),
        ("en", "1,234", "1234"),
        ("fr", "1.5", "1.5"),
        ("en", "1,234,567.89", "1234567.89"),
        ("fr", "−3", "-3"),
        ("fr", "12 %", "12"),
        ("en", "50 €", "50"),
    ],
)
def test_it_reads_both_languages(language: str, typed: str, value: str) -> None:
    with override(language):
        assert AmountField().clean(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["abc", "1 2 x", "1,2,3", "NaN", "inf", "1e5", "--2", "9" * 15])
def test_it_refuses_what_is_no_number(typed: str) -> None:
    with override("fr"), pytest.raises(ValidationError):
        AmountField().clean(typed)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("value", ["12", "1234.5", "0.000001", "-3", "100", "1000000"])
def test_what_it_writes_it_reads_again(language: str, value: str) -> None:
    with override(language):
        field = AmountField()
        assert field.clean(field.prepare_value(Decimal(value))) == Decimal(value)


def test_nothing_is_none_and_needed_where_required() -> None:
    assert AmountField(required=False).clean(" ") is None
    with pytest.raises(ValidationError):
        AmountField().clean("")
