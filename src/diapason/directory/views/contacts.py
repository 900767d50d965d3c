"""People to reach: written down, changed and erased."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from diapason.directory import actions, queries
from diapason.directory.forms import ContactForm, contact_as_typed, new_contact
from diapason.directory.models import Contact, Organisation
from diapason.directory.views.organisations import found_or_404
from diapason.kernel.forms import key_of, refuse
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.ui.breadcrumb import crumbs


@requires("directory.edit_organisation")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a person to reach at an organisation."""
    place = found_or_404(pk)
    form = ContactForm(request.POST if request.method == "POST" else None, initial=new_contact())
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_contact(
                by=request.user,
                organisation=place,
                facts=form.facts(),
                request_key=key_of(request),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("This person can now be reached."))
            return redirect("directory:organisation", pk=pk)
    return _page(request, place, form, None)


@requires("directory.edit_organisation")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person to reach, and what they agree to show."""
    contact = _contact_or_404(pk)
    form = ContactForm(
        request.POST if request.method == "POST" else None, initial=contact_as_typed(contact)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_contact(by=request.user, contact=contact, facts=form.facts())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:organisation", pk=contact.organisation_id)
    return _page(request, contact.organisation, form, contact)


@requires("directory.edit_organisation")
@require_POST
def contact_erase(request: HttpRequest, pk: int) -> HttpResponse:
    contact = _contact_or_404(pk)
    actions.erase_contact(by=request.user, contact=contact)
    messages.success(request, _("This person is erased."))
    return redirect("directory:organisation", pk=contact.organisation_id)


def _contact_or_404(pk: int) -> Contact:
    found = queries.contact(pk)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, place: Organisation, form: ContactForm, contact: Contact | None
) -> HttpResponse:
    heading = _("Change a person to reach") if contact is not None else _("Add a person to reach")
    back = reverse("directory:organisation", args=[place.pk])
    return render(
        request,
        "directory/contact_form.html",
        {
            "form": form,
            "contact": contact,
            "place": place,
            "heading": heading,
            "back": back,
            "breadcrumb": crumbs(
                (_("Organisations"), reverse("directory:organisations")),
                (str(place), back),
                (heading, ""),
            ),
        },
    )
