"""Targets that people change between two loads of the plan's file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from diapason.kernel import audit, clock, periods
from diapason.kernel.measures import Unit
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal, refuse_future
from diapason.kernel.wording import date_long
from diapason.plan.actions.plausible import refuse_long_before
from diapason.plan.actions.refusing import in_words, named, refuse_unsound
from diapason.plan.contracts import Aggregation, Goal
from diapason.plan.contracts.loads import described
from diapason.plan.models import Indicator, Plan, Target


@transaction.atomic
def change_target(
    *,
    by: Any,
    indicator: Indicator,
    period: str,
    goal: Goal,
    reason: str,
    decided_on: date | None = None,
    instead_of: int | None = None,
) -> Target:
    """Set the target of an indicator in a period, as it was decided (today unless `decided_on`).

    `instead_of` is the key of the target that `by` saw in force: where another one is by now,
    nothing changes.

    Side effects: closes the target in force, whose value, date and reason stay; adds the new one.
    Raises Refusal without a reason, for a period of another plan, a goal that says nothing or
    what is already in force, or where somebody else changed it meanwhile; PermissionDenied unless
    `by` may change targets.
    """
    demand(by, "plan.change_target")
    if not reason.strip():
        raise Refusal(_("Say why the target changes."), field="reason")
    refuse_future(decided_on, field="decided_on")
    locked = Indicator.objects.select_for_update(no_key=True).get(pk=indicator.pk)
    if locked.retired_at is not None:
        raise Refusal(_("This indicator is no longer in the plan."), field="indicator")
    plan = Plan.objects.get(pk=locked.action.plan_id)
    _refuse_period(plan, period)
    if decided_on is not None:
        refuse_long_before(plan, decided_on, field="decided_on")
    _refuse_goal(locked, goal)
    in_force = Target.objects.filter(indicator=locked, period=period, replaced_at__isnull=True)
    old = in_force.select_related("decided_by").first()
    if instead_of is not None and (old is None or old.pk != instead_of):
        raise Refusal(_changed_meanwhile(old))
    if old is not None and old.decided_on and (decided_on or clock.today()) < old.decided_on:
        raise Refusal(
            _("The target in force was decided later, on %(day)s.")
            % {"day": date_long(old.decided_on)},
            field="decided_on",
        )
    if old is not None and old.goal == goal:
        raise Refusal(_("This is the target as it is."))
    now = clock.now()
    target = Target(
        indicator=locked,
        period=period,
        low=goal.low,
        high=goal.high,
        exact=goal.exact,
        per_event=goal.per_event,
        unknown=goal.unknown,
        decided_at=now,
        decided_on=decided_on or clock.today(),
        decided_by=by,
        reason=reason.strip(),
    )
    refuse_unsound(target)
    with audit.done_by(by, why=reason.strip()), in_words(Target):
        if old is not None:
            old.replaced_at = now
            old.save(update_fields=["replaced_at"])
        target.save()
    return target


def _refuse_period(plan: Plan, period: str) -> None:
    known = [one.key for one in plan.periods()]
    if period != periods.WHOLE_PLAN and period not in known:
        raise Refusal(
            _("Choose a period of the plan: %(periods)s.") % {"periods": ", ".join(known)},
            field="period",
        )


def _refuse_goal(indicator: Indicator, goal: Goal) -> None:
    numbers = [number for number in (goal.low, goal.high) if number is not None]
    if goal.unknown == bool(numbers):
        raise Refusal(_("Give a value, or say that it is still to be set."), field="goal")
    if not all(number.is_finite() for number in numbers):
        raise Refusal(_("This is not a number."), field="goal")
    if goal.low is not None and goal.high is not None and goal.low > goal.high:
        raise Refusal(_("The lower bound is above the upper one."), field="goal")
    if numbers and min(numbers) < 0 and Unit(indicator.unit) is not Unit.EUROS:
        raise Refusal(_("This target cannot be negative."), field="goal")
    each_event = indicator.aggregation == Aggregation.PER_EVENT
    if goal.per_event and not each_event:
        raise Refusal(_("This indicator is not counted at each event."), field="goal")


def _changed_meanwhile(target: Target | None) -> str:
    if target is None:
        return _("This target changed meanwhile: none is in force any more.")
    return _("%(person)s changed this target meanwhile: it is now %(goal)s.") % {
        "person": _("A load of the plan") if target.from_file else named(target.decided_by),
        "goal": described(target.goal),
    }
