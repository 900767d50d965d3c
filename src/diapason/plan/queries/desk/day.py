"""What the plan asks of one person today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from diapason.directory.api import Role
from diapason.kernel.periods import Period
from diapason.plan.contracts import Part, ReadingState
from diapason.plan.models import Action, Indicator, Participation, Plan, Reading
from diapason.plan.queries.desk.readings import period_of
from diapason.plan.queries.evidence import clip, source
from diapason.plan.queries.figures import current_plan, indicators_of, reference_period

# How long before its day a task shows on the day of the person in charge.
TASKS_AHEAD = timedelta(days=14)
STANDING = (ReadingState.DECLARED, ReadingState.RETURNED, ReadingState.APPROVED)
LEADING_ROLES = (Role.ADVISOR, Role.PROGRAMME_MANAGER)


@dataclass(frozen=True)
class Silent:
    """Indicators of one action for which nobody has given a figure in the running period."""

    action: Action
    indicators: Sequence[Indicator]
    period: Period
    due: date


def silent(user: Any, at: date) -> list[Silent]:
    """What the actions that this person's organisations lead still have to tell, action by
    action; four queries at most."""
    organisations = {where for role, where in user.roles() if role in LEADING_ROLES}
    plan = current_plan() if organisations else None
    if plan is None:
        return []
    led = set(
        Participation.objects.filter(
            action__plan=plan, organisation__in=organisations, part=Part.LEADER
        ).values_list("action_id", flat=True)
    )
    if not led:
        return []
    period = reference_period(plan, at)
    days = clip(period.window, plan.window)
    if at not in days:
        return []
    mine = [
        indicator
        for indicator in indicators_of(plan)
        if indicator.action_id in led and _awaited(indicator, plan, period, at)
    ]
    told = set(
        Reading.objects.filter(
            indicator__in=mine, state__in=STANDING, on__gte=days.start, on__lt=days.end
        ).values_list("indicator_id", flat=True)
    )
    groups: dict[int, list[Indicator]] = {}
    for indicator in mine:
        if indicator.pk not in told:
            groups.setdefault(indicator.action_id, []).append(indicator)
    return [
        Silent(indicators[0].action, indicators, period, days.last_day)
        for indicators in groups.values()
    ]


def _awaited(indicator: Indicator, plan: Plan, period: Period, at: date) -> bool:
    """Whether people tell its figures now: no measure does, and it is not too early."""
    if source(indicator, period).measure is not None:
        return False
    return not indicator.lag_years or period_of(indicator, plan, at) is not None
