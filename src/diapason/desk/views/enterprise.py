"""Saying which enterprise a project is."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diapason.desk import actions
from diapason.desk.forms.enterprise import EnterpriseForm
from diapason.desk.queries import cases
from diapason.kernel.forms import refuse
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.ui.breadcrumb import crumbs


@requires("desk.follow_cases")
@require_http_methods(["GET", "HEAD", "POST"])
def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the enterprise that a project is; another structure's case is not found."""
    case = cases.case_of(request.user, pk)
    if case is None:
        raise Http404
    form = EnterpriseForm(
        request.POST if request.method == "POST" else None,
        initial={"organisation": case.organisation_id},
    )
    if form.is_bound and form.is_valid():
        try:
            actions.attach(
                by=request.user, case=case, organisation_id=form.cleaned_data["organisation"]
            )
        except PermissionDenied:
            form.add_error(None, _("Only those in charge of this case may do this."))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The enterprise of this project is known."))
            return redirect("desk:case", pk=pk)
    return render(
        request,
        "desk/workspace/form.html",
        {
            "form": form,
            "heading": _("Which enterprise is it?"),
            "lead": _("Once it is known, the yearly survey tells what became of it."),
            "act": _("Save"),
            "breadcrumb": crumbs(
                (_("Cases"), reverse("desk:cases")),
                (case.title, reverse("desk:case", args=[pk])),
                (_("Enterprise"), ""),
            ),
        },
    )
