"""The targets of an indicator: what was decided, when and why; and a new decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.plan import actions
from diapason.plan.forms.work import TargetForm
from diapason.plan.models import Target
from diapason.plan.queries import details, presenting
from diapason.plan.views.workspace.pages import crumbs, nobody, plan_or_404, refuse, sent


@requires("plan.change_target")
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: HttpRequest, code: str) -> HttpResponse:
    """Every target that the indicator ever had, and the form of a new decision."""
    plan = plan_or_404()
    found = details.indicator(plan, code)
    if found is None:
        raise Http404
    known = list(
        Target.objects.filter(indicator=found.indicator)
        .select_related("decided_by")
        .order_by("period", "-decided_at", "-pk")
    )
    form = TargetForm(
        sent(request)[0],
        indicator=found.indicator,
        plan=plan,
        targets=known,
        initial={"period": request.GET.get("period", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.change_target(
                by=request.user,
                indicator=found.indicator,
                period=form.cleaned_data["period"],
                goal=form.decided(),
                reason=form.cleaned_data["reason"],
                decided_on=form.cleaned_data["decided_on"],
                instead_of=form.instead_of(),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request,
                _("The target is now %(goal)s. The former one stays in the history.")
                % {"goal": presenting.goal(made.goal, found.indicator.unit)},
            )
            return redirect("plan:targets", code=code)
    return render(
        request,
        "plan/workspace/targets.html",
        {
            "indicator": found.indicator,
            "form": form,
            "targets": [_line(target, found.indicator.unit) for target in known],
            "breadcrumb": crumbs(
                (_("The plan"), reverse("plan:screen")),
                (str(found.indicator.title), reverse("plan:indicator", args=[code])),
                (_("Targets"), ""),
            ),
        },
    )


def _line(target: Target, unit: str) -> dict[str, Any]:
    return {
        "period": target.period,
        "goal": presenting.goal(target.goal, unit),
        # The plan's file does not say when its targets were decided: its load is no decision.
        "on": target.decided_on or (None if target.from_file else target.decided_at.date()),
        "by": _("the plan’s file") if target.from_file else nobody(target.decided_by),
        "reason": target.reason or target.note,
        "in_force": target.replaced_at is None,
    }
