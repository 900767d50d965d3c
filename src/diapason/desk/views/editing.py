"""Correcting what a case says, and who has it open."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from diapason.desk import actions
from diapason.desk.contracts import Need, Sector
from diapason.desk.forms import CorrectForm
from diapason.desk.queries import cases, presence
from diapason.kernel.forms import refuse
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.ui.breadcrumb import crumbs


@requires("desk.follow_cases")
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a case; where somebody wrote meanwhile, both versions stand side by side."""
    case = cases.case_of(request.user, pk)
    if case is None or case.closed_on is not None or not cases.leads(request.user, case):
        raise Http404
    form = CorrectForm(request.POST if request.method == "POST" else None, case=case)
    beside: list[tuple[object, str, str]] = []
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.correct_case(
                by=request.user,
                case=case,
                version=given["version"],
                title=given["title"],
                summary=given["summary"],
                needs=[Need(each) for each in given["needs"]],
                sector=Sector(given["sector"]),
                student=given["student"],
                commune_id=given["commune"] or None,
            )
        except actions.Changed as changed:
            beside = form.beside(changed.current)
            form.see(changed.current.version)
            refuse(form, changed)
        except Refusal as refusal:
            refuse(form, refusal)
        except PermissionDenied as denied:
            raise Http404 from denied
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:case", pk=pk)
    return render(
        request,
        "desk/workspace/correct.html",
        {
            "case": case,
            "form": form,
            "beside": beside,
            "breadcrumb": crumbs(
                (_("Cases"), reverse("desk:cases")),
                (case.title, reverse("desk:case", args=[pk])),
                (_("Correct"), ""),
            ),
        },
    )


@requires("desk.follow_cases")
@never_cache
@require_safe
def present(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of a case's page that says who else has it open, and whether it changed since."""
    case = cases.case_of(request.user, pk)
    if case is None:
        raise Http404
    if request.headers.get("HX-Request") != "true":
        # A part is no page: whoever comes by its address sees the whole.
        return redirect("desk:case", pk=pk)
    actions.be_present(by=request.user, case=case)
    seen = request.GET.get("version", "")
    told = presence.told_on(case, request.user, seen=seen)
    if request.GET.get("told") == told["told"]:
        # Nothing new: nothing is said again.
        return HttpResponse(status=204)
    return render(request, "desk/workspace/present.html", {"case": case, **told})
