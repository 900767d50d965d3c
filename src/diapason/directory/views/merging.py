"""Duplicates: proposed, merged, and taken apart again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from diapason.directory import actions, queries
from diapason.directory.views.organisations import found_or_404
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.ui.breadcrumb import crumbs


@requires("directory.edit_organisation")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def duplicates(request: HttpRequest, pk: int) -> HttpResponse:
    """What may be the same organisation; posting `duplicate` merges that one into this,
    or this into that one where `keep` says so."""
    kept = found_or_404(pk)
    if request.method == "POST":
        typed = request.POST.get("duplicate", "")
        other = queries.organisation(int(typed)) if typed.isdecimal() and len(typed) < 19 else None
        if other is None:
            messages.error(request, _("Choose which organisation is the same."))
            return redirect("directory:duplicates", pk=pk)
        stays, goes = (other, kept) if request.POST.get("keep") == "other" else (kept, other)
        try:
            actions.merge_organisations(by=request.user, kept=stays, duplicate=goes)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("directory:duplicates", pk=pk)
        messages.success(request, _("They are one now. You can take them apart again."))
        return redirect("directory:organisation", pk=stays.pk)
    if kept.merged_into_id is not None:
        return redirect("directory:duplicates", pk=queries.survivors([pk])[pk])
    return render(
        request,
        "directory/duplicates.html",
        {
            "organisation": kept,
            "likely": queries.duplicates_of(kept),
            "back": reverse("directory:organisation", args=[pk]),
            "breadcrumb": crumbs(
                (_("Organisations"), reverse("directory:organisations")),
                (str(kept), reverse("directory:organisation", args=[pk])),
                (_("Duplicates"), ""),
            ),
        },
    )


@requires("directory.edit_organisation")
@require_POST
def unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merged organisation apart again."""
    found = queries.organisation(pk)
    if found is None:
        raise Http404
    try:
        actions.unmerge_organisation(by=request.user, duplicate=found)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("They are two again."))
    return redirect("directory:organisation", pk=pk)
