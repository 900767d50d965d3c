"""The observatory's part of the API: what its public page shows, and no more."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from diapason.kernel.registries import ApiRouter, api_routers
from diapason.observatory.queries import results as read

router = Router(tags=["observatory"])
api_routers.add("observatory.rest", ApiRouter(prefix="", router=router))


class LineOut(Schema):
    """A published number: amounts in units of currency, shares from 0 to 1, `null` where it may
    not be told."""

    year: int
    figure: str
    split: str
    part: str
    value: Decimal | None
    enterprises: int | None
    asked: int
    answered: int


class GrowthOut(Schema):
    """Change of turnover, as a share, of the enterprises first helped in a year, years later."""

    entered: int
    years: int
    members: int
    known: int | None
    value: Decimal | None


class SurvivalOut(Schema):
    """Share still active so many years after the first support; `followed`: how many were still
    followed then."""

    years: int
    share: Decimal | None
    followed: int | None


class ResultsOut(Schema):
    years: list[LineOut]
    growth: list[GrowthOut]
    survival: list[SurvivalOut]


@router.get("/observatory", response=ResultsOut, summary="Results of the territory’s enterprises")
def results(request: HttpRequest) -> Any:
    found = read.results()
    return {
        "years": read.lines(found.years),
        "growth": found.growth,
        "survival": found.surviving,
    }
