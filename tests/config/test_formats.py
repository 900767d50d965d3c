"""How dates are written and read in each language."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.utils.formats import date_format
from django.utils.translation import override


@pytest.mark.parametrize(("language", "written"), [("fr", "3 avril 2021"), ("en", "3 April 2021")])
def test_the_day_comes_before_the_month(language: str, written: str) -> None:
    with override(language):
        assert date_format(date(2021, 4, 3)) == written
        assert forms.DateField().clean("03/04/2021") == date(2021, 4, 3)
        assert forms.DateField().clean("2021-04-03") == date(2021, 4, 3)
