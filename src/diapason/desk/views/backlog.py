"""Assigning the backlog: see who waits, see what would go where, strike out, confirm."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from diapason.desk import actions
from diapason.desk.contracts import Need, Stage
from diapason.desk.queries import backlog as queries
from diapason.kernel.clock import today
from diapason.kernel.forms import key_of
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.ui import charts, formats
from diapason.ui.breadcrumb import crumbs

_PAIR = re.compile(r"(\d{1,15}):(\d{1,15})", re.ASCII)


@requires("desk.follow_cases")
@require_http_methods(["GET", "HEAD", "POST"])
def backlog(request: HttpRequest) -> HttpResponse:
    """The projects that wait; `?plan=1` shows what assigning them would do, posting does it."""
    if request.method == "POST":
        return _confirm(request)
    if request.GET.get("plan"):
        found = queries.plan(request.user, today())
        return _planned(
            request,
            {
                "lines": found.lines,
                "left": [(case, _needs(case), why) for case, why in found.left],
                "lacking": found.lacking,
                "request_key": uuid.uuid4(),
            },
        )
    rows = queries.waiting(request.user)
    shown = list(rows[: queries.MOST])
    return render(
        request,
        "desk/workspace/backlog.html",
        {
            "waiting": [(case, Stage(case.stage).label, _needs(case)) for case in shown],
            "total": rows.count() if len(shown) == queries.MOST else len(shown),
            "most": queries.MOST,
            "breadcrumb": _crumbs(),
        },
    )


def _confirm(request: HttpRequest) -> HttpResponse:
    seen, kept = _pairs(request, "seen"), _pairs(request, "line")
    try:
        actions.assign(by=request.user, pairs=kept, request_key=key_of(request))
    except PermissionDenied as denied:
        raise Http404 from denied
    except Refusal as refusal:
        faults = refusal.faults if isinstance(refusal, actions.Outdated) else {}
        lines = queries.lines_of(request.user, today(), [*seen, *kept], set(kept))
        marked = [
            replace(line, fault=faults.get((line.case.pk, line.offer.pk), "")) for line in lines
        ]
        context = {"lines": marked, "refusal": refusal, "request_key": key_of(request)}
        return _planned(request, context)
    messages.success(
        request,
        ngettext(
            "%(count)s project is proposed to a structure, which answers within a week.",
            "%(count)s projects are proposed to structures, which answer within a week.",
            len(kept),
        )
        % {"count": len(kept)},
    )
    return redirect("desk:backlog")


def _planned(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    steps = crumbs(
        (_("Cases"), reverse("desk:cases")),
        (_("Backlog"), reverse("desk:backlog")),
        (_("Assignment"), ""),
    )
    return render(
        request,
        "desk/workspace/assignment.html",
        {"houses": _houses(context["lines"])} | context | {"breadcrumb": steps},
    )


def _houses(lines: Sequence[Any]) -> list[charts.Strip]:
    """How many projects each structure would get; who gets most comes first."""
    given = Counter(str(line.offer.structure) for line in lines)
    told = sorted(given.items(), key=lambda one: (-one[1], one[0].casefold()))
    return charts.bars(
        [charts.Part(name, count, formats.number(count), "unknown") for name, count in told]
    )


def _crumbs() -> list[dict[str, Any]]:
    return crumbs((_("Cases"), reverse("desk:cases")), (_("Backlog"), ""))


def _needs(case: Any) -> str:
    return ", ".join(str(Need(each).label) for each in case.needs)


def _pairs(request: HttpRequest, name: str) -> list[tuple[int, int]]:
    """The lines that were sent, each once; what is no line is left aside."""
    found = (_PAIR.fullmatch(written) for written in request.POST.getlist(name))
    return list(dict.fromkeys((int(one[1]), int(one[2])) for one in found if one))
