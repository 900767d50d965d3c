"""Giving a figure: choose the indicator, then say the figure; mending or correcting one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from diapason.directory.api import Role, people_holding
from diapason.kernel import drafts
from diapason.kernel.clock import today
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.plan import actions
from diapason.plan.contracts import ReadingState
from diapason.plan.forms.declaring import DeclarationForm
from diapason.plan.models import Indicator, Plan, Reading
from diapason.plan.queries import figures, presenting
from diapason.plan.queries.desk import readings as desk
from diapason.plan.queries.evidence import source
from diapason.plan.views.workspace.pages import crumbs, key_of, plan_or_404, refuse, sent

APPROVERS_NAMED = 3


@requires("plan.declare_reading")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Give a figure: without an indicator in the address, choose it first."""
    plan = plan_or_404()
    code = request.GET.get("indicator", "")
    if not code:
        return _choose(request, plan)
    indicator = desk.indicator(plan, code)
    if indicator is None:
        raise Http404
    draft = drafts.of(request, f"plan.reading:{code}")
    form = DeclarationForm(
        *sent(request),
        indicator=indicator,
        user=request.user,
        initial=None if request.method == "POST" else typed(draft),
    )
    if request.method == "POST":
        made = _sent(request, form, indicator)
        if made is not None:
            draft.discard()
            messages.success(request, who_approves(request.user))
            return redirect("plan:reading", pk=made.pk)
    return render(
        request,
        "plan/workspace/reading_form.html",
        {
            **_around(plan, indicator),
            "form": form,
            "draft": draft,
            "heading": _("Give the figure of “%(indicator)s”") % {"indicator": indicator.title},
            "breadcrumb": crumbs(
                (_("Figures"), reverse("plan:readings")),
                (_("Give a figure"), reverse("plan:reading_new")),
                (str(indicator.title), ""),
            ),
        },
    )


@requires("plan.declare_reading")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a figure that was returned, or correct one that was approved."""
    plan = plan_or_404()
    reading = desk.one(request.user, pk)
    if reading is None or reading.indicator.action.plan_id != plan.pk:
        raise Http404
    own_to_mend = reading.state == ReadingState.RETURNED and reading.declared_by == request.user
    if request.method != "POST" and not own_to_mend and reading.state != ReadingState.APPROVED:
        return redirect("plan:reading", pk=pk)
    form = DeclarationForm(
        *sent(request),
        indicator=reading.indicator,
        user=request.user,
    )
    draft = drafts.of(request, f"plan.reading-mend:{pk}")
    form.start_from(reading)
    form.initial |= typed(draft)
    if request.method == "POST":
        made = _sent(request, form, reading.indicator, reading)
        if made is not None:
            draft.discard()
            messages.success(request, who_approves(request.user))
            return redirect("plan:reading", pk=made.pk)
    returned = reading.state == ReadingState.RETURNED
    return render(
        request,
        "plan/workspace/reading_form.html",
        {
            **_around(plan, reading.indicator),
            "form": form,
            "draft": draft,
            "returned": reading.return_reason if returned else "",
            "heading": _("Mend the figure of “%(indicator)s”")
            % {"indicator": reading.indicator.title}
            if returned
            else _("Correct the figure of “%(indicator)s”")
            % {"indicator": reading.indicator.title},
            "correcting": not returned,
            "breadcrumb": crumbs(
                (_("Figures"), reverse("plan:readings")),
                (str(reading.indicator.title), reverse("plan:reading", args=[pk])),
                (_("Mend") if returned else _("Correct"), ""),
            ),
        },
    )


def typed(draft: drafts.FormDraft) -> dict[str, Any]:
    """What was typed before, but for the key of a form that may have been sent meanwhile."""
    found = draft.initial(DeclarationForm)
    found.pop("request_key", None)
    return found


def _sent(
    request: HttpRequest, form: DeclarationForm, indicator: Indicator, before: Reading | None = None
) -> Reading | None:
    """The reading that the form made; None where it was refused, with nothing typed lost."""
    if form.is_valid():
        try:
            return _declare(request, form, indicator, before)
        except Refusal as refusal:
            refuse(form, refusal)
    form.keep_document()
    return None


def _declare(
    request: HttpRequest, form: DeclarationForm, indicator: Indicator, before: Reading | None
) -> Reading:
    value, document, key = form.declared(), form.attached(), key_of(request)
    if before is None:
        return actions.declare_reading(
            by=request.user,
            indicator=indicator,
            value=value,
            document=document,
            request_key=key,
        )
    if before.state == ReadingState.RETURNED:
        return actions.resubmit_reading(
            by=request.user, reading=before, value=value, document=document
        )
    return actions.correct_reading(
        by=request.user, reading=before, value=value, document=document, request_key=key
    )


def who_approves(user: Any) -> str:
    """Says who will look at the figure that was just sent."""
    names = [
        person.name
        for person in people_holding(Role.PROGRAMME_MANAGER, Role.OPERATOR)
        if person.id != user.pk
    ]
    if not names:
        return _(
            "Sent. Nobody else can approve it yet: ask the operator to name another programme "
            "manager."
        )
    shown, more = names[:APPROVERS_NAMED], len(names) - APPROVERS_NAMED
    told = ", ".join(shown)
    if more > 0:
        told = ngettext("%(names)s or %(count)s other", "%(names)s or %(count)s others", more) % {
            "names": told,
            "count": more,
        }
    elif len(shown) > 1:
        told = _("%(names)s or %(last)s") % {"names": ", ".join(shown[:-1]), "last": shown[-1]}
    return _("Sent. It counts once approved by %(people)s.") % {"people": told}


def _choose(request: HttpRequest, plan: Plan) -> HttpResponse:
    words = " ".join(request.GET.get("q", "").split())[:100]
    action = request.GET.get("action", "")
    groups = [
        choice.narrowed(words)
        for choice in desk.choices(plan)
        if not action or choice.code == action
    ]
    at = today()
    period = figures.reference_period(plan, at)
    known = {
        one.indicator: one for one in figures.figures(plan, at=at) if one.period.key == period.key
    }
    shown = [
        {
            "title": group.title,
            "indicators": [
                {
                    "title": indicator.title,
                    "url": f"{reverse('plan:reading_new')}?indicator={indicator.code}",
                    "computed": source(indicator, period).measure is not None,
                    "figure": presenting.of_goal(known[indicator.code])
                    if indicator.code in known and known[indicator.code].value is not None
                    else "",
                }
                for indicator in group.indicators
            ],
        }
        for group in groups
        if group.indicators
    ]
    return render(
        request,
        "plan/workspace/reading_choose.html",
        {
            "groups": shown,
            "words": words,
            "action": action,
            "period": period,
            "breadcrumb": crumbs(
                (_("Figures"), reverse("plan:readings")), (_("Give a figure"), "")
            ),
        },
    )


def _around(plan: Plan, indicator: Indicator) -> dict[str, Any]:
    """What a person reads beside the form: what is counted, and where the figure stands."""
    at = today()
    period = figures.reference_period(plan, at)
    now = figures.figure(indicator, plan, period, at=at)
    return {
        "indicator": indicator,
        "period": period,
        "value": presenting.amount(now.value, now.unit),
        "of": presenting.goal(now.goal, now.unit)
        if now.goal is not None and not now.goal.unknown
        else "",
        "verdict": presenting.verdict(now),
        "state": presenting.face(now),
        "counted_how": presenting.counted_how(indicator),
        "joins": presenting.joins(indicator),
    }
