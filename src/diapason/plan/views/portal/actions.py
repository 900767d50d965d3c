"""One action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from diapason.kernel.clock import today
from diapason.kernel.pages import kept_while_unchanged
from diapason.kernel.periods import Period
from diapason.kernel.permissions import public
from diapason.plan.contracts import Figure, IndicatorKind
from diapason.plan.models import Indicator, Plan
from diapason.plan.queries import details, figures, presenting
from diapason.plan.views.portal.around import crumbs_action, plan_or_404, tables
from diapason.ui import charts


@dataclass(frozen=True)
class IndicatorCard:
    """An indicator as an action's page shows it."""

    indicator: Indicator
    url: str
    figure: Figure
    value: str
    of: str
    note: str
    bar: charts.Bar
    state: str
    verdict: str


@public
@require_safe
@kept_while_unchanged(tables, same_for_all=True)
def action(request: HttpRequest, code: str) -> HttpResponse:
    """An action: why, what, who, with what money, and how it is doing."""
    plan = plan_or_404()
    at = today()
    found = details.action(plan, code)
    if found is None:
        raise Http404
    reference = figures.reference_period(plan, at)
    known = [one for one in figures.figures(plan, at=at) if one.action == code]
    cards = _cards(plan, known, reference)
    return render(
        request,
        "plan/action.html",
        {
            "plan": plan,
            "at": at,
            "found": found,
            "reference": reference,
            "outputs": [card for card in cards if card.indicator.kind == IndicatorKind.OUTPUT],
            "results": [card for card in cards if card.indicator.kind == IndicatorKind.RESULT],
            "breadcrumb": crumbs_action(found.axis, found.number, found.short),
        },
    )


def _cards(plan: Plan, known: Sequence[Figure], reference: Period) -> list[IndicatorCard]:
    """One card per indicator, with the figure that speaks for it."""
    cards = []
    for indicator in figures.indicators_of(plan):
        own = [one for one in known if one.indicator == indicator.code]
        if not own:
            continue
        figure = figures.speaking(own, reference) or own[-1]
        cards.append(
            IndicatorCard(
                indicator=indicator,
                url=reverse("plan:indicator", args=[indicator.code]),
                figure=figure,
                value=presenting.amount(figure.value, figure.unit),
                of=presenting.goal(figure.aim, figure.unit),
                note=_("in %(period)s") % {"period": figure.period.label},
                bar=presenting.small_bar(figure, ""),
                state=presenting.face(figure),
                verdict=presenting.verdict(figure),
            )
        )
    return cards
