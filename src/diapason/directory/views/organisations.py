"""Organisations in the workspace: the list, one with everything about it, writing it down."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from diapason.directory import actions, queries
from diapason.directory.forms import OrganisationFilter, OrganisationForm, VerifyForm, as_typed
from diapason.directory.models import Organisation
from diapason.directory.models.identifiers import grouped
from diapason.kernel import audit, drafts
from diapason.kernel.forms import key_of, refuse
from diapason.kernel.pages import kept_while_unchanged
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.kernel.registries import panels_of
from diapason.kernel.spreadsheets import Kind
from diapason.kernel.tables import Column, Listing, in_language, leads_to
from diapason.ui import formats
from diapason.ui.breadcrumb import crumbs

NUMBER_STATES = {"verified": "good", "unverified": "waiting", "none": "plain"}


def number_state(organisation: Organisation) -> str:
    if organisation.is_verified:
        return "verified"
    return "unverified" if organisation.siren else "none"


def number_in_words(organisation: Organisation) -> str:
    return {
        "verified": _("Verified"),
        "unverified": _("Not verified"),
        "none": _("No number"),
    }[number_state(organisation)]


COLUMNS = (
    Column(
        key="name",
        heading=_lazy("Organisation"),
        value=str,
        sort=in_language("name"),
        link=leads_to("directory:organisation"),
    ),
    Column(key="kind", heading=_lazy("Kind"), value=lambda one: str(one.kind_label), sort="kind"),
    Column(key="commune", heading=_lazy("Commune"), value="commune.name", sort="commune__name"),
    Column(
        key="sector",
        heading=_lazy("Activity"),
        value=lambda one: one.sector,
        sort=in_language("activity__label"),
    ),
    Column(
        key="number",
        heading=_lazy("Number"),
        kind=Kind.STATUS,
        value=number_in_words,
        tone=lambda one: NUMBER_STATES[number_state(one)],
    ),
    Column(key="siren", heading=_lazy("SIREN"), on_page=False),
    Column(key="siret", heading=_lazy("SIRET"), on_page=False),
    Column(
        key="activity",
        heading=_lazy("Activity code (NAF, revision 2)"),
        value="activity.code",
        on_page=False,
    ),
    Column(
        key="new_activity",
        heading=_lazy("Activity code (NAF 2025)"),
        value="new_activity.code",
        on_page=False,
    ),
    Column(key="address", heading=_lazy("Address"), on_page=False),
    Column(key="postcode", heading=_lazy("Postcode"), on_page=False),
    Column(key="phone", heading=_lazy("Phone"), on_page=False),
    Column(key="email", heading=_lazy("E-mail address"), on_page=False),
    Column(key="url", heading=_lazy("Website"), on_page=False),
    Column(key="checked_on", heading=_lazy("Last checked on"), kind=Kind.DATE, sort="checked_on"),
)


@requires("directory.see_organisation")
@require_safe
@kept_while_unchanged(lambda: queries.TABLES, reader=queries.powers, named_by=None)
def organisations(request: HttpRequest) -> HttpResponseBase:
    """Every organisation but merged duplicates."""
    listing = Listing(
        request,
        queries.organisations(),
        COLUMNS,
        name=_("organisations"),
        filters=OrganisationFilter,
        default_sort="name",
    )
    return listing.respond("directory/organisations.html")


def found_or_404(pk: int) -> Organisation:
    found = queries.organisation(pk)
    if found is None:
        raise Http404
    return found


@requires("directory.see_organisation")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one organisation; posting verifies its number."""
    found = found_or_404(pk)
    if found.merged_into_id is not None and request.method != "POST":
        messages.info(request, _("%(name)s was merged into this organisation.") % {"name": found})
        return redirect("directory:organisation", pk=queries.survivors([pk])[pk])
    form = VerifyForm(
        request.POST if request.method == "POST" else None, initial={"version": found.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.verify_number(by=request.user, organisation=found, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The number is verified."))
            return redirect("directory:organisation", pk=pk)
    return render(request, "directory/organisation.html", _shown(request, found, form))


def _shown(request: HttpRequest, found: Organisation, form: VerifyForm) -> dict[str, Any]:
    family = queries.family(found)
    entry = queries.register_entry(found)
    return {
        "organisation": found,
        "facts": facts_of(found),
        "register": entry,
        "number_state": NUMBER_STATES[number_state(found)],
        "number_words": number_in_words(found),
        "form": form,
        "group": [
            (one, reverse("directory:organisation", args=[one.pk]))
            for one in queries.same_undertaking(found)
        ],
        "merged": family[1:],
        "people": queries.people_at(family),
        "contacts": queries.contacts_at(family),
        "panels": [
            (panel.title, render_to_string(panel.template, context, request))
            for one in family
            for panel, context in panels_of(one, request.user)
        ],
        "history": audit.history(found)[::-1],
        "breadcrumb": _crumbs((str(found), "")),
    }


def _crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    return crumbs((_("Organisations"), reverse("directory:organisations")), *steps)


def facts_of(found: Organisation) -> list[dict[str, Any]]:
    """What is known of it, what is not left out."""
    place = " ".join(filter(None, [found.postcode, found.commune.name if found.commune else ""]))
    told = [
        (_("Kind"), found.kind_label, ""),
        (_("Activity"), found.activity, ""),
        (_("Activity in the new list"), found.new_activity, ""),
        (_("SIREN"), grouped(found.siren), ""),
        (_("SIRET"), grouped(found.siret), ""),
        (_("Address"), ", ".join(filter(None, [found.address, place])), ""),
        (_("Phone"), found.phone, ""),
        (_("E-mail address"), found.email, f"mailto:{found.email}"),
        (_("Website"), found.url, found.url),
        (_("Last checked on"), found.checked_on and formats.date_long(found.checked_on), ""),
    ]
    return [{"label": label, "value": value, "url": url} for label, value, url in told if value]


@requires("directory.edit_organisation")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Write down an organisation."""
    draft = drafts.of(request, "directory.organisation-new")
    typed = draft.initial(OrganisationForm)
    for machine in ("version", "request_key"):
        typed.pop(machine, None)
    form = OrganisationForm(request.POST if request.method == "POST" else None, initial=typed)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_organisation(
                by=request.user,
                facts=form.facts(),
                request_key=key_of(request),
            )
        except Refusal as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            draft.discard()
            messages.success(request, _("%(name)s is in the directory.") % {"name": made})
            if queries.duplicates_of(made):
                return redirect("directory:duplicates", pk=made.pk)
            return redirect("directory:organisation", pk=made.pk)
    context = {
        "form": form,
        "draft": draft,
        "heading": _("Add an organisation"),
        "breadcrumb": _crumbs((_("Add an organisation"), "")),
    }
    return render(request, "directory/organisation_form.html", context)


@requires("directory.edit_organisation")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of an organisation."""
    found = found_or_404(pk)
    draft = drafts.of(request, f"directory.organisation:{pk}")
    form = OrganisationForm(
        request.POST if request.method == "POST" else None,
        organisation=found,
        initial=draft.initial(OrganisationForm, as_typed(found)),
    )
    conflict: list[audit.AuditEntry] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_organisation(
                by=request.user,
                organisation=found,
                version=form.cleaned_data["version"] or 0,
                facts=form.facts(),
            )
        except actions.EditConflict as clash:
            conflict = clash.entries
            form.see(clash.current.version)
            form.refuse("", str(clash))
        except Refusal as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            draft.discard()
            messages.success(request, _("Saved."))
            return redirect("directory:organisation", pk=pk)
    context = {
        "form": form,
        "draft": draft,
        "conflict": conflict,
        "heading": _("Change %(name)s") % {"name": found},
        "back": reverse("directory:organisation", args=[pk]),
        "breadcrumb": _crumbs(
            (str(found), reverse("directory:organisation", args=[pk])), (_("Change"), "")
        ),
    }
    return render(request, "directory/organisation_form.html", context)
