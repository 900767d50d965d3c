"""The public directory: who is there, with what each chose to show."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from diapason.directory import queries
from diapason.directory.contracts import PublishedField
from diapason.directory.forms import PublicFilter
from diapason.directory.views.organisations import facts_of
from diapason.kernel.pages import kept_while_unchanged
from diapason.kernel.permissions import public
from diapason.kernel.tables import Column, Listing, in_language
from diapason.ui.breadcrumb import crumbs

COLUMNS = (
    Column(
        key="name",
        heading=_lazy("Organisation"),
        value=str,
        sort=in_language("name"),
        link=lambda one: reverse("directory:public", args=[one.code]),
    ),
    Column(key="kind", heading=_lazy("Kind"), value=lambda one: str(one.kind_label), sort="kind"),
    Column(key="commune", heading=_lazy("Commune"), value="commune.name", sort="commune__name"),
    Column(
        key="url",
        heading=_lazy("Website"),
        value=lambda one: one.url if PublishedField.URL in one.published else "",
        on_page=False,
    ),
)


@public
@require_safe
@kept_while_unchanged(lambda: queries.TABLES)
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every organisation of the public directory."""
    listing = Listing(
        request,
        queries.published_organisations(),
        COLUMNS,
        name=_("organisations"),
        filters=PublicFilter,
        default_sort="name",
    )
    return listing.respond("directory/public_list.html")


@public
@require_safe
@kept_while_unchanged(lambda: queries.TABLES)
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation, with the fields that it publishes."""
    found = queries.published_organisation(code)
    if found is None:
        raise Http404
    if found.code != code:
        return redirect("directory:public", code=found.code)
    shown = queries.as_published(found)
    return render(
        request,
        "directory/public_one.html",
        {
            "organisation": shown,
            "facts": facts_of(shown),
            "contacts": queries.public_contacts(queries.family(found)),
            "breadcrumb": crumbs(
                (_("Directory"), reverse("directory:public_list")), (str(shown), "")
            ),
        },
    )
